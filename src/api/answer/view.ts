import { fieldsOfClass, nestedClass } from '../request/class-fields.js';
import type { Class } from './responses.js';

type View = (value: unknown) => unknown;

const views = new WeakMap<Class, View>();

/**
 * Takes over what `type` declares and nothing else, so that a row read for an answer cannot carry a column of its own into the open.
 * Nested classes are those that `@Type` names.
 */
export function viewOf(type: Class): View {
  const known = views.get(type);
  if (known !== undefined) return known;
  const fields = [...fieldsOfClass(type)];
  // A class that refers to itself finds its own view here.
  let inner: readonly (readonly [string, View | undefined])[] = [];
  const view = each((value) => pick(value, inner));
  views.set(type, view);
  inner = fields.map((field) => [field, nestedView(type, field)] as const);
  return view;
}

function nestedView(type: Class, field: string): View | undefined {
  const nested = nestedClass(type, field);
  return nested === undefined ? undefined : viewOf(nested);
}

const each =
  (view: (value: object) => unknown): View =>
  (value) => {
    if (Array.isArray(value))
      return value.map((item: unknown) => (typeof item === 'object' && item !== null ? view(item) : item));
    return typeof value === 'object' && value !== null ? view(value) : value;
  };

function pick(value: object, fields: readonly (readonly [string, View | undefined])[]): object {
  const picked: Record<string, unknown> = {};
  for (const [field, view] of fields) {
    const member: unknown = (value as Record<string, unknown>)[field];
    if (member !== undefined) picked[field] = view === undefined ? member : view(member);
  }
  return picked;
}
