import {
  apiKey,
  type ApiKey,
  type ApiKeyDescription,
  type ApiKeyEnd,
  type ApiKeyOwner,
  sealedFor,
} from '../domain/api-key/api-key.js';
import { type ApiKeyId, type Instant, plusSeconds, reveal, type TenantId, uuidOfHex } from '../domain/values.js';
import { CommandRejected } from './command-rejected.js';
import type { ApiKeyRow, ApiKeyRows } from './ports/api-key-rows.js';
import type { ApiKeyUse, ApiKeyUses } from './ports/api-key-uses.js';
import type { Checksums } from './ports/checksums.js';
import type { Entropy } from './ports/entropy.js';
import type { CommandContext, Position } from './ports/event-log.js';
import type { Vault } from './ports/vault.js';
import type { Steps } from './steps.js';
import type { Transactor } from './transactor.js';

export type ApiKeyTerms = Readonly<{
  about: ApiKeyDescription;
  scopes: readonly string[];
  addresses: readonly string[];
  expiresAt?: Instant;
}>;

/** `key` is told once and never again. */
export type NewApiKey = Readonly<{ id: ApiKeyId; key: string; position?: Position }>;

export type ViewedApiKey = Readonly<{
  id: ApiKeyId;
  state: Extract<ApiKey, { status: 'active' | 'revoked' }>;
  about?: ApiKeyDescription;
  use?: ApiKeyUse;
}>;

/** A key that is good now; whether it may come from where it came is for whoever knows the address. */
export type GoodApiKey = Readonly<{
  id: ApiKeyId;
  /** It ends, or works from some addresses alone. */
  isLimited: boolean;
}> &
  Pick<ApiKeyRow, 'owner' | 'scopes' | 'addresses' | 'administrator'>;

const prefix = 'annal_ak_';
const secretBits = 256;
/** Characters of `secretBits` in base62. */
const secretLength = 43;
const form = /^annal_ak_([0-9a-f]{32})([0-9A-Za-z]{43})([0-9A-Za-z]{6})$/;

/**
 * API keys: `annal_ak_<id><256 bit secret><checksum>`. Prefix and checksum let scanners tell a leaked key from text that looks like one
 * without asking anybody; a keyed hash of the secret is all that is stored.
 */
export class ApiKeys {
  constructor(
    private readonly transactor: Transactor,
    private readonly vault: Vault,
    private readonly rows: ApiKeyRows,
    private readonly uses: ApiKeyUses,
    private readonly entropy: Entropy,
    private readonly checksums: Checksums,
    private readonly steps: Steps,
  ) {}

  /** @throws CommandRejected api-key-expiry-past */
  async create(context: CommandContext, owner: ApiKeyOwner, terms: ApiKeyTerms): Promise<NewApiKey> {
    const id = this.steps.id<ApiKeyId>(context, 'api-key');
    const { key, digest } = await this.#drawn(context.tenant, id);
    const { position } = await this.transactor.transact(apiKey, id, context, {
      type: 'CreateApiKey',
      key: id,
      owner,
      ...terms,
      about: sealedFor(owner, terms.about),
      digest,
      at: context.at,
    });
    return { id, key, ...(position && { position }) };
  }

  /** @throws CommandRejected no-such-api-key, also where it is somebody else's, api-key-revoked, api-key-expiry-past */
  async change(
    context: CommandContext,
    id: ApiKeyId,
    change: Partial<ApiKeyTerms> & Readonly<{ forEver?: boolean }>,
    owner?: ApiKeyOwner,
  ): Promise<Position | undefined> {
    const { state, about } = await this.view(context.tenant, id, owner);
    const { expiresAt: before } = state;
    const expiresAt = change.forEver ? undefined : (change.expiresAt ?? before);
    const { position } = await this.transactor.transact(apiKey, id, context, {
      type: 'ChangeApiKey',
      key: id,
      about: sealedFor(state.owner, change.about ?? about ?? { name: '', tags: {} }),
      scopes: change.scopes ?? state.scopes,
      addresses: change.addresses ?? state.addresses,
      ...(expiresAt !== undefined && { expiresAt }),
      at: context.at,
    });
    return position;
  }

