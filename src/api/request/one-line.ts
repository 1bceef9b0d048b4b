import { registerDecorator } from 'class-validator';

/**
 * Controls, line and paragraph separators, and marks that override the direction of what follows (Unicode Standard Annex 9 section 2):
 * whoever writes them into a name writes into the lines beside it, of mails, lists and logs. Joiners and direction marks that names do
 * need stay.
 */
const unwanted = String.raw`\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069`;

const expression = new RegExp(`^[^${unwanted}]*$`, 'u');

/** As a schema says it. */
export const oneLinePattern = expression.source;

export const isOneLine = (text: string): boolean => expression.test(text);

/** For names and other text that people write and others are shown. */
export function OneLine(): PropertyDecorator {
  return (target, property) => {
    registerDecorator({
      name: 'isOneLine',
      target: target.constructor,
      propertyName: String(property),
      validator: {
        validate: (value: unknown) => typeof value === 'string' && isOneLine(value),
        defaultMessage: () => 'must be one line, without control characters and without marks that turn its direction',
      },
    });
  };
}
