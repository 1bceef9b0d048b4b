import { type Instant, milliseconds, plusSeconds, type TenantId } from '../domain/values.js';
import { CommandRejected } from './command-rejected.js';
import type { Digests } from './ports/digests.js';
import type { ProofSignatures } from './ports/proof-signatures.js';
import type { UsedIds } from './ports/used-ids.js';

/** A proof, and the request that it must be for. `accessToken`: the token that came along, at a protected resource. */
export type PresentedProof = Readonly<{ proof: string; method: string; url: string; accessToken?: string }>;

/** Seconds for which a proof is good; proofs are made for one request. */
const longestSeconds = 300;
/** Seconds by which clocks of others may be ahead. */
const skewSeconds = 10;

/** Demonstrating proof of possession (RFC 9449): that whoever sends a request has the private key that a token is bound to. */
export class Dpop {
  constructor(
    private readonly signatures: ProofSignatures,
    private readonly usedIds: UsedIds,
    private readonly digests: Digests,
  ) {}

  /**
   * The thumbprint of the key that made the proof, which is spent by it (RFC 9449 sections 4.3 and 11.1).
   * @throws CommandRejected invalid-dpop-proof
   */
  async prove(tenant: TenantId, presented: PresentedProof, at: Instant): Promise<string> {
    const proved = await this.signatures.verify(presented.proof);
    if (!proved || !this.#isFor(proved.claims, presented, at)) throw new CommandRejected('invalid-dpop-proof');
    const { thumbprint, claims } = proved;
    const until = plusSeconds(at, longestSeconds + skewSeconds);
    const isFirst = await this.usedIds.use(tenant, 'dpop-proof', JSON.stringify([thumbprint, claims['jti']]), until);
    if (!isFirst) throw new CommandRejected('invalid-dpop-proof');
    return thumbprint;
  }

  #isFor(
    { jti, htm, htu, iat, nbf, exp, ath }: Readonly<Record<string, unknown>>,
    { method, url, accessToken }: PresentedProof,
    at: Instant,
  ): boolean {
    const now = milliseconds(at) / 1000;
    if (typeof jti !== 'string' || jti === '' || jti.length > 256) return false;
    if (htm !== method || typeof htu !== 'string' || addressOf(htu) !== addressOf(url)) return false;
    if (typeof iat !== 'number' || iat > now + skewSeconds || iat < now - longestSeconds) return false;
    if (nbf !== undefined && (typeof nbf !== 'number' || nbf > now + skewSeconds)) return false;
    if (exp !== undefined && (typeof exp !== 'number' || exp <= now - skewSeconds)) return false;
    // "when the DPoP proof is used in conjunction with the presentation of an access token … ath" (RFC 9449 section 4.2)
    return accessToken === undefined || ath === this.digests.sha256(accessToken);
  }
}

const form = /^(https?):\/\/([^/?#@]+)([^?#]*)/i;
const usualPorts: Readonly<Record<string, string>> = { http: ':80', https: ':443' };

/**
 * "ignoring any query and fragment parts", compared after "syntax-based normalization" of scheme and host (RFC 9449 section 4.3, RFC 3986
 * section 6.2.2.1); undefined, which equals no address, where it is none.
 */
function addressOf(uri: string): string | undefined {
  const [, scheme = '', host = '', path = ''] = form.exec(uri) ?? [];
  if (scheme === '') return undefined;
  const [named, usual = ''] = [scheme.toLowerCase(), usualPorts[scheme.toLowerCase()]];
  const lower = host.toLowerCase();
  const place = lower.endsWith(usual) ? lower.slice(0, -usual.length) : lower;

  return `${named}://${place}${path === '' ? '/' : path}`;
}
