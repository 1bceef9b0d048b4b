import type { TenantRef } from '../access/tenants.js';
import { presentedCookie, tenantCookie } from './tenant-cookie.js';

const name = 'annal-device';

/** Browsers keep no cookie for longer than 400 days (RFC 6265bis section 5.6.1). */
const maxAge = 400 * 86_400;

/** More people than this do not share a browser; whoever was here longest ago makes room. */
const most = 4;

/** Occurs in no token. */
const between = '~';

/** The device tokens of the people who have signed in with this browser, the last one first. */
export const presentedDevices = (origin: string, header: string | undefined): readonly string[] =>
  (presentedCookie(origin, name, header) ?? '')
    .split(between)
    .filter((token) => token !== '')
    .slice(0, most);

/** It outlives the session, so that strangers' wrong guesses never lock out a browser that was let in once. */
export const deviceCookie = (origin: string, tenant: TenantRef, token: string, others: readonly string[]): string =>
  tenantCookie(origin, tenant, {
    name,
    value: [token, ...others.filter((other) => other !== token)].slice(0, most).join(between),
    maxAge,
  });
