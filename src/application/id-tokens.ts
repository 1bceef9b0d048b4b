import type { Authorized } from '../domain/authorization/authorized.js';
import { contextOf } from '../domain/authorization/acr.js';
import type { SigningAlgorithm } from '../domain/signingkeys/signing-keys.js';
import type { StandardClaims } from '../domain/user/standard-claims.js';
import { numericDate } from '../domain/values.js';
import type { Issuers } from './issuers.js';
import type { Digests } from './ports/digests.js';
import type { CommandContext } from './ports/event-log.js';
import type { SigningKeyRing } from './signing-keys.js';
import type { TenantPolicy } from './tenants.js';

/** Seconds; an ID token tells of a sign-in and is read once. */
const idTokenSeconds = 300;

/** ID tokens (OpenID Connect Core 1.0 section 2): who signed in, when and how, for the one client that asked. */
export class IdTokens {
  constructor(
    private readonly keys: SigningKeyRing,
    private readonly issuers: Issuers,
    private readonly digests: Digests,
  ) {}

  /** With the algorithm that the client registered (`id_token_signed_response_alg`). */
  async issue(
    context: CommandContext,
    policy: TenantPolicy,
    algorithm: SigningAlgorithm,
    authorized: Authorized,
    accessToken: string,
    about: StandardClaims,
  ): Promise<string> {
    const { client, user, session, authenticatedAt, factors, nonce } = authorized;
    const { at } = context;
    const key = await this.keys.currentOrFirst(context, algorithm);
    return this.keys.sign(key, 'JWT', {
      ...about,
      iss: this.issuers.of(policy.slug),
      sub: user,
      aud: client,
      iat: numericDate(at),
      exp: numericDate(at) + idTokenSeconds,
      auth_time: numericDate(authenticatedAt),
      amr: factors,
      acr: contextOf(factors),
      sid: session,
      at_hash: this.digests.leftHalf(algorithm, accessToken),
      ...(nonce !== undefined && { nonce }),
    });
  }
}
