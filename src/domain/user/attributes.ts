import type { AttributeRule } from '../tenant/settings.js';

export type AttributeProblem = Readonly<{
  name: string;
  code: 'attribute-unknown' | 'attribute-required' | 'attribute-too-long' | 'attribute-value';
  message: string;
}>;

type Attributes = Readonly<Record<string, unknown>>;

/** What is wrong with a person's attributes by the tenant's schema; only declared ones may be kept. */
export function checkAttributes(rules: readonly AttributeRule[], attributes: Attributes): readonly AttributeProblem[] {
  const known = new Set(rules.map(({ name }) => name));
  const unknown = Object.keys(attributes)
    .filter((name) => !known.has(name))
    .map((name) => ({ name, code: 'attribute-unknown', message: 'This tenant has no such attribute.' }) as const);
  return [...unknown, ...rules.flatMap((rule) => ofRule(rule, attributes))];
}

function ofRule(
  { name, required, maxLength, values }: AttributeRule,
  attributes: Attributes,
): readonly AttributeProblem[] {
  const value = Object.hasOwn(attributes, name) ? attributes[name] : undefined;
  if (value === undefined || value === null)
    return required ? [{ name, code: 'attribute-required', message: 'This is needed here.' }] : [];
  const text = String(value);
  if (text.length > maxLength)
    return [{ name, code: 'attribute-too-long', message: `Use at most ${maxLength} characters.` }];
  if (values.length > 0 && !values.includes(text))
    return [{ name, code: 'attribute-value', message: `Choose one of ${listed(values)}.` }];
  return [];
}

/** A sentence names no more than a few. */
const listed = (values: readonly string[]): string =>
  values.length > 10 ? `${values.slice(0, 10).join(', ')} and ${values.length - 10} others` : values.join(', ');
