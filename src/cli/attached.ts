import type { Container } from 'inversify';
import { compose } from '../composition-root.js';
import { foundationOf } from '../composition-root/foundation.js';
import { PinoLog } from '../infrastructure/pino-log.js';
import { configurationOfProcess } from '../main.js';
import { startGround } from '../composition-root/service.js';
import { listing } from './listing.js';
import { Undo } from '../composition-root/undo.js';

/** Beside a running service, or on its own where none runs: the log, the vault and the read models, without roles. */
export async function attached<T>(work: (container: Container) => Promise<T>): Promise<T> {
  const configuration = configurationOfProcess();
  // Results are on standard output, so the log keeps silent below errors.
  const log = new PinoLog('error', process.stderr);
  const undo = new Undo((error) => log.error('stop-failed', {}, error));
  const lost = (error: Error): never => {
    throw error;
  };
  try {
    const foundation = await foundationOf(configuration, log, lost, undo, 'beside');
    const container = compose(foundation);
    await startGround(container, undo);
    return await work(container);
  } finally {
    await undo.all();
  }
}

export const print = (line: string): void => void process.stdout.write(`${line}\n`);
/** A table with these columns on a terminal, NDJSON with everything elsewhere. */
export const printAll = (rows: readonly object[], columns: readonly string[]): void =>
  listing(rows as readonly Readonly<Record<string, unknown>>[], columns, process.stdout.isTTY).forEach(print);
export const progress = (text: string): void => void process.stderr.write(text);
