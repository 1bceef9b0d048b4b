import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

/** Lines by path. */
export type Files = Readonly<Record<string, readonly string[]>>;

/** Exit status of a program, the lines that it printed, and what it complained of. */
export type Ended = Readonly<{ status: number | null; lines: readonly string[]; errors: string }>;

/** Runs one of scripts/check on a project with the given files. */
export function checkProject(script: string, files: Files): Ended {
  const folder = projectFolder(files);
  try {
    return runNode(folder, resolve('scripts/check', script), folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The same files with one line more in each that `planted` names. */
export function withLines(files: Files, planted: readonly (readonly [path: string, line: string])[]): Files {
  const lines = new Map(Object.entries(files));
  for (const [path, line] of planted) lines.set(path, [...(lines.get(path) ?? []), line]);

  return Object.fromEntries(lines);
}

/** Makes a folder with the given files and the packages of this project; to be removed by the caller. */
export function projectFolder(files: Files): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'annal-project-')));
  for (const name of ['package.json', 'tsconfig.json']) copyFileSync(name, join(folder, name));
  symlinkSync(realpathSync('node_modules'), join(folder, 'node_modules'), 'junction');
  for (const name of ['src', 'test']) mkdirSync(join(folder, name));
  for (const [path, lines] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), lines.join('\n'));
  }

  return folder;
}

/** Runs a script with this Node.js, in the folder. */
export function runNode(folder: string, ...command: readonly string[]): Ended {
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { cwd: folder, encoding: 'utf8' });

  return { status, lines: stdout.trim().split('\n'), errors: stderr };
}
