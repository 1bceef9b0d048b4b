import { type ValidationError, validateSync } from 'class-validator';
import { fieldsOfClass, nestedClass } from './class-fields.js';
import { instantiate } from './instantiate.js';
import { escapePointer } from './json-text.js';
import { type FieldError, Problem } from '../problems/problem.js';
import type { Class } from '../answer/responses.js';
import { allRight } from './right-fields.js';
import { misshapen } from './shapes.js';

/** `body`, `patch`: pointers begin with `/`; `query`: with `?`. Only in a patch `null` is a value. */
type Source = 'body' | 'patch' | 'query';

/** An answer names at most this many fields. */
const maxErrors = 50;

/**
 * A checked instance of `type`. `given` comes from a parser and is a plain value.
 * @throws Problem unknown-field, invalid-fields
 */
export function checked<T extends object>(type: Class<T>, given: unknown, source: Source): T {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw new Problem('invalid-fields', { errors: [{ pointer: '', code: 'is-object', message: 'must be an object' }] });
  }
  const prefix = source === 'query' ? '?' : '/';
  const found = inspect(type, given, prefix);
  if (found.unknown.length > 0) throw new Problem('unknown-field', { errors: found.unknown.slice(0, maxErrors) });
  if (found.misshapen.length > 0) throw new Problem('invalid-fields', { errors: found.misshapen.slice(0, maxErrors) });

  const instance = instantiate(type, given, source === 'patch' ? 'removal' : 'absent');
  if (allRight(type, instance)) return instance;

  const errors = validateSync(instance, {
    forbidUnknownValues: false,
    stopAtFirstError: true,
    validationError: { target: false, value: false },
  });
  if (errors.length > 0) {
    const fields = errors.flatMap((error) => flatten(error, prefix));
    throw new Problem('invalid-fields', { errors: fields.slice(0, maxErrors) });
  }
  return instance;
}

type Found = Readonly<{ unknown: readonly FieldError[]; misshapen: readonly FieldError[] }>;

/**
 * What the validators would let pass, at every level: the library's own check for unknown members believes `hasOwnProperty` and
 * `constructor` to be declared everywhere.
 */
function inspect(type: Class, given: object, prefix: string): Found {
  const known = fieldsOfClass(type);
  const members = Object.entries(given);
  const strangers = members.filter(([name]) => !known.has(name)).slice(0, maxErrors);
  const inner = members.map(([name, value]) => inspectMember(type, name, value, prefix + pointerTo(name)));
  return {
    unknown: [
      ...strangers.map(([name]) => unknownField(prefix + pointerTo(name))),
      ...inner.flatMap(({ unknown }) => unknown),
    ],
    misshapen: [...misshapen(type, given, prefix), ...inner.flatMap((found) => found.misshapen)],
  };
}

const nothing: Found = { unknown: [], misshapen: [] };
const pointerTo = (name: string): string => escapePointer(name.slice(0, 128));
const unknownField = (pointer: string): FieldError => ({
  pointer,
  code: 'unknown',
  message: 'is not a field of this operation',
});

function inspectMember(type: Class, name: string, value: unknown, pointer: string): Found {
  const nested = fieldsOfClass(type).has(name) ? nestedClass(type, name) : undefined;
  return nested === undefined ? nothing : inspectInside(nested, value, pointer);
}

function inspectInside(type: Class, value: unknown, pointer: string): Found {
  if (typeof value !== 'object' || value === null) return nothing;
  if (!Array.isArray(value)) return inspect(type, value, `${pointer}/`);

  const items = value.map((item, index) => inspectInside(type, item, `${pointer}/${index}`));
  return { unknown: items.flatMap(({ unknown }) => unknown), misshapen: items.flatMap((found) => found.misshapen) };
}

function flatten(error: ValidationError, prefix: string): readonly FieldError[] {
  const pointer = prefix + escapePointer(error.property);
  const own = Object.entries(error.constraints ?? {}).map(([constraint, message]) => ({
    pointer,
    code: kebab(constraint),
    message: message.startsWith(`${error.property} `) ? message.slice(error.property.length + 1) : message,
  }));
  return [...own, ...(error.children ?? []).flatMap((child) => flatten(child, `${pointer}/`))];
}

/** `isEmail` → `is-email`. */
const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
