import type { ClientMetadata } from '../domain/client/metadata.js';
import { assertionAlgorithms } from '../domain/client/proof.js';
import { type ClientId, type Instant, numericDate } from '../domain/values.js';
import type { ClientKeys } from './client-keys.js';
import type { AssertionClaims, Assertions } from './ports/assertions.js';

/** Clocks differ (FAPI 2.0 section 5.3.2.1). */
const skewSeconds = 10;
/** An object is made for one request: it neither was made long ago nor lasts long. */
const longestSeconds = 3_600;

/** What is wrong with a request object, for whoever wrote the client. */
export type RequestObjectRefusal = Readonly<{ refused: 'unsupported' | 'invalid'; why: string }>;

/** The parameters of an authorization request, signed by the client (RFC 9101, OpenID Connect Core 1.0 section 6.1). */
export class RequestObjects {
  constructor(
    private readonly assertions: Assertions,
    private readonly keys: ClientKeys,
  ) {}

  /** The claims of an object that this client signed for this issuer, now. */
  async open(
    client: Readonly<{ id: ClientId; metadata: ClientMetadata }>,
    issuer: string,
    object: string,
    at: Instant,
  ): Promise<Readonly<{ claims: AssertionClaims }> | RequestObjectRefusal> {
    const { jwks, jwksUri, requestObjectAlgorithm } = client.metadata;
    if (jwks === undefined && jwksUri === undefined) {
      return { refused: 'unsupported', why: 'The client has no keys to sign request objects with.' };
    }
    const said = this.assertions.read(object);
    const usable: readonly string[] =
      requestObjectAlgorithm === undefined ? assertionAlgorithms.keys : [requestObjectAlgorithm];
    if (!said || !usable.includes(said.algorithm)) return invalid('The request object is not signed as registered.');
    const keys = await this.keys.of(client.metadata, said.key, at);
    const claims = await this.assertions.verify(object, said.algorithm, keys);
    if (!claims) return invalid('The request object is not signed by a key of the client.');
    // "the typ header parameter … explicit typing" (RFC 9101 section 10.8): no other JWT of the client is a request.
    if (said.type !== 'oauth-authz-req+jwt') return invalid('typ of the request object must be oauth-authz-req+jwt.');
    const wrong = wrongClaim(claims, client.id, issuer, numericDate(at));
    return wrong === undefined ? { claims } : invalid(wrong);
  }
}

const invalid = (why: string): RequestObjectRefusal => ({ refused: 'invalid', why });

function wrongClaim(
  { iss, sub, aud, exp, nbf, client_id }: AssertionClaims,
  client: ClientId,
  issuer: string,
  now: number,
) {
  if (iss !== client) return 'iss of the request object must be the client.';
  // "The value of … client_id … in the query parameter MUST be identical to the one in the Request Object" (RFC 9101 section 5).
  if (client_id !== client) return 'client_id inside the request object must be the one outside.';
  // One that names the client there is nearly an assertion of it (RFC 9101 section 10.8).
  if (sub === client) return 'sub of the request object must not be the client.';
  if (aud !== issuer && !(Array.isArray(aud) && aud.includes(issuer))) return 'aud must be the issuer.';
  if (typeof exp !== 'number' || exp <= now - skewSeconds) return 'The request object has expired, or has no exp.';
  if (exp > now + longestSeconds) return 'The request object lasts longer than an hour.';
  if (nbf === undefined) return undefined;
  if (typeof nbf !== 'number' || nbf > now + skewSeconds) return 'The request object is not valid yet.';

  return nbf < now - longestSeconds ? 'The request object was made more than an hour ago.' : undefined;
}
