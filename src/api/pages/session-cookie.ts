import type { TenantRef } from '../access/tenants.js';

/** Where cookies are kept: over TLS alone, unless the whole service is served without it, on a developer's machine. */
const nameOn = (origin: string): string => (origin.startsWith('https:') ? '__Secure-annal-session' : 'annal-session');

const pathOf = ({ slug }: Pick<TenantRef, 'slug'>): string => `/t/${slug}`;

/**
 * The cookie of a browser session (RFC 6265bis). It is sent along when a person follows a link from an application, but with no request that
 * another site's page makes by itself. It ends with the browser; the session behind it ends when the tenant says.
 */
export const sessionCookie = (origin: string, tenant: TenantRef, value: string): string =>
  [
    `${nameOn(origin)}=${value}`,
    `Path=${pathOf(tenant)}`,
    'HttpOnly',
    'SameSite=Lax',
    ...(origin.startsWith('https:') ? ['Secure'] : []),
  ].join('; ');

export const noSessionCookie = (origin: string, tenant: TenantRef): string =>
  `${sessionCookie(origin, tenant, '')}; Max-Age=0`;

/** The value that the browser sent; one that came twice is none. */
export function presentedSession(origin: string, header: string | undefined): string | undefined {
  const name = `${nameOn(origin)}=`;
  const found = (header ?? '').split(/; */).filter((pair) => pair.startsWith(name));

  return found.length === 1 ? found[0]?.slice(name.length) : undefined;
}
