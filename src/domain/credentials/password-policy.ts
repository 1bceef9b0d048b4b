import type { PasswordPolicy } from '../tenant/settings.js';
import { type Instant, secondsBetween } from '../values.js';

/** Why a password is refused; the numbers say what would do. Nothing here repeats the password or a personal word. */
export type PasswordViolation =
  | Readonly<{ code: 'password-not-text' }>
  | Readonly<{ code: 'password-too-short'; minLength: number }>
  | Readonly<{ code: 'password-too-long'; maxLength: number }>
  | Readonly<{ code: 'password-too-few-classes'; classes: number }>
  | Readonly<{ code: 'password-contains-context-word' }>
  | Readonly<{ code: 'password-blocked' }>
  | Readonly<{ code: 'password-too-weak'; minScore: number }>
  | Readonly<{ code: 'password-reused'; history: number }>;

/** What only the outside can tell: on the blocklist, zxcvbn's score, equal to one of the last `history` passwords. */
export type PasswordFacts = Readonly<{ blocked: boolean; score: number; reused: boolean }>;

/** Names and addresses of the person and the service. */
export type PasswordContext = Readonly<{ words: readonly string[] }>;

type Rule = (
  policy: PasswordPolicy,
  password: string,
  context: PasswordContext,
  facts: PasswordFacts,
) => PasswordViolation | undefined;

const lower = /\p{Ll}/u;
const upper = /[\p{Lu}\p{Lt}]/u;
const digit = /\p{Nd}/u;
const other = /[^\p{Ll}\p{Lu}\p{Lt}\p{Nd}]/u;

/** In the order in which they are reported. */
const rules: readonly Rule[] = [
  (_, password) => (/\p{Surrogate}/u.test(password) ? { code: 'password-not-text' } : undefined),
  ({ minLength }, password) => (length(password) < minLength ? { code: 'password-too-short', minLength } : undefined),
  ({ maxLength }, password) => (length(password) > maxLength ? { code: 'password-too-long', maxLength } : undefined),
  ({ classes }, password) =>
    classesOf(password) < classes ? { code: 'password-too-few-classes', classes } : undefined,
  ({ contextWords }, password, { words }) =>
    contextWords && containsAny(password, words) ? { code: 'password-contains-context-word' } : undefined,
  ({ blocklist }, _, __, { blocked }) => (blocklist && blocked ? { code: 'password-blocked' } : undefined),
  ({ minScore }, _, __, { score }) => (score < minScore ? { code: 'password-too-weak', minScore } : undefined),
  ({ history }, _, __, { reused }) => (history > 0 && reused ? { code: 'password-reused', history } : undefined),
];

/**
 * Every rule that the password breaks (NIST SP 800-63B-4 section 3.1.1.2). It is judged as it is hashed: in NFKC, each
 * code point counting one.
 */
export function checkPassword(
  policy: PasswordPolicy,
  password: string,
  context: PasswordContext,
  facts: PasswordFacts,
): readonly PasswordViolation[] {
  const normalised = password.normalize('NFKC');

  return rules.map((rule) => rule(policy, normalised, context, facts)).filter((violation) => violation !== undefined);
}

/** Whether the tenant asks for a new password because of its age. */
export const isPasswordTooOld = ({ maxAgeDays }: PasswordPolicy, setAt: Instant, at: Instant): boolean =>
  maxAgeDays > 0 && secondsBetween(setAt, at) > maxAgeDays * 86_400;

const length = (password: string): number => [...password].length;

const classesOf = (password: string): number =>
  [lower, upper, digit, other].filter((characters) => characters.test(password)).length;

/** Shorter words occur in anything. */
const shortestWord = 4;

/**
 * A phrase counts whole and by its parts, an address by its local part: `ada.lovelace@example.org` is also `lovelace`.
 */
function containsAny(password: string, phrases: readonly string[]): boolean {
  const haystack = caseless(password);
  const words = phrases.map(caseless).flatMap((phrase) => {
    const [local = ''] = phrase.split('@');
    return [phrase, local, ...local.split(/[^\p{L}\p{M}\p{N}]+/u)];
  });

  return words.some((word) => length(word) >= shortestWord && haystack.includes(word));
}

const caseless = (text: string): string => text.normalize('NFKC').toUpperCase().toLowerCase();
