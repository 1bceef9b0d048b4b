import { plainToInstance } from 'class-transformer';
import { defaultMetadataStorage } from 'class-transformer/cjs/storage.js';
import { getMetadataStorage, type ValidationError, validateSync } from 'class-validator';
import { escapePointer } from './json-text.js';
import { type FieldError, Problem } from './problem.js';
import type { Class } from './responses.js';

/** `body`: pointers begin with `/`; `query`: with `?`. */
type Source = 'body' | 'query';

/** An answer names at most this many fields. */
const maxErrors = 50;

const fieldsOf = new WeakMap<Class, ReadonlySet<string>>();

/** The names that a class gives any validation decorator. */
export function fieldsOfClass(type: Class): ReadonlySet<string> {
  const known = fieldsOf.get(type);
  if (known !== undefined) return known;
  const metadata = getMetadataStorage().getTargetValidationMetadatas(type, '', true, false);
  const fields = new Set(metadata.map(({ propertyName }) => propertyName));
  fieldsOf.set(type, fields);
  return fields;
}

/**
 * A checked instance of `type`. `given` comes from a parser and is a plain value.
 * @throws Problem unknown-field, invalid-fields
 */
export function checked<T extends object>(type: Class<T>, given: unknown, source: Source): T {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw new Problem('invalid-fields', { errors: [{ pointer: '', code: 'is-object', message: 'must be an object' }] });
  }
  // The library's own check believes `hasOwnProperty` and `constructor` to be declared everywhere.
  const unknown = unknownFields(type, given, source === 'query' ? '?' : '/');
  if (unknown.length > 0) throw new Problem('unknown-field', { errors: unknown.slice(0, maxErrors) });

  const instance = plainToInstance(type, given);
  const errors = validateSync(instance, {
    forbidUnknownValues: false,
    stopAtFirstError: true,
    validationError: { target: false, value: false },
  });
  if (errors.length > 0) {
    const found = errors.flatMap((error) => flatten(error, source === 'query' ? '?' : '/'));
    throw new Problem('invalid-fields', { errors: found.slice(0, maxErrors) });
  }
  return instance;
}

function unknownFields(type: Class, given: object, prefix: string): readonly FieldError[] {
  const known = fieldsOfClass(type);
  return Object.entries(given).flatMap(([name, value]): readonly FieldError[] => {
    const pointer = prefix + escapePointer(name.slice(0, 128));
    if (!known.has(name)) return [{ pointer, code: 'unknown', message: 'is not a field of this operation' }];

    const nested = defaultMetadataStorage.findTypeMetadata(type, name)?.typeFunction();
    return nested === undefined || !hasFields(nested) ? [] : unknownInside(nested, value, pointer);
  });
}

const hasFields = (type: Class): boolean => fieldsOfClass(type).size > 0;

function unknownInside(type: Class, value: unknown, pointer: string): readonly FieldError[] {
  if (typeof value !== 'object' || value === null) return [];
  if (!Array.isArray(value)) return unknownFields(type, value, `${pointer}/`);

  return value.flatMap((item, index) => unknownInside(type, item, `${pointer}/${index}`));
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
