import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Erasure, ErasureLedger } from '../../application/ports/erasure-ledger.js';
import type { KeyScope } from '../../domain/values.js';
import { isCode, syncDirectory } from './durable-files.js';

const scopes: Readonly<Record<KeyScope, true>> = { person: true, credential: true, trace: true, tenant: true };
/** Closes a line that a crash cut off before anybody was told that it stands. */
const torn = '{"torn":true}';

/** The ledger as `<data>/erasure-ledger.ndjson`: one JSON object per line, appended and synced, never changed. */
export class FileErasureLedger extends ErasureLedger {
  readonly path: string;
  private waiting = '';
  private next: Promise<void> | undefined;
  private last: Promise<void> = Promise.resolve();

  constructor(dataFolder: string) {
    super();
    this.path = join(dataFolder, 'erasure-ledger.ndjson');
  }

  /** Records that arrive while others are written share the next write. */
  async record(erasures: readonly Erasure[]): Promise<void> {
    for (const { tenant, scope, id, at } of erasures) this.waiting += `${JSON.stringify({ tenant, scope, id, at })}\n`;
    this.next ??= this.afterLast();
    await this.next;
  }

  async *read(): AsyncIterable<Erasure> {
    let damaged = false;
    for await (const line of this.lines()) {
      const erasure = parse(line);
      if (damaged !== (line === torn)) throw new Error(`${this.path} is damaged`);
      damaged = erasure === undefined && !damaged;
      if (erasure !== undefined) yield erasure;
    }
    if (damaged) throw new Error(`${this.path} is damaged`);
  }

  private async afterLast(): Promise<void> {
    await this.last;
    const lines = this.waiting;
    this.waiting = '';
    const write = this.append(lines);
    this.last = write.catch(() => undefined);
    this.next = undefined;
    await write;
  }

  private async append(lines: string): Promise<void> {
    const file = await open(this.path, 'a+', 0o600);
    try {
      const { size } = await file.stat();
      await file.appendFile((await isCutOff(file, size)) ? `\n${torn}\n${lines}` : lines);
      await file.sync();
      if (size === 0) await syncDirectory(dirname(this.path));
    } finally {
      await file.close();
    }
  }

  /** Whole lines; what follows the last line end was never acknowledged. */
  private async *lines(): AsyncIterable<string> {
    let rest = '';
    try {
      for await (const chunk of createReadStream(this.path, 'utf8')) {
        const lines = `${rest}${String(chunk)}`.split('\n');
        rest = lines.pop() ?? '';
        yield* lines;
      }
    } catch (error) {
      if (!isCode(error, 'ENOENT')) throw error;
    }
  }
}

async function isCutOff(file: FileHandle, size: number): Promise<boolean> {
  if (size === 0) return false;
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer.toString() !== '\n';
}

function parse(line: string): Erasure | undefined {
  try {
    const { tenant, scope, id, at } = JSON.parse(line) as Partial<Erasure>;
    const isComplete = [tenant, scope, id, at].every((member) => typeof member === 'string');
    return isComplete && Object.hasOwn(scopes, String(scope)) ? ({ tenant, scope, id, at } as Erasure) : undefined;
  } catch {
    return undefined;
  }
}
