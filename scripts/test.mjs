// Builds, then runs the compiled specs with mocha and ends with the line "<n> passed, <n> failed".
//   --full       also what takes minutes
//   --coverage   also which lines of src were run: a summary here, the pages in coverage/
//   <file>…      only these, as test/….spec.ts or dist/test/….spec.js; other arguments go to mocha
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sufficientNode } from '../bin/sufficient-node.mjs';

await sufficientNode();
process.chdir(fileURLToPath(new URL('..', import.meta.url)));

const own = ['--full', '--coverage'];
const [full, coverage] = own.map((option) => process.argv.includes(option));
const mochaArguments = process.argv
  .slice(2)
  .filter((argument) => !own.includes(argument))
  .map((argument) => argument.replace(/^(?:\.\/)?(test\/.+)\.tsx?$/, 'dist/$1.js'));
const named = mochaArguments.some((argument) => argument.endsWith('.js'));

const node = (environment, ...command) => {
  const flags = ['--enable-source-maps', '--disable-warning=ExperimentalWarning'];
  const env = { ...process.env, ...environment };

  return spawnSync(process.execPath, [...flags, ...command], { stdio: 'inherit', env }).status ?? 1;
};

console.log(`Node.js ${process.versions.node} on ${process.platform} ${process.arch}`);
const built = node({}, 'scripts/build.mjs');
if (built !== 0) process.exit(built);

if (coverage) rmSync('coverage', { recursive: true, force: true });
const environment = { ...(full && { ANNAL_TEST_FULL: '1' }), ...(coverage && { NODE_V8_COVERAGE: 'coverage/raw' }) };
// Not in .mocharc.json: mocha adds the specs named there to those on the command line.
const runs = [specs(environment, named ? [] : ['dist/test/**/*.spec.js'])];
if (full && !named) {
  console.log('\nThe whole service once more, with its log in EventStoreDB');
  const onEventStoreDb = { ...environment, ANNAL_TEST_FULL: undefined, ANNAL_TEST_EVENT_LOG: 'eventstoredb' };
  runs.push(specs(onEventStoreDb, ['dist/test/api/**/*.spec.js', 'dist/test/attacks/**/*.spec.js']));
}
if (coverage) node({}, 'node_modules/c8/bin/c8.js', 'report', '--config', 'scripts/test/coverage.json');

const passed = runs.reduce((sum, run) => sum + run.passed, 0);
const failed = runs.reduce((sum, run) => sum + run.failed, 0);
const well = runs.every((run) => run.well);
console.log(`${passed} passed, ${well ? 0 : Math.max(failed, 1)} failed`);
process.exit(well ? 0 : runs.find(({ status }) => status !== 0)?.status || 1);

function specs(variables, files) {
  const folder = mkdtempSync(join(tmpdir(), 'annal-tally-'));
  const file = join(folder, 'tally.json');
  const status = node(
    variables,
    'node_modules/mocha/bin/mocha.js',
    ...['--reporter', './scripts/test/tally.mjs', '--reporter-option', `file=${file}`],
    ...mochaArguments,
    ...files,
  );
  const run = tally(file);
  rmSync(folder, { recursive: true });
  if (!run.ended) console.log(`The run broke off with status ${status}.`);
  return { ...run, status, well: run.ended && run.passed > 0 && run.failed === 0 && status === 0 };
}

function tally(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return { passed: 0, failed: 0, ended: false };
  }
}
