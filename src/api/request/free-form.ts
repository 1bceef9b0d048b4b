import { registerDecorator } from 'class-validator';
import { isOneLine } from './one-line.js';

export type FreeFormLimits = Readonly<{ maxEntries: number; maxKeyLength: number; maxValueLength: number }>;

const defaults: FreeFormLimits = { maxEntries: 50, maxKeyLength: 64, maxValueLength: 1_024 };

/**
 * A map from names of the caller's choice to strings. `constructor`, `toString` and the like are names as any other.
 */
export function FreeForm(limits: Partial<FreeFormLimits> = {}): PropertyDecorator {
  const { maxEntries, maxKeyLength, maxValueLength } = { ...defaults, ...limits };
  const fits = (value: unknown): boolean =>
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.keys(value).length <= maxEntries &&
    Object.entries(value).every(
      // `$` begins what the codec writes itself.
      ([key, text]) =>
        !key.startsWith('$') &&
        key.length <= maxKeyLength &&
        isOneLine(key) &&
        typeof text === 'string' &&
        text.length <= maxValueLength &&
        isOneLine(text),
    );

  return (target, property) => {
    registerDecorator({
      name: 'isFreeForm',
      target: target.constructor,
      propertyName: String(property),
      constraints: [maxEntries, maxKeyLength, maxValueLength],
      validator: {
        validate: fits,
        defaultMessage: () =>
          `must be an object of at most ${maxEntries} lines of at most ${maxValueLength} characters, without control characters and without marks that turn their direction, with names of at most ${maxKeyLength} that do not begin with $`,
      },
    });
  };
}
