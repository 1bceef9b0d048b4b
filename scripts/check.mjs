// Everything that can be said about the project without running it. Every step is shown with its time, and the
// problems of every step before the end.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { sufficientNode } from '../bin/sufficient-node.mjs';

await sufficientNode();
process.chdir(fileURLToPath(new URL('..', import.meta.url)));

// What a file says of the types of others is not in its own text, so a fresh machine does not trust a cache.
const cache = process.env.CI ? [] : ['--cache', '--cache-strategy=content', '--cache-location=dist/.eslintcache'];

const types = { name: 'types', command: ['scripts/build.mjs'] };
const lint = { name: 'lint', command: ['node_modules/eslint/bin/eslint.js', '--max-warnings=0', ...cache, '.'] };
const layers = { name: 'layers', command: ['scripts/check/layers.mjs'] };
const format = { name: 'format', command: ['node_modules/@biomejs/biome/bin/biome', 'format', '--reporter=summary'] };
const files = { name: 'files', command: ['scripts/check/files.mjs'] };
const documents = { name: 'documents', command: ['dist/test/support/generate-documents.js', '--check'] };

/** Two at a time; the documents are written by what the first step compiles. */
const lanes = [
  [types, documents, layers],
  [files, format, lint],
];

const started = performance.now();
const problems = [];
await Promise.all(
  lanes.map(async (lane) => {
    for (const step of lane) await take(step);
  }),
);
for (const { name, output } of problems) console.log(`\n── ${name}\n${output.trim()}`);
console.log(
  problems.length === 0
    ? `\nAll well, ${since(started)}`
    : `\n${problems.map(({ name }) => name).join(', ')}: see above, ${since(started)}`,
);
process.exit(problems.length === 0 ? 0 : 1);

async function take({ name, command }) {
  const begun = performance.now();
  const { status, output } = await run(command);
  console.log(`${status === 0 ? '✔' : '✘'} ${name.padEnd(10)} ${since(begun)}`);
  if (status !== 0) problems.push({ name, output });
  else if (/^warning: /m.test(output)) console.log(output.trim().replace(/^/gm, '  '));
}

/** Ends with the status and all that was printed. */
function run(command) {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ...command]);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));

  return new Promise((resolve) => child.on('close', (status) => resolve({ status, output })));
}

function since(instant) {
  return `${((performance.now() - instant) / 1000).toFixed(1)} s`;
}
