import { candidates } from '../../application/notifications/locales.js';
import type { Wording } from './wording/wording.js';
import { lastResort, wordings } from './wording/wordings.js';

type Locales = Readonly<{ default: string; supported: readonly string[] }>;

/** All that the pages speak, for answers that belong to no tenant. */
export const everyLanguage: Locales = { default: lastResort.language, supported: Object.keys(wordings) };

/** Nobody reads more languages than this; the rest of a field is not looked at. */
const longest = 20;

/**
 * The words that suit an `Accept-Language` field best (RFC 9110 section 12.5.4, matched by lookup, RFC 4647 section 3.4), of the
 * languages that a tenant supports; else its default, else English.
 */
export function wordsFor(field: string | undefined, { default: standard, supported }: Locales): Wording {
  const offered = new Set([standard, ...supported].map(spoken).filter((language) => language !== undefined));
  const wished = preferences(field ?? '').flatMap((range) => candidates(range));
  const chosen = [...wished, ...candidates(standard)].find((language) => offered.has(language)) ?? [...offered][0];

  return (chosen === undefined ? undefined : wordings[chosen]) ?? lastResort;
}

/** The language of the pages that stands in for a locale: `de` for `de-AT`. */
const spoken = (locale: string): string | undefined => candidates(locale).find((tag) => Object.hasOwn(wordings, tag));

/** The language ranges, best first; those with weight 0 are left out. */
function preferences(field: string): readonly string[] {
  const weighted = field
    .split(',', longest)
    .map((item) => item.split(';'))
    .map(([range = '', weight = '']) => ({
      range: range.trim(),
      weight: /^\s*q\s*=/.test(weight) ? Number(weight.split('=')[1]) : 1,
    }))
    .filter(({ weight }) => weight > 0);

  return weighted.sort((one, other) => other.weight - one.weight).map(({ range }) => range);
}
