import { expect } from 'chai';
import { checkProject, type Files, withLines } from '../support/project-folder.js';

// Put together here, so that this file itself keeps to the rules.
const [only, skip, disable, ignore, todo, x, privateKey] = [
  'only',
  'skip',
  'disable',
  'ignore',
  'TO' + 'DO',
  'x',
  'PRIVATE KEY',
];
const machine = '/work';
const number = '#12';
const hatch = 'hatch';

const sound: Files = {
  'package-lock.json': ['{ "packages": { "node_modules/pg": { "version": "8.23.1" } } }'],
  'README.md': [`Open http://localhost:4000/work/in-progress, see issue ${number} of the library.`],
  'src/domain/egg.ts': Array.from({ length: 300 }, (_, index) => `export const egg${index} = '/api/v1/home/';`),
  'test/domain/egg.spec.ts': ["describe('egg', () => {", "  it('hatches', () => undefined);", '});'],
  'test/contracts/eggs.ts': ['export function eggContract() {', "  it('holds', () => undefined);", '}'],
};

/** What each rule forbids: the file, and what stands there. */
const planted: readonly (readonly [rule: string, path: string, line: string])[] = [
  ['spec-outside-test', 'src/domain/hen.spec.ts', `export const hen = 1;`],
  ['spec-outside-test', 'test/domain/hen.test.ts', `export const hen = 1;`],
  ['spec-outside-test', 'test/domain/hen-spec.ts', `export const hen = 1;`],
  ['name-in-kebab-case', 'src/domain/brownHen.ts', `export const hen = 1;`],
  ['name-in-kebab-case', 'src/Domain/hen.ts', `export const hen = 1;`],
  ['bag-of-helpers', 'src/domain/utils/hen.ts', `export const hen = 1;`],
  ['bag-of-helpers', 'src/api/helpers.ts', `export const hen = 1;`],
  ['machine-path', 'docs/start.md', `cd ${machine}/main && npm start`],
  ['machine-path', 'docker-compose.yml', `      - ${machine}/data:/data`],
  ['registry-host', 'package-lock.json', `"resolved": "https://registry.example/pg.tgz"`],
  ['registry-host', '.npmrc', `registry=http://10.0.0.1:4873/`],
  ['conflict-marker', 'docs/start.md', `${'<'.repeat(7)} HEAD`],
  ['left-for-later', 'src/domain/hen.ts', `// ${todo}: hatch`],
  ['check-switched-off', 'src/domain/hen.ts', `// eslint-${disable}-next-line`],
  ['check-switched-off', 'test/domain/egg.spec.ts', `// @ts-${ignore}`],
  ['issue-number', 'src/domain/hen.ts', `// see issue ${number}`],
  ['exclusive-or-skipped-test', 'test/domain/egg.spec.ts', `  it.${only}('hatches', () => undefined);`],
  ['exclusive-or-skipped-test', 'test/domain/egg.spec.ts', `  describe.${skip}('egg', () => undefined);`],
  ['exclusive-or-skipped-test', 'test/domain/egg.spec.ts', `    this.${skip}();`],
  ['exclusive-or-skipped-test', 'test/domain/egg.spec.ts', `  ${x}it('hatches', () => undefined);`],
  ['test-without-body', 'test/domain/egg.spec.ts', `  it('will ${hatch}');`],
  ['tests-not-in-a-spec', 'test/domain/nest.ts', `describe('nest', () => undefined);`],
  ['private-key', 'docs/tls.md', `-----BEGIN EC ${privateKey}-----`],
  ['too-long', 'src/domain/egg.ts', 'export const last = 1;'],
];

describe('what every file keeps to', function () {
  this.timeout(20_000);
  let found: ReturnType<typeof checkProject>;

  before('check a project with every violation at once', () => {
    found = checkProject(
      'files.mjs',
      withLines(
        sound,
        planted.map(([, path, line]) => [path, line]),
      ),
    );
  });

  for (const [rule, path, line] of planted) {
    it(`${rule} stops ${path}: ${line.trim()}`, () => {
      const reported = found.lines.filter((text) => text.startsWith(`${rule}: ${path}`));

      expect(reported, found.lines.join('\n')).not.to.deep.equal([]);
    });
  }

  it('a violation fails the check, and each is reported once', () => {
    expect(found.lines).to.have.length(planted.length);
    expect(found.status).to.equal(1);
  });

  it('sound files pass', () => {
    const { status, lines } = checkProject('files.mjs', sound);

    expect(lines).to.deep.equal([`${Object.keys(sound).length + 2} files`]);
    expect(status).to.equal(0);
  });

  it('a check that finds no source fails', () => {
    const { status, lines } = checkProject('files.mjs', {});

    expect(lines).to.deep.equal(['no-files: nothing was found under src']);
    expect(status).to.equal(1);
  });
});
