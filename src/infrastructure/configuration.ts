import { brokenRules, type Derived, derive } from './configuration/rules.js';
import {
  type Setting,
  type SettingName,
  settingNames,
  settings,
  type SettingValues,
} from './configuration/settings.js';
import { collect, type Environment, type Origin, type ReadFile } from './configuration/settings-sources.js';

/** The settings of the process, checked and complete. */
export type Configuration = Derived;

export type Loaded =
  | Readonly<{ configuration: Configuration; origins: Readonly<Partial<Record<SettingName, Origin>>> }>
  /** Everything that is wrong, so that one look at the message is enough. */
  | Readonly<{ problems: readonly string[] }>;

/**
 * The configuration from the environment, the file that `ANNAL_CONFIG` names, and the defaults. Pure but for `readFile`.
 * No problem quotes a value, since it may be a secret.
 */
export function loadConfiguration(environment: Environment, readFile: ReadFile): Loaded {
  const { said, problems: sourceProblems } = collect(environment, readFile);
  const problems = [...sourceProblems];
  const values: Partial<Record<SettingName, unknown>> = {};
  const origins: Partial<Record<SettingName, Origin>> = {};
  for (const name of settingNames) {
    const { variable, type }: Setting<unknown> = settings[name];
    const given = said.get(name);
    if (given === undefined) continue;
    const parsed = type.parse(given.text);
    if ('wrong' in parsed) problems.push(`${given.origin === 'file' ? name : variable} ${parsed.wrong}`);
    else values[name] = parsed.value;
    origins[name] = given.origin;
  }
  // Rules between settings only mean something once each setting does.
  if (problems.length > 0) return { problems };

  // Every row was parsed by its own type, or has no value because it needs none.
  const parsed = values as SettingValues;
  const configuration = derive(parsed);
  const broken = brokenRules(configuration, parsed);
  return broken.length > 0 ? { problems: broken } : { configuration, origins };
}
