import { LRUCache } from 'lru-cache';
import { type ClientKey, publicKey } from '../domain/client/details.js';
import type { ClientMetadata } from '../domain/client/metadata.js';
import { isRecord } from '../domain/json.js';
import { type Instant, secondsBetween } from '../domain/values.js';
import { NotFetched, type OutboundHttp } from './ports/outbound-http.js';

type Kept = Readonly<{ keys: readonly ClientKey[]; at: Instant }>;

/** A key that a client takes back is believed for this long at most. */
const keptSeconds = 300;
/** A key that is not known may be new, but not at every question: whoever asks with names of their own making costs one fetch. */
const retrySeconds = 30;
const mostKeys = 20;

/** The public keys of clients: as registered, or as the client's own address tells them. */
export class ClientKeys {
  readonly #kept = new LRUCache<string, Kept>({ max: 1_000 });
  readonly #underWay = new Map<string, Promise<Kept>>();

  constructor(private readonly outbound: OutboundHttp) {}

  /** `named`: the key that is asked for. None where the address does not tell any. */
  async of({ jwks, jwksUri }: ClientMetadata, named: string | undefined, at: Instant): Promise<readonly ClientKey[]> {
    if (jwksUri === undefined) return jwks ?? [];
    const kept = this.#kept.get(jwksUri);
    if (kept && this.#serves(kept, named, at)) return kept.keys;
    return (await this.#fetched(jwksUri, at)).keys;
  }

  #serves({ keys, at: since }: Kept, named: string | undefined, at: Instant): boolean {
    const age = secondsBetween(since, at);
    const known = named === undefined || keys.some(({ kid }) => kid === named);
    return age < (known && keys.length > 0 ? keptSeconds : retrySeconds);
  }

  #fetched(uri: string, at: Instant): Promise<Kept> {
    const asked = this.#underWay.get(uri);
    if (asked) return asked;
    const fetching = this.#fetch(uri, at).finally(() => this.#underWay.delete(uri));
    this.#underWay.set(uri, fetching);
    return fetching;
  }

  /** What could not be read is remembered as nothing, so that it is not asked for at every request. */
  async #fetch(uri: string, at: Instant): Promise<Kept> {
    const document = await this.outbound.json(uri).catch((error: unknown) => {
      if (error instanceof NotFetched) return undefined;
      throw error;
    });
    const kept = { keys: keysIn(document), at };
    this.#kept.set(uri, kept);
    return kept;
  }
}

/** Those that are public keys; a set may hold others, which are not for us. */
function keysIn(document: unknown): readonly ClientKey[] {
  const keys = isRecord(document) && Array.isArray(document['keys']) ? (document['keys'] as readonly unknown[]) : [];
  return keys
    .slice(0, mostKeys)
    .map((key) => (isRecord(key) ? publicKey(key) : undefined))
    .filter((key) => key !== undefined);
}
