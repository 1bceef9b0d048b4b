import { closeSync, fsyncSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import type { Written } from './stored-event.js';

/**
 * One append per line, synced before it is acknowledged, so that a killed server comes back with everything it
 * acknowledged and with no half of an append: a torn last line is cut off.
 */
export class DataFile {
  private readonly file: number;
  readonly restored: readonly Written[];

  constructor(path: string) {
    this.file = openSync(path, 'a+', 0o600);
    const text = readFileSync(path, 'utf8');
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    ftruncateSync(this.file, Buffer.byteLength(whole));
    this.restored = whole
      .split('\n')
      .filter((line) => line !== '')
      .flatMap((line) => (JSON.parse(line) as Line[]).map(fromLine));
  }

  append(events: readonly Written[]): void {
    writeSync(this.file, `${JSON.stringify(events.map(toLine))}\n`);
    fsyncSync(this.file);
  }

  close(): void {
    closeSync(this.file);
  }
}

type Line = Readonly<{
  id: string;
  type: string;
  json: boolean;
  data: string;
  metadata: string;
  stream: string;
  revision: string;
  position: string;
  created: number;
}>;

const toLine = (event: Written): Line => ({
  ...event,
  data: Buffer.from(event.data).toString('base64'),
  metadata: Buffer.from(event.metadata).toString('base64'),
  revision: String(event.revision),
  position: String(event.position),
});

const fromLine = (line: Line): Written => ({
  ...line,
  data: Buffer.from(line.data, 'base64'),
  metadata: Buffer.from(line.metadata, 'base64'),
  revision: BigInt(line.revision),
  position: BigInt(line.position),
});
