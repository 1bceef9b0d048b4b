import { closeSync, copyFileSync, existsSync, openSync, readFileSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';

const LARGEST = 8 * 1024 * 1024;

/** A line of a server that runs, by its level. Before that it writes lines of any form, and knows nobody's data. */
const LEVEL = /^\d{4}-\d\d-\d\d [^[]*\[\d+\] (?<level>[A-Z]+[0-9]?):/;
const PASSED_ON = ['LOG', 'FATAL', 'PANIC'];

/** What follows a message, as DETAIL, CONTEXT and STATEMENT, may hold what was in a row; so may the rest of a long message. */
const isPassedOn = (line: string): boolean =>
  !line.startsWith('\t') && PASSED_ON.includes(LEVEL.exec(line)?.groups?.['level'] ?? 'LOG');

/** What PostgreSQL writes to standard error: `postgres.log` in the data directory, at most twice 8 MiB on disk. */
export class ServerLog {
  private readonly file: string;
  private beginning = 0;

  constructor(dataDirectory: string) {
    this.file = join(dataDirectory, 'postgres.log');
  }

  /** Opens the file for a new server process, runs `use`, and closes our own descriptor. */
  handTo<Result>(use: (descriptor: number) => Result): Result {
    this.rotate();
    const descriptor = openSync(this.file, 'a', 0o600);
    try {
      this.beginning = statSync(this.file).size;

      return use(descriptor);
    } finally {
      closeSync(descriptor);
    }
  }

  /** Moves a log that has grown too large aside, if it can. The server keeps appending to the then empty file. */
  rotate(): void {
    try {
      if (!existsSync(this.file) || statSync(this.file).size <= LARGEST) return;
      copyFileSync(this.file, `${this.file}.1`);
      truncateSync(this.file);
      this.beginning = 0;
    } catch {
      // No room for a copy: the log can wait, the service must not fail for it.
    }
  }

  /** The last messages of the present server process, for an error message; empty when it said nothing. */
  tail(): string {
    const lines = this.text().trim().split('\n').filter(isPassedOn).slice(-12);

    return lines.join('') === ''
      ? ''
      : `\nIts last words (${this.file}):\n${lines.map((line) => `  ${line}`).join('\n')}`;
  }

  private text(): string {
    try {
      return readFileSync(this.file).subarray(this.beginning).toString('utf8');
    } catch {
      return '';
    }
  }
}
