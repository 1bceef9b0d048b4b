import { catalogue } from '../../src/domain/catalogue.js';
import type { Message } from '../../src/domain/decider.js';
import { Sealed } from '../../src/domain/values.js';
import { exampleEvents } from './example-events.js';

const kinds: Readonly<Record<string, string>> = {
  person: 'sealed for the person',
  credential: 'sealed for the credential',
  trace: 'sealed for the month',
  tenant: 'sealed for the tenant',
};

const shapeOf = (value: unknown): string => {
  if (value instanceof Sealed) return kinds[value.scope] ?? 'sealed';
  if (Array.isArray(value)) return value.length === 0 ? '[]' : `[${shapeOf(value[0])}]`;
  if (typeof value !== 'object' || value === null) return typeof value;
  return `{ ${Object.entries(value)
    .map(([name, inner]) => `${name}: ${shapeOf(inner)}`)
    .join(', ')} }`;
};

function row(type: string, version: number, retention: string, example: Message): string {
  const fields = Object.entries(example)
    .filter(([name]) => name !== 'type')
    .map(([name, value]) => `\`${name}\`: ${shapeOf(value)}`);
  return `| \`${type}\` | ${version} | ${retention} | ${fields.join('<br>')} |`;
}

/** docs/events.md. */
export function eventsDocument(): string {
  const examples: Readonly<Record<string, Message>> = exampleEvents;
  const rows = Object.entries(catalogue).map(([type, { version, retention }]) =>
    row(type, version, retention, examples[type] as Message),
  );
  return [
    '# Events',
    '',
    'Every fact that Annal records, generated from the catalogue and the examples whose stored bytes are frozen in `test/fixtures/events/`.',
    'Beside its data every event has an envelope: id, schema version, stream, revision, position, tenant, actor, command, correlation,',
    'causation, occurred-at, recorded-at, subjects, retention class, policy revision, leaf hash.',
    '',
    '| type | version | kept | data |',
    '|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}
