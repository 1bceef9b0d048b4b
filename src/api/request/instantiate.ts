import { defaultMetadataStorage } from 'class-transformer/cjs/storage.js';
import { fieldsOfClass } from './class-fields.js';
import type { Class } from '../answer/responses.js';

/** What a member that is null stands for: itself, where it means removal (RFC 7396), or nothing. */
export type Nulls = 'removal' | 'absent';

/**
 * An instance of `type` with what `given` has of its declared fields. `@Type` and `@Transform` mean what they mean to class-transformer,
 * whose own copying cannot be used on hostile input: it asks values for their `constructor` and drops members of that name.
 */
export function instantiate<T extends object>(type: Class<T>, given: object, nulls: Nulls): T {
  const instance = new type() as Record<string, unknown>;
  for (const field of fieldsOfClass(type)) {
    const values = given as Record<string, unknown>;
    if (!Object.hasOwn(given, field) || (nulls === 'absent' && values[field] === null)) continue;
    instance[field] = fieldOf(type, field, values, nulls);
  }
  return instance as T;
}

function fieldOf(type: Class, field: string, given: Record<string, unknown>, nulls: Nulls): unknown {
  const declared = defaultMetadataStorage.findTypeMetadata(type, field)?.typeFunction();
  let value = declared === undefined ? given[field] : convert(declared, given[field], nulls);
  for (const { transformFn } of defaultMetadataStorage.findTransformMetadatas(type, field, 0)) {
    value = transformFn({ value, key: field, obj: given, type: 0, options: {} });
  }
  return value;
}

/** Parameters and form fields arrive as text; what cannot be converted is left for the validators to refuse. */
const fromText = new Map<unknown, (text: string) => unknown>([
  [Number, (text) => (/^-?(0|[1-9][0-9]{0,15})(\.[0-9]{1,15})?$/.test(text) ? Number(text) : text)],
  [Boolean, (text) => (text === 'true' ? true : text === 'false' ? false : text)],
]);

function convert(declared: Class, value: unknown, nulls: Nulls): unknown {
  if (Array.isArray(value)) return value.map((item) => convert(declared, item, nulls));
  if (typeof value === 'string') return fromText.get(declared)?.(value) ?? value;
  if (typeof value !== 'object' || value === null || fieldsOfClass(declared).size === 0) return value;

  return instantiate(declared, value, nulls);
}
