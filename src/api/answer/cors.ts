import type { Mount } from '../server/mounting.js';
import type { CorsPolicy } from '../route.js';
import type { TenantRef, Tenants } from '../access/tenants.js';

type Asked = Readonly<{ origin: string; tenants: Tenants; tenant: () => Promise<TenantRef | undefined> }>;

/** The value of Access-Control-Allow-Origin, per policy. */
const policies: Readonly<Record<CorsPolicy, (asked: Asked) => Promise<string | undefined>>> = {
  none: async () => undefined,
  any: async () => '*',
  'tenant-origins': async ({ origin, tenants, tenant }) => {
    const found = await tenant();
    return found !== undefined && (await tenants.allowsOrigin(found, origin)) ? origin : undefined;
  },
};

const exposed = [
  'Annal-Position',
  'ETag',
  'Link',
  'Location',
  'RateLimit',
  'RateLimit-Policy',
  'Retry-After',
  'WWW-Authenticate',
  'X-Request-Id',
].join(', ');
const accepted = 'Authorization, Content-Type, DPoP, Idempotency-Key, If-Match, Annal-Min-Position, X-Request-Id';

/** A serialised origin (RFC 6454 section 6.2); `null` is none that could be allowed. */
const originForm = /^https?:\/\/[A-Za-z0-9.[\]:-]{1,255}$/;

type Fields = Readonly<Record<string, string>>;

/** Header fields of the Fetch standard's CORS protocol for requests to a route. */
export class Cors {
  constructor(private readonly tenants: Tenants) {}

  async headers<Services>(mount: Mount<Services>, params: Fields, origin: string | undefined): Promise<Fields> {
    const policy = mount.route.cors ?? 'none';
    if (policy === 'none') return {};
    const vary: Fields = policy === 'any' ? {} : { Vary: 'Origin' };
    if (origin === undefined || !originForm.test(origin)) return vary;
    const slug = params['tenant'] ?? '';
    const allowed = await policies[policy]({ origin, tenants: this.tenants, tenant: () => this.tenants.resolve(slug) });
    if (allowed === undefined) return vary;

    return { ...vary, 'Access-Control-Allow-Origin': allowed, 'Access-Control-Expose-Headers': exposed };
  }

  /** The answer to a preflight for the method that it announces. */
  async preflight<Services>(mount: Mount<Services>, params: Fields, origin: string | undefined): Promise<Fields> {
    const { 'Access-Control-Expose-Headers': _, ...fields } = await this.headers(mount, params, origin);
    if (fields['Access-Control-Allow-Origin'] === undefined) return fields;

    return {
      ...fields,
      'Access-Control-Allow-Methods': mount.route.method.toUpperCase(),
      'Access-Control-Allow-Headers': accepted,
      'Access-Control-Max-Age': '600',
    };
  }
}
