// Builds, then runs mocha on the compiled specs; arguments are passed on to mocha.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const run = (script, ...args) => {
  const { status } = spawnSync(process.execPath, ['--enable-source-maps', script, ...args], { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
};
const args = process.argv.slice(2);
const mochaArgs = args.filter((arg) => arg !== '--full' && arg !== '--coverage');
if (args.includes('--full')) process.env.ANNAL_TEST_FULL = '1';

run(require.resolve('typescript/bin/tsc'), '-p', 'tsconfig.json');
// Not in .mocharc.json: mocha adds the specs named there to those on the command line.
const named = mochaArgs.some((arg) => arg.endsWith('.js'));
run(require.resolve('mocha/bin/mocha.js'), ...mochaArgs, ...(named ? [] : ['dist/test/**/*.spec.js']));
