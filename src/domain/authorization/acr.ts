/** Authentication context classes (OpenID Connect Core 1.0 section 2), the stronger last. */
export const authenticationContexts = ['aal1', 'aal2'] as const;
export type AuthenticationContext = (typeof authenticationContexts)[number];

/** The class that these factors (RFC 8176) reach: two of them are more than one. */
export const contextOf = (factors: readonly string[]): AuthenticationContext =>
  new Set(factors).size > 1 ? 'aal2' : 'aal1';
