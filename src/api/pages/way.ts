import type { AuthorizationRequest } from '../../domain/authorization/request.js';
import type { CommandContext } from '../../application/ports/event-log.js';
import { formTarget } from '../oauth/authorization-answer.js';
import type { Services } from '../services.js';
import { type Site, siteOf, type Visit } from './site.js';

/**
 * Where somebody is, and on the way to what: `sealed` is the request of an application as it travels from page to page. Without one they are on
 * the way to their own account.
 */
export type Way = Readonly<{
  site: Site;
  /** For the form to show. */
  once: string;
  sealed?: string;
  request?: AuthorizationRequest;
}>;

/** Somebody brought a request that is not one of ours, or too old. */
export type LostWay = Readonly<{ lost: Site }>;

export async function wayOf(
  { authorizationRequests, tenants }: Pick<Services, 'authorizationRequests' | 'tenants'>,
  visit: Visit & Readonly<{ context: CommandContext }>,
  sealed: string | undefined,
): Promise<Way | LostWay> {
  const { tenant, at, commandId: once } = visit.context;
  if (sealed === undefined) return { site: await siteOf(tenants, visit), once };
  const request = await authorizationRequests.open(tenant, sealed, at);
  if (!request) return { lost: await siteOf(tenants, visit) };
  const site = await siteOf(tenants, visit, request.uiLocales);
  // Browsers hold what follows a form to its page's policy (CSP 3 section 6.4.2), back to the client.
  return { site: { ...site, formTargets: [formTarget(request.redirectUri)] }, once, sealed, request };
}

/** The address of a page, with what has to be taken along. */
export function pathOn({ site, sealed }: Way, page: string): string {
  const query = sealed === undefined ? '' : `?${new URLSearchParams({ request: sealed }).toString()}`;
  return `${site.brand.home}/${page}${query}`;
}

/** What the forms of a page take along unseen. */
export const hiddenOn = ({ once, sealed }: Way): Readonly<Record<string, string>> => ({
  ...(sealed !== undefined && { request: sealed }),
  once,
});

/** What comes after signing in. */
export const onward = (way: Way): string => pathOn(way, way.sealed === undefined ? 'account' : 'oauth2/resume');
