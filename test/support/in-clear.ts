import { Sealed } from '../../src/domain/values.js';

/** A value for reading and comparing, with sealed values in clear. */
export function inClear(value: unknown): unknown {
  if (value instanceof Sealed) return { sealed: value.scope, key: value.key, value: inClear(value.value) };
  if (Array.isArray(value)) return value.map(inClear);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, inClear(member)]));
}