  /** A new secret; the old one works for so many seconds more. @throws CommandRejected no-such-api-key, api-key-revoked */
  async rotate(context: CommandContext, id: ApiKeyId, overlap: number, owner?: ApiKeyOwner): Promise<NewApiKey> {
    await this.view(context.tenant, id, owner);
    const { key, digest } = await this.#drawn(context.tenant, id);
    const previousUntil = plusSeconds(context.at, overlap);
    const { position } = await this.transactor.transact(apiKey, id, context, {
      type: 'RotateApiKey',
      key: id,
      digest,
      previousUntil,
      at: context.at,
    });
    return { id, key, ...(position && { position }) };
  }

  /** @throws CommandRejected no-such-api-key */
  async revoke(
    context: CommandContext,
    id: ApiKeyId,
    reason: ApiKeyEnd,
    owner?: ApiKeyOwner,
  ): Promise<Position | undefined> {
    await this.view(context.tenant, id, owner);
    const { at } = context;
    const { position } = await this.transactor.transact(apiKey, id, context, {
      type: 'RevokeApiKey',
      key: id,
      reason,
      at,
    });
    return position;
  }

  /** @throws CommandRejected no-such-api-key, also where it is not the owner's */
  async view(tenant: TenantId, id: ApiKeyId, owner?: ApiKeyOwner): Promise<ViewedApiKey> {
    const { state } = await this.transactor.load(apiKey, tenant, id);
    if (state.status === 'none' || (owner && !isSame(owner, state.owner))) throw new CommandRejected('no-such-api-key');
    return viewed(id, state, (await this.uses.of(tenant, [id])).get(id));
  }

  async list(tenant: TenantId, owner: ApiKeyOwner): Promise<readonly ViewedApiKey[]> {
    const ids = await this.rows.ofOwner(tenant, owner);
    const [uses, ...loaded] = await Promise.all([
      this.uses.of(tenant, ids),
      ...ids.map(async (id) => [id, (await this.transactor.load(apiKey, tenant, id)).state] as const),
    ]);
    return loaded.flatMap(([id, state]) => (state.status === 'none' ? [] : [viewed(id, state, uses.get(id))]));
  }

  /** Undefined unless the key is, to the last character, one that works now. */
  async check(tenant: TenantId, key: string, at: Instant): Promise<GoodApiKey | undefined> {
    const [, hex = '', secret = '', checksum = ''] = form.exec(key) ?? [];
    if (hex === '' || this.checksums.base62(hex + secret) !== checksum) return undefined;
    const id = uuidOfHex(hex) as ApiKeyId;
    const [row, digest] = await Promise.all([this.rows.find(tenant, id), this.#digest(tenant, id, secret)]);
    if (!row || row.status !== 'active' || !row.ownerActs) return undefined;
    if (row.expiresAt !== undefined && at >= row.expiresAt) return undefined;
    const isPrevious = row.previous?.digest === digest && at < row.previous.until;
    if (row.digest !== digest && !isPrevious) return undefined;
    const { owner, scopes, addresses, administrator, expiresAt } = row;
    const isLimited = expiresAt !== undefined || addresses.length > 0;
    return { id, isLimited, owner, scopes, addresses, administrator };
  }

  async #drawn(tenant: TenantId, id: ApiKeyId): Promise<Readonly<{ key: string; digest: string }>> {
    const secret = this.entropy.token(secretBits);
    if (secret.length !== secretLength) throw new TypeError('the secret of an API key has another length');
    const body = id.replaceAll('-', '') + secret;
    return { key: prefix + body + this.checksums.base62(body), digest: await this.#digest(tenant, id, secret) };
  }

  /** The secret carries 256 bits, so nothing slower than a keyed hash is needed. */
  async #digest(tenant: TenantId, id: ApiKeyId, secret: string): Promise<string> {
    return Buffer.from(await this.vault.mac(tenant, 'api-key.v1', `${id}:${secret}`)).toString('hex');
  }
}

function viewed(id: ApiKeyId, state: ViewedApiKey['state'], use: ApiKeyUse | undefined): ViewedApiKey {
  const about = reveal(state.about);
  return { id, state, ...(about && { about }), ...(use && { use }) };
}

/** What looks like an API key, good or not. */
export const isApiKeyForm = (token: string): boolean => token.startsWith(prefix);

const isSame = (left: ApiKeyOwner, right: ApiKeyOwner): boolean =>
  left.kind === right.kind &&
  (left.kind === 'tenant' || left.id === (right as Extract<ApiKeyOwner, { id: string }>).id);
