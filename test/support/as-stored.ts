import { type KeyScope, Sealed } from '../../src/domain/values.js';

type Marker = { $sealed: readonly [KeyScope, string, { value?: unknown }] };

/** A value as it comes back from the log: written as JSON and read again, with sealed values that were opened anew. */
export const asStored = <T>(value: T): T =>
  value === undefined ? value : (opened(JSON.parse(JSON.stringify(closed(value)))) as T);

function closed(value: unknown): unknown {
  if (value instanceof Sealed) return { $sealed: [value.scope, value.key, { value: closed(value.value) }] };
  return members(value, closed);
}

function opened(value: unknown): unknown {
  if (!isMarker(value)) return members(value, opened);
  const [scope, key, content] = value.$sealed;
  return new Sealed(scope, key, opened(content.value));
}

function members(value: unknown, change: (member: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map(change);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, change(member)]));
}

const isMarker = (value: unknown): value is Marker => typeof value === 'object' && value !== null && '$sealed' in value;
