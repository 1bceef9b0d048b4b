import type { Configuration } from '../configuration.js';
import { type Setting, type SettingName, settingNames, settings } from './settings.js';
import type { Origin } from './settings-sources.js';

/** The effective configuration, one line per setting: variable, value, where it was said. Secrets show only whether they are set. */
export function reportConfiguration(
  configuration: Configuration,
  origins: Readonly<Partial<Record<SettingName, Origin>>>,
): string {
  const rows = settingNames.map((name) => {
    const row: Setting<unknown> = settings[name];
    return [row.variable, shown(row, configuration[name]), origins[name] ?? 'derived'] as const;
  });
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column as 0 | 1].length)));
  return rows
    .map(
      ([variable, value, origin]) => `${variable.padEnd(widths[0] ?? 0)}  ${value.padEnd(widths[1] ?? 0)}  ${origin}`,
    )
    .join('\n');
}

function shown({ secret }: Setting<unknown>, value: unknown): string {
  if (value === undefined) return '(not set)';
  if (secret) return '(secret)';
  if (Array.isArray(value)) return value.length === 0 ? '(none)' : value.join(',');

  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** docs/configuration.md. */
export function configurationDocument(): string {
  const rows = settingNames.map((name) => {
    const { variable, type, fallback, secret, description }: Setting<unknown> = settings[name];
    const cells = [
      `\`${variable}\``,
      `\`${name}\``,
      type.label,
      fallback ? `\`${fallback}\`` : '',
      secret ? 'yes' : '',
      description,
    ];
    return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  });
  return `# Configuration

Generated from \`src/infrastructure/configuration/settings.ts\` by \`npm run docs\`.

Settings come from environment variables or from the JSON file that \`ANNAL_CONFIG\` names; a variable wins over the file. A secret can also
be read from the file that \`<variable>_FILE\` names. An unknown \`ANNAL_…\` variable or member of the file is an error. \`annal config\` prints
the effective values with their origin, without secrets.

| variable | in the file | type | default | secret | meaning |
|---|---|---|---|---|---|
${rows.join('\n')}
`;
}
