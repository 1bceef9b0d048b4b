import { SealBroken } from '../../application/ports/vault.js';
import { type KeyScope, Sealed } from '../../domain/values.js';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

type Holder = unknown[] | Record<string, unknown>;

/** Where a sealed value stands: `path` is a JSON pointer (RFC 6901), bound into the value's associated data. */
type Place = Readonly<{ holder: Holder; key: string | number; path: string }>;
export type ClearPlace = Place & Readonly<{ value: Sealed<unknown> }>;
export type SealedPlace = Place & Readonly<{ scope: KeyScope; id: string; text: string }>;

const mark = '$sealed';
const deepest = 64;
const scopes: Readonly<Record<KeyScope, true>> = { person: true, credential: true, trace: true, tenant: true };

/** A value that cannot be recorded as JSON. The message names the place and never the value. */
export class NotStorable extends TypeError {
  constructor(path: string, what: string) {
    super(`${path === '' ? 'the root' : path} ${what}`);
    this.name = 'NotStorable';
  }
}

const needsEscape = /[~/]/;
const escaped = (key: string): string =>
  needsEscape.test(key) ? key.replaceAll('~', '~0').replaceAll('/', '~1') : key;
const pointer = (path: string, key: string | number): string =>
  `${path}/${typeof key === 'number' ? key : escaped(key)}`;

export function put({ holder, key }: Place, value: unknown): void {
  (holder as Record<string | number, unknown>)[key] = value;
}

/**
 * Copies `value` with a hole where every sealed value stood, and lists the holes. Undefined members are left out.
 * @throws NotStorable for anything that would not come back from JSON as it went in
 */
export function detach(value: object): { json: object; places: readonly ClearPlace[] } {
  const places: ClearPlace[] = [];
  const json = copyOf(value, '', places, 0) as object;
  return { json, places };
}

/** The JSON of what stands inside a sealed value. @throws NotStorable, also for a sealed value within a sealed value */
export function clearJson(value: unknown, path: string): string {
  const places: ClearPlace[] = [];
  const json = JSON.stringify(copyOf(value, path, places, 0));
  const inner = places[0];
  if (inner !== undefined) throw new NotStorable(inner.path, 'is sealed within a sealed value');
  return json;
}

export const marker = (scope: KeyScope, id: string, text: string): Json => ({ [mark]: `${scope}:${id}:${text}` });

/** Lists the sealed values of parsed JSON. @throws SealBroken for a malformed one */
export function locate(json: object): readonly SealedPlace[] {
  const places: SealedPlace[] = [];
  search(json as Holder, '', places);
  return places;
}

type Copy = (value: never, path: string, places: ClearPlace[], depth: number) => unknown;

const refuse =
  (what: string): Copy =>
  (_: never, path: string) => {
    throw new NotStorable(path, what);
  };
const same: Copy = (value: unknown) => value;

/** One row for everything that `typeof` can say. */
const copies = {
  string: same,
  boolean: same,
  number: copyNumber,
  object: copyObject,
  undefined: refuse('is undefined'),
  bigint: refuse('is a bigint'),
  symbol: refuse('is a symbol'),
  function: refuse('is a function'),
} satisfies Record<string, Copy>;

function copyOf(value: unknown, path: string, places: ClearPlace[], depth: number): unknown {
  if (depth > deepest) throw new NotStorable(path, 'is nested too deeply');
  return (copies[typeof value] as (...args: unknown[]) => unknown)(value, path, places, depth);
}

function copyNumber(value: number, path: string): number {
  if (!Number.isFinite(value)) throw new NotStorable(path, 'is not a finite number');
  return value;
}

function copyObject(value: object | null, path: string, places: ClearPlace[], depth: number): unknown {
  if (value === null) return null;
  if (value instanceof Sealed) throw new NotStorable(path, 'is sealed where no sealed value can stand');
  const holder: Holder = Array.isArray(value) ? new Array(value.length) : {};
  if (!Array.isArray(value) && !isPlain(value)) throw new NotStorable(path, 'is an instance of a class');
  for (const [key, member] of Array.isArray(value) ? value.entries() : Object.entries(value)) {
    if (member === undefined && !Array.isArray(value)) continue;
    if (isReserved(key)) throw new NotStorable(pointer(path, key), 'has a reserved name');
    const place = { holder, key, path: pointer(path, key) };
    const isSealed = member instanceof Sealed;
    if (isSealed) places.push({ ...place, value: member as ClearPlace['value'] });
    put(place, isSealed ? null : copyOf(member, place.path, places, depth + 1));
  }
  return holder;
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** `$` is ours; `__proto__` would not come back as it went. */
const isReserved = (key: string | number): boolean =>
  typeof key === 'string' && (key.startsWith('$') || key === '__proto__');

/** Written for speed: a replay looks through every stored event. */
function search(holder: Holder, path: string, places: SealedPlace[]): void {
  if (Array.isArray(holder)) {
    for (let index = 0; index < holder.length; index++) visit(holder, index, holder[index], path, places);
    return;
  }
  for (const key of Object.keys(holder)) visit(holder, key, holder[key], path, places);
}

function visit(holder: Holder, key: string | number, member: unknown, path: string, places: SealedPlace[]): void {
  if (typeof member !== 'object' || member === null) return;
  const here = pointer(path, key);
  const text = (member as Record<string, unknown>)[mark];
  if (text === undefined) return search(member as Holder, here, places);
  if (typeof text !== 'string' || Object.keys(member).length !== 1) throw new SealBroken(`${here} is malformed`);
  const first = text.indexOf(':');
  const last = text.lastIndexOf(':');
  const scope = text.slice(0, first);
  if (last === first || !Object.hasOwn(scopes, scope)) throw new SealBroken(`${here} is malformed`);
  places.push({
    holder,
    key,
    path: here,
    scope: scope as KeyScope,
    id: text.slice(first + 1, last),
    text: text.slice(last + 1),
  });
}
