import { defaultMetadataStorage } from 'class-transformer/cjs/storage.js';
import { getMetadataStorage } from 'class-validator';
import type { Class } from '../answer/responses.js';

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

/** The class that `@Type` names for a field, where it has fields of its own. */
export function nestedClass(type: Class, field: string): Class | undefined {
  const nested = defaultMetadataStorage.findTypeMetadata(type, field)?.typeFunction();
  return nested === undefined || fieldsOfClass(nested).size === 0 ? undefined : nested;
}
