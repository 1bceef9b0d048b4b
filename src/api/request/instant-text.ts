import { registerDecorator } from 'class-validator';
import { Transform } from 'class-transformer';

/** RFC 3339, or a date alone for its beginning in UTC. Weeks, ordinal days and years of other eras are ISO 8601 too, and no database agrees on them. */
const form = /^[12]\d{3}-\d{2}-\d{2}(?:T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2}))?$/;

function instantOf(text: string): string | undefined {
  const milliseconds = form.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(milliseconds) ? undefined : new Date(milliseconds).toISOString();
}

const isInstant = (value: unknown): boolean => typeof value === 'string' && instantOf(value) !== undefined;

/** A moment as text, handed on in UTC with milliseconds. */
export function InstantText(): PropertyDecorator {
  return (target, property) => {
    Transform(({ value }) => (typeof value === 'string' ? (instantOf(value) ?? value) : (value as unknown)))(
      target,
      property,
    );
    registerDecorator({
      name: 'isInstant',
      target: target.constructor,
      propertyName: String(property),
      validator: {
        validate: isInstant,
        defaultMessage: () => 'must be a moment such as 2026-11-22T10:00:00Z, or a date',
      },
    });
  };
}
