import { cpSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { type Ended, projectFolder, runNode } from '../support/project-folder.js';

const passing = "it('passes', () => undefined);";
const failing = "it('fails', () => { throw new Error('as it should'); });";

describe('a run of the tests', function () {
  this.timeout(120_000);
  let folder: string;

  before('make a project', () => {
    folder = projectFolder({
      '.mocharc.json': ['{ "exit": true }'],
      'src/egg.ts': ['export const egg = 1;'],
      'test/sound.spec.ts': ["import '../src/egg.js';", passing, passing],
      'test/broken.spec.ts': [failing, passing],
      'test/quitting.spec.ts': [passing, "it('quits', () => process.exit(9));", passing],
      'test/content.spec.ts': [passing, "it('quits', () => process.exit(0));", passing],
      'test/empty.spec.ts': ['export {};'],
    });
    for (const name of ['bin', 'scripts']) cpSync(name, join(folder, name), { recursive: true });
  });

  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  const test = (...specs: readonly string[]): Ended => runNode(folder, 'scripts/test.mjs', ...specs);

  it('says which Node.js runs it, and ends with the counts', () => {
    const { status, lines } = test('test/sound.spec.ts');

    expect(lines[0]).to.match(/^Node\.js \d+\.\d+\.\d+ on \w+ \w+$/);
    expect(lines.at(-1)).to.equal('2 passed, 0 failed');
    expect(status).to.equal(0);
  });

  it('fails with a test, and counts it', () => {
    const { status, lines } = test('test/sound.spec.ts', 'dist/test/broken.spec.js');

    expect(lines.at(-1)).to.equal('3 passed, 1 failed');
    expect(status).to.equal(1);
  });

  it('fails when it breaks off', () => {
    const { status, lines } = test('test/quitting.spec.ts');

    expect(lines.slice(-2)).to.deep.equal(['The run broke off with status 9.', '1 passed, 1 failed']);
    expect(status).to.equal(9);
  });

  it('fails when it breaks off as if all were well', () => {
    const { status, lines } = test('test/content.spec.ts');

    expect(lines.slice(-2)).to.deep.equal(['The run broke off with status 0.', '1 passed, 1 failed']);
    expect(status).to.equal(1);
  });

  it('fails when there is nothing to run', () => {
    const { status, lines } = test('test/empty.spec.ts');

    expect(lines.at(-1)).to.equal('0 passed, 1 failed');
    expect(status).to.equal(1);
  });

  it('does not start when something does not compile', () => {
    const wrong = join(folder, 'src/wrong.ts');
    writeFileSync(wrong, 'export const egg: string = 1;');

    const { status, lines } = test('test/sound.spec.ts');

    rmSync(wrong);
    expect(lines.at(-1)).to.include('src/wrong.ts(1,14): error TS2322');
    expect(status).not.to.equal(0);
  });

  it('forgets what has lost its source', () => {
    const source = join(folder, 'test/gone.spec.ts');
    const compiled = ['dist/test/gone.spec.js', 'dist/test/gone.spec.js.map'].map((path) => join(folder, path));
    writeFileSync(source, failing);
    test('test/gone.spec.ts');
    expect(compiled.map((path) => existsSync(path))).to.deep.equal([true, true]);
    rmSync(source);

    test('test/sound.spec.ts');

    expect(compiled.map((path) => existsSync(path))).to.deep.equal([false, false]);
  });
});
