import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { problemsDocument } from './problems-document.js';
import { configurationDocument } from '../../src/infrastructure/configuration/report.js';

import { eventsDocument } from './events-document.js';

/** What stands in docs/ and comes from code, by its path from the root of the repository. */
const documents: Readonly<Record<string, () => string>> = {
  'docs/configuration.md': configurationDocument,
  'docs/events.md': eventsDocument,
  'docs/problems.md': problemsDocument,
};

function stored(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** The documents that are not what the code says. Run from the root of the repository. */
export const outdatedDocuments = (): readonly string[] =>
  Object.entries(documents)
    .filter(([path, content]) => stored(path) !== content())
    .map(([path]) => path);

/** Writes the documents that are not what the code says; returns their paths. */
export function generateDocuments(): readonly string[] {
  const outdated = outdatedDocuments();
  for (const path of outdated) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, (documents[path] as () => string)());
  }
  return outdated;
}

/** `npm run docs` writes; `npm run docs -- --check` only looks, and fails where something is outdated. */
if (process.argv[1] === import.meta.filename) {
  const isCheck = process.argv.includes('--check');
  const paths = isCheck ? outdatedDocuments() : generateDocuments();
  for (const path of paths) process.stdout.write(`${path} ${isCheck ? 'is outdated: npm run docs' : 'written'}\n`);
  process.exitCode = isCheck && paths.length > 0 ? 1 : 0;
}
