/** In its usual spelling (`de-AT`), or undefined where it is no language tag. */
export function canonicalLocale(locale: string): string | undefined {
  try {
    return Intl.getCanonicalLocales(locale)[0];
  } catch {
    return undefined;
  }
}

/** A language tag and what it falls back to: `de-AT`, `de` (RFC 4647 section 3.4). Nothing for what is no tag. */
export function candidates(locale: string): readonly string[] {
  const known = canonicalLocale(locale);
  if (known === undefined) return [];
  const parts = known.split('-');
  return parts
    .map((_, index) => parts.slice(0, parts.length - index).join('-'))
    .filter((tag) => canonicalLocale(tag) !== undefined);
}
