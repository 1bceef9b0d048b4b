import { getMetadataStorage, ValidationTypes } from 'class-validator';
import { escapePointer } from './json-text.js';
import type { FieldError } from '../problems/problem.js';
import type { Class } from '../answer/responses.js';

/** `list`: some decorator speaks of each value; `object`: it is validated as one nested object. */
type Shape = 'list' | 'object';

const shapes = new WeakMap<Class, ReadonlyMap<string, Shape>>();

function shapesOf(type: Class): ReadonlyMap<string, Shape> {
  const known = shapes.get(type);
  if (known !== undefined) return known;
  const found = new Map<string, Shape>();
  for (const { propertyName, each, type: kind } of getMetadataStorage().getTargetValidationMetadatas(
    type,
    '',
    true,
    false,
  )) {
    if (each) found.set(propertyName, 'list');
    else if (kind === ValidationTypes.NESTED_VALIDATION && !found.has(propertyName)) found.set(propertyName, 'object');
  }
  shapes.set(type, found);
  return found;
}

/**
 * Fields that are a list where one object is declared, or the other way round: the validators of class-validator take a single value for a
 * list of one and a list for an object, and a handler would not.
 */
export function misshapen(type: Class, given: object, prefix: string): readonly FieldError[] {
  const values = given as Record<string, unknown>;
  return [...shapesOf(type)].flatMap(([field, shape]): readonly FieldError[] => {
    const value = Object.hasOwn(values, field) ? values[field] : undefined;
    if (value === undefined || value === null || Array.isArray(value) === (shape === 'list')) return [];
    const pointer = prefix + escapePointer(field);
    return [
      {
        pointer,
        code: `is-${shape === 'list' ? 'array' : 'object'}`,
        message: `must be ${shape === 'list' ? 'a list' : 'an object'}`,
      },
    ];
  });
}
