import { type Setting, type SettingName, settingNames, settings } from './settings.js';

/** Where a value was said. */
export type Origin = 'environment' | 'file' | 'default';
export type Said = Readonly<{ text: string; origin: Origin }>;
export type Environment = Readonly<Record<string, string | undefined>>;
/** @throws where there is no such file */
export type ReadFile = (path: string) => string;

/** Names the process does not read itself: where its file is, and what belongs to the specs. */
const otherVariables = /^ANNAL_(CONFIG$|TEST_)/;

/** What was said about each setting, and everything that is wrong with how it was said. Environment wins over file, file over default. */
export function collect(
  environment: Environment,
  readFile: ReadFile,
): Readonly<{ said: ReadonlyMap<SettingName, Said>; problems: readonly string[] }> {
  const problems: string[] = unknownVariables(environment);
  const file = fileValues(environment['ANNAL_CONFIG'], readFile, problems);
  const said = new Map<SettingName, Said>();
  for (const name of settingNames) {
    const row: Setting<unknown> = settings[name];
    const given = fromEnvironment(row, environment, readFile, problems);
    const inFile = file.get(name);
    if (given !== undefined) said.set(name, { text: given, origin: 'environment' });
    else if (inFile !== undefined) said.set(name, { text: inFile, origin: 'file' });
    else if (row.fallback !== undefined) said.set(name, { text: row.fallback, origin: 'default' });
  }
  return { said, problems };
}

function unknownVariables(environment: Environment): string[] {
  const rows: readonly Setting<unknown>[] = Object.values(settings);
  const known = new Set(rows.flatMap(({ variable, secret }) => (secret ? [variable, `${variable}_FILE`] : [variable])));
  return Object.keys(environment)
    .filter(
      (name) => name.startsWith('ANNAL_') && !otherVariables.test(name) && !(known as ReadonlySet<string>).has(name),
    )
    .sort()
    .map((name) => `${name} is not a setting`);
}

/** An empty variable counts as none: that is how compose files and manifests leave one out. */
const nonEmpty = (value: string | undefined): string | undefined => (value === '' ? undefined : value);

function fromEnvironment(
  { variable, secret }: Setting<unknown>,
  environment: Environment,
  readFile: ReadFile,
  problems: string[],
): string | undefined {
  const direct = nonEmpty(environment[variable]);
  const path = secret ? nonEmpty(environment[`${variable}_FILE`]) : undefined;
  if (path === undefined) return direct;
  if (direct !== undefined) problems.push(`${variable} and ${variable}_FILE cannot both be set`);
  try {
    return nonEmpty(readFile(path).trimEnd());
  } catch {
    problems.push(`${variable}_FILE names a file that cannot be read`);
    return direct;
  }
}

function fileValues(
  path: string | undefined,
  readFile: ReadFile,
  problems: string[],
): ReadonlyMap<SettingName, string> {
  const values = new Map<SettingName, string>();
  if (path === undefined || path === '') return values;
  const members = readMembers(path, readFile, problems);
  for (const [name, value] of Object.entries(members)) {
    const known = settingNames.find((candidate) => candidate === name);
    const text = textOf(value);
    if (known === undefined) problems.push(`${name} in the configuration file is not a setting`);
    else if (text === undefined)
      problems.push(`${name} in the configuration file must be text, a number or a list of texts`);
    else values.set(known, text);
  }
  return values;
}

function readMembers(path: string, readFile: ReadFile, problems: string[]): object {
  try {
    const parsed: unknown = JSON.parse(readFile(path));
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return parsed;
    problems.push('ANNAL_CONFIG must name a file with one JSON object');
  } catch (error) {
    // A parser's message would quote the file, which may hold secrets.
    const what = error instanceof SyntaxError ? 'is not JSON' : 'cannot be read';
    problems.push(`ANNAL_CONFIG names a file that ${what}`);
  }
  return {};
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  const isList = Array.isArray(value) && value.every((item) => typeof item === 'string');
  return isList ? value.join(',') : undefined;
}
