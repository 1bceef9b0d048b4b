// What every file of a project folder (here by default) must keep to, one line per violation: names, sizes, and texts
// that belong in no file. Fails as well when it found no source.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const [folder = '.'] = process.argv.slice(2);

/** Not ours, or made here: what .gitignore names. */
const left = /^(dist|data|coverage|build)$|(^|\/)(\.git|node_modules)$/;

const binary = /\.(png|jpg|ico|woff2?|gz|zip|p12|der|mmdb)$/;
const source = /^src\/.*\.(ts|tsx|css)$/;
const code = /^(src|test|bin)\/.*\.(ts|tsx|mjs)$/;
const spec = /^test\/.*\.spec\.tsx?$/;

/** A longer file has more than one subject. */
const longest = 300;

/** What each name must not be. */
const names = [
  { rule: 'spec-outside-test', files: /[.-](spec|specs|test|tests)\.[cm]?[jt]sx?$/, but: spec },
  {
    rule: 'name-in-kebab-case',
    files: code,
    but: /^([a-z0-9]+(-[a-z0-9]+)*\/)+[a-z0-9]+(-[a-z0-9]+)*(\.[a-z]+)+$/,
  },
  { rule: 'bag-of-helpers', files: /(^|\/)(utils?|helpers?|common|misc|lib|shared)(\/|\.[jt]sx?$)/, but: /^$/ },
];

/** What no line of these files may say. */
const texts = [
  { rule: 'machine-path', files: /./, text: /(^|[\s'"`(=:])\/(work|home|Users|root)\/[\w.-]/ },
  {
    rule: 'registry-host',
    files: /^(package-lock\.json|\.npmrc)$/,
    text: /"resolved": "https?:|^\s*[^#]*registry\s*=/,
  },
  { rule: 'conflict-marker', files: /./, text: /^(<{7}|>{7}|\|{7}) / },
  { rule: 'left-for-later', files: code, text: /\b(TODO|FIXME|XXX)\b/ },
  {
    rule: 'check-switched-off',
    files: code,
    text: /(eslint-(dis|en)able|biome-ignore|prettier-ignore|@ts-(ignore|nocheck)|c8 ignore)\b/,
  },
  { rule: 'issue-number', files: code, text: /\b(issue|fixes|closes|ticket) #\d+/i },
  {
    rule: 'exclusive-or-skipped-test',
    files: spec,
    text: /\b(describe|it|context|specify)\.(only|skip)\b|\b(xit|xdescribe|xcontext|xspecify)\(|\bthis\.skip\(/,
  },
  { rule: 'test-without-body', files: spec, text: /^\s*it\((['"`]).*\1\);/ },
  {
    rule: 'tests-not-in-a-spec',
    files: /^test\/.*\.tsx?$/,
    but: spec,
    text: /^(describe|it|before|after|beforeEach|afterEach)\(/,
  },
  { rule: 'private-key', files: /^(?!test\/)/, text: /-----BEGIN [A-Z ]*PRIVATE KEY-----\s*$/ },
];

const paths = walk('').sort();
const problems = paths.flatMap((path) => [...ofName(path), ...(binary.test(path) ? [] : ofText(path))]);
if (!paths.some((path) => source.test(path))) problems.push('no-files: nothing was found under src');

for (const problem of problems) console.log(problem);
if (problems.length > 0) process.exitCode = 1;
else console.log(`${paths.length} files`);

function walk(within) {
  return readdirSync(join(folder, within), { withFileTypes: true }).flatMap((entry) => {
    const path = within === '' ? entry.name : `${within}/${entry.name}`;
    if (left.test(path)) return [];

    return entry.isDirectory() ? walk(path) : entry.isFile() ? [path] : [];
  });
}

function ofName(path) {
  return names.filter(({ files, but }) => files.test(path) && !but.test(path)).map(({ rule }) => `${rule}: ${path}`);
}

function ofText(path) {
  const lines = readFileSync(join(folder, path), 'utf8').replace(/\n$/, '').split('\n');
  const rules = texts.filter(({ files, but }) => files.test(path) && !but?.test(path));
  const found = lines.flatMap((line, index) =>
    rules
      .filter(({ text }) => text.test(line))
      .map(({ rule }) => `${rule}: ${path}:${index + 1}: ${line.trim().slice(0, 100)}`),
  );

  return source.test(path) && lines.length > longest ? [...found, `too-long: ${path}: ${lines.length} lines`] : found;
}
