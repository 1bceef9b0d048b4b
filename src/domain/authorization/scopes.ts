/** A token of RFC 6749 section 3.3. */
export const scopeForm = /^[\x21\x23-\x5B\x5D-\x7E]{1,100}$/;

/** What every tenant knows: OpenID Connect Core 1.0 sections 3.1.2.1, 5.4 and 11. */
export const standardScopes = ['openid', 'profile', 'email', 'phone', 'address', 'offline_access'] as const;
export type StandardScope = (typeof standardScopes)[number];

/** `scope` as a set, in the order given; undefined where it is none. */
export function parseScope(text: string): readonly string[] | undefined {
  const all = text.split(' ').filter((one) => one !== '');

  return all.length <= 100 && all.every((one) => scopeForm.test(one)) ? [...new Set(all)] : undefined;
}
