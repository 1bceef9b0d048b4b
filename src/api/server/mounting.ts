import type { Route } from '../route.js';

/** One path under which a row is served. */
export type Mount<Services> = Readonly<{
  route: Route<Services>;
  path: string;
  /** Which tenant's tokens count: the one in the path, or `system`. */
  issuer: 'path' | 'system';
  /** The second path of a `tenant-admin` row. */
  installation: boolean;
}>;

const tenantApi = '/t/:tenant/api/v1/';
const installationApi = '/api/v1/tenants/:tenant/';

/** The path of a tenant's API as installation administrators reach it. */
export const installationPath = (path: string): string => installationApi + path.slice(tenantApi.length);

export function mountsOf<Services>(route: Route<Services>): readonly Mount<Services>[] {
  const inTenant = route.path.startsWith('/t/:tenant/');
  const own: Mount<Services> = { route, path: route.path, issuer: inTenant ? 'path' : 'system', installation: false };
  if (route.access !== 'tenant-admin') return [own];
  if (!route.path.startsWith(tenantApi))
    throw new TypeError(`${route.id}: a tenant-admin path starts with ${tenantApi}`);

  return [own, { route, path: installationPath(route.path), issuer: 'system', installation: true }];
}
