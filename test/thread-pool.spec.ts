import { spawnSync } from 'node:child_process';
import { expect } from 'chai';
import { hashesAtOnce, missingThreads } from '../src/thread-pool.js';

const module = new URL('../src/thread-pool.js', import.meta.url).href;

/** Starts as many hashes as `hashes` says in a process of its own, then reads a file; tells which ended first. */
const race = (hashes: string, environment: Record<string, string> = {}): string => {
  const program = `
    import { hashesAtOnce } from '${module}';
    import { readFile } from 'node:fs/promises';
    const { default: argon2 } = await import('argon2');
    const hash = () => argon2.hash('x', { memoryCost: 19456, timeCost: 40, parallelism: 1 }).then(() => 'hash');
    const all = Array.from({ length: ${hashes} }, hash);
    console.log(await Promise.race([...all, readFile('/dev/null').then(() => 'file')]));
    process.exit();`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    env: { PATH: process.env['PATH'] ?? '', ...environment },
    encoding: 'utf8',
  });

  return stdout.trim() || stderr;
};

describe('the thread pool', () => {
  it('keeps threads for files while every permitted hash runs (FI-20)', () => {
    expect(race('hashesAtOnce')).to.equal('file');
  });

  it('is not made smaller or too small by the environment', () => {
    expect(race('hashesAtOnce', { UV_THREADPOOL_SIZE: '1' })).to.equal('file');
    expect(race('12', { UV_THREADPOOL_SIZE: '16' })).to.equal('file');
  });

  it('says how many threads are missing', () => {
    const size = Number(process.env['UV_THREADPOOL_SIZE']);

    expect(missingThreads(hashesAtOnce)).to.equal(0);
    expect(missingThreads(size)).to.equal(4);
  });
});
