import { client } from '../domain/client/client.js';
import type { ClientMetadata } from '../domain/client/metadata.js';
import { assertionAlgorithms, proofs } from '../domain/client/proof.js';
import { type ClientId, type Instant, instant, milliseconds, reveal, type TenantId } from '../domain/values.js';
import type { Proved } from './clients.js';
import type { ClientKeys } from './client-keys.js';
import { CommandRejected } from './command-rejected.js';
import type { Issuers } from './issuers.js';
import type { AssertionClaims, AssertionKeys, Assertions } from './ports/assertions.js';
import type { SecurityRows } from './ports/security-rows.js';
import type { UsedIds } from './ports/used-ids.js';
import type { Transactor } from './transactor.js';

type Tenant = Readonly<{ id: TenantId; slug: string }>;

/** FAPI 2.0 and common sense: an assertion is made for the request that carries it. */
const longestSeconds = 300;
/** What says to be something else, a request object for example, was made for somebody else to see (RFC 8725 section 3.11). */
const types: ReadonlySet<string | undefined> = new Set([undefined, 'jwt', 'client-authentication+jwt']);
/** Clocks of others run ahead. */
const skewSeconds = 10;

/**
 * Clients that prove themselves by a signature (RFC 7523 section 3, draft-ietf-oauth-rfc7523bis): of a secret that both sides know, or of
 * a key of their own.
 */
export class ClientAssertions {
  constructor(
    private readonly transactor: Transactor,
    private readonly rows: SecurityRows,
    private readonly assertions: Assertions,
    private readonly keys: ClientKeys,
    private readonly usedIds: UsedIds,
    private readonly issuers: Issuers,
  ) {}

  /** @throws CommandRejected invalid-client */
  async prove(tenant: Tenant, assertion: string, at: Instant): Promise<Readonly<{ id: ClientId }> & Proved> {
    const said = this.assertions.read(assertion);
    if (said?.subject === undefined || !types.has(said.type?.toLowerCase()))
      throw new CommandRejected('invalid-client');
    const id = said.subject as ClientId;
    const row = await this.rows.client(tenant.id, id);
    if (row?.status !== 'enabled' || !row.metadata) throw new CommandRejected('invalid-client');
    const { metadata } = row;
    if (!algorithmsOf(metadata).includes(said.algorithm)) throw new CommandRejected('invalid-client');

    const keys = await this.#keysOf(tenant.id, id, metadata, said.key, at);
    const claims = await this.assertions.verify(assertion, said.algorithm, keys);
    if (!claims || !isFor(claims, id, this.issuers.of(tenant.slug), at)) throw new CommandRejected('invalid-client');
    await this.#useOnce(tenant.id, id, claims);
    return { id, metadata, epoch: row.epoch };
  }

  async #keysOf(
    tenant: TenantId,
    id: ClientId,
    metadata: ClientMetadata,
    named: string | undefined,
    at: Instant,
  ): Promise<AssertionKeys> {
    if (proofs[metadata.authenticationMethod] === 'keys') return this.keys.of(metadata, named, at);
    const { state } = await this.transactor.load(client, tenant, id);
    if (state.status !== 'enabled') throw new CommandRejected('invalid-client');
    const { sharedSecret, oldSecret } = state;
    const old = oldSecret && at < oldSecret.until ? reveal(oldSecret.sharedSecret) : undefined;
    return { secrets: [reveal(sharedSecret), old].filter((one) => one !== undefined) };
  }

  /** "The authorization server MAY ensure that JWTs are not replayed by maintaining the set of used 'jti' values" (RFC 7523 section 3). */
  async #useOnce(tenant: TenantId, id: ClientId, { jti, exp }: AssertionClaims): Promise<void> {
    const until = instant((exp as number) * 1000);
    const isFirst = await this.usedIds.use(tenant, 'client-assertion', JSON.stringify([id, jti]), until);
    if (!isFirst) throw new CommandRejected('invalid-client');
  }
}

function algorithmsOf({
  authenticationMethod,
  authenticationSigningAlgorithm: one,
}: ClientMetadata): readonly string[] {
  const proof = proofs[authenticationMethod];
  if (proof !== 'keys' && proof !== 'shared-secret') return [];

  return one === undefined ? assertionAlgorithms[proof] : [one];
}

/**
 * "The JWT MUST contain an aud (audience) claim … the issuer identifier URL of the authorization server as its sole value" and as a string:
 * one that names several servers could be shown by the first to the second.
 */
function isFor(
  { iss, sub, aud, exp, iat, nbf, jti }: AssertionClaims,
  id: ClientId,
  issuer: string,
  at: Instant,
): boolean {
  const now = milliseconds(at) / 1000;
  if (iss !== id || sub !== id || aud !== issuer) return false;
  if (typeof jti !== 'string' || jti === '' || jti.length > 256) return false;
  if (typeof exp !== 'number' || exp <= now || exp > now + longestSeconds + skewSeconds) return false;

  return [iat, nbf].every((time) => time === undefined || (typeof time === 'number' && time <= now + skewSeconds));
}
