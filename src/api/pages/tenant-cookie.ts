import type { TenantRef } from '../access/tenants.js';

/** Where cookies are kept: over TLS alone, unless the whole service is served without it, on a developer's machine. */
const nameOn = (origin: string, name: string): string => (origin.startsWith('https:') ? `__Secure-${name}` : name);

/**
 * A cookie of one tenant's pages (RFC 6265bis). It is sent along when a person follows a link from an application, but with no request that
 * another site's page makes by itself. Without `maxAge`, in seconds, it ends with the browser.
 */
export const tenantCookie = (
  origin: string,
  { slug }: Pick<TenantRef, 'slug'>,
  { name, value, maxAge }: Readonly<{ name: string; value: string; maxAge?: number }>,
): string =>
  [
    `${nameOn(origin, name)}=${value}`,
    `Path=/t/${slug}`,
    'HttpOnly',
    'SameSite=Lax',
    ...(origin.startsWith('https:') ? ['Secure'] : []),
    ...(maxAge === undefined ? [] : [`Max-Age=${maxAge}`]),
  ].join('; ');

/** The value that the browser sent; one that came twice is none. */
export function presentedCookie(origin: string, name: string, header: string | undefined): string | undefined {
  const start = `${nameOn(origin, name)}=`;
  const found = (header ?? '').split(/; */).filter((pair) => pair.startsWith(start));

  return found.length === 1 ? found[0]?.slice(start.length) : undefined;
}
