import type { ClientId, SessionId, UserId } from '../domain/values.js';
import type { Issuers } from './issuers.js';
import type { SigningKeyRing } from './signing-keys.js';
import type { TenantPolicy } from './tenants.js';

/** Whom an ID token was about, which client it was for, and on which session. */
export type IdTokenHint = Readonly<{ user: UserId; client: ClientId; session: SessionId }>;

/**
 * ID tokens that come back as hints (OpenID Connect Core 1.0 section 3.1.2.1, RP-Initiated Logout 1.0 section 2). One that has expired is
 * as good: it proves nobody, it only names somebody.
 */
export class IdTokenHints {
  constructor(
    private readonly keys: SigningKeyRing,
    private readonly issuers: Issuers,
  ) {}

  /** Undefined unless this tenant signed it. */
  async read({ id, slug }: Pick<TenantPolicy, 'id' | 'slug'>, token: string): Promise<IdTokenHint | undefined> {
    const verified = await this.keys.verify(id, 'JWT', token);
    if (!verified || verified.claims['iss'] !== this.issuers.of(slug)) return undefined;
    const { sub, aud, sid } = verified.claims;
    if (typeof sub !== 'string' || typeof aud !== 'string' || typeof sid !== 'string') return undefined;
    return { user: sub as UserId, client: aud as ClientId, session: sid as SessionId };
  }
}
