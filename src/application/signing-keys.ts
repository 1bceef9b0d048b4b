import { LRUCache } from 'lru-cache';
import {
  keyInRole,
  type SigningAlgorithm,
  type SigningKey,
  signingKeys,
  type SigningKeys,
} from '../domain/signingkeys/signing-keys.js';
import { type Instant, type KeyId, reveal, secondsBetween, type TenantId, tenantSecret } from '../domain/values.js';
import { CommandRejected } from './command-rejected.js';
import type { CommandContext } from './ports/event-log.js';
import type { Claims, TokenSigner } from './ports/token-signer.js';
import type { Vault } from './ports/vault.js';
import type { Steps } from './steps.js';
import type { Transactor } from './transactor.js';

/** JWK Set (RFC 7517 section 5): next, current and previous keys, without private members. */
export type Jwks = Readonly<{ keys: readonly Readonly<Record<string, string>>[] }>;

type VerifyingKey = Pick<SigningKey, 'algorithm' | 'publicKey'>;

/** A previous key stays published at least this long, longer than any token lives. */
const previousSeconds = 86_400;
/** A next key is published at least this long before it signs, longer than any JWKS is cached. */
const announcedSeconds = 3_600;

/** The signing keys of each tenant: next, current and previous per algorithm, private halves sealed. */
export class SigningKeyRing {
  readonly #seen = new LRUCache<string, VerifyingKey>({ max: 20_000 });

  constructor(
    private readonly transactor: Transactor,
    private readonly signer: TokenSigner,
    private readonly vault: Vault,
    private readonly steps: Steps,
  ) {}

  async jwks(tenant: TenantId): Promise<Jwks> {
    const { state } = await this.transactor.load(signingKeys, tenant, tenant);
    return {
      keys: state.keys.map(({ key, algorithm, publicKey }) => ({ ...publicKey, kid: key, alg: algorithm, use: 'sig' })),
    };
  }

  /** Every key with its role, for administrators. */
  async list(tenant: TenantId): Promise<readonly SigningKey[]> {
    return (await this.transactor.load(signingKeys, tenant, tenant)).state.keys;
  }

  /** The key that signs now; undefined where the tenant has none. */
  async current(tenant: TenantId, algorithm: SigningAlgorithm): Promise<SigningKey | undefined> {
    const { state } = await this.transactor.load(signingKeys, tenant, tenant);
    return keyInRole(state, algorithm, 'current');
  }

  /** The same; where the algorithm was never asked for, its first keys are made. */
  async currentOrFirst(context: CommandContext, algorithm: SigningAlgorithm): Promise<SigningKey | undefined> {
    const key = await this.current(context.tenant, algorithm);
    if (key) return key;
    await this.ensure(this.steps.of(context, 'signing-keys'), algorithm);
    return this.current(context.tenant, algorithm);
  }

  /** @throws CommandRejected no-signing-key */
  async sign(key: SigningKey | undefined, type: string, claims: Claims): Promise<string> {
    const privateKey = key && reveal(key.privateKey);
    if (!key || !privateKey) throw new CommandRejected('no-signing-key');
    return this.signer.sign({ id: key.key, algorithm: key.algorithm, privateKey }, type, claims);
  }

  /**
   * The claims of a token that a key of this tenant signed, with the key's id. Public halves never change, so a key once seen is not looked
   * up again: whether the tenant still stands by it is for the caller to ask (the row of published keys).
   */
  async verify(
    tenant: TenantId,
    type: string,
    token: string,
  ): Promise<Readonly<{ claims: Claims; key: string }> | undefined> {
    const key = this.signer.keyIdOf(token);
    const known = key === undefined ? undefined : ((await this.#verifying(tenant, key)) ?? undefined);
    if (key === undefined || known === undefined) return undefined;
    const claims = await this.signer.verify({ id: key, ...known }, type, token);
    return claims && { claims, key };
  }

  async #verifying(tenant: TenantId, key: string): Promise<VerifyingKey | undefined> {
    const name = `${tenant}:${key}`;
    const seen = this.#seen.get(name);
    if (seen) return seen;
    const { state } = await this.transactor.load(signingKeys, tenant, tenant);
    const found = state.keys.find((one) => one.key === key);
    if (found) this.#seen.set(name, found);
    return found;
  }

  /** Makes the first key and its successor where they are missing. */
  async ensure(context: CommandContext, algorithm: SigningAlgorithm = 'ES256'): Promise<void> {
    const { state } = await this.transactor.load(signingKeys, context.tenant, context.tenant);
    if (!keyInRole(state, algorithm, 'current'))
      await this.#add(this.steps.of(context, `${algorithm}:first`), algorithm);
    if (!keyInRole(state, algorithm, 'next')) await this.#add(this.steps.of(context, `${algorithm}:next`), algorithm);
  }

  /** next → current → previous, and a new next. @throws CommandRejected next-key-too-young unless `force` */
  async rotate(context: CommandContext, algorithm: SigningAlgorithm, force: boolean): Promise<SigningKeys> {
    const { tenant, at } = context;
    const { state } = await this.transactor.load(signingKeys, tenant, tenant);
    const next = keyInRole(state, algorithm, 'next');
    if (!next) throw new CommandRejected('no-such-key');
    if (!force && secondsBetween(next.since, at) < announcedSeconds) throw new CommandRejected('next-key-too-young');
    const promoting = this.steps.of(context, `${algorithm}:promote`);
    await this.transactor.transact(signingKeys, tenant, promoting, { type: 'PromoteSigningKey', key: next.key, at });
    await this.#add(this.steps.of(context, `${algorithm}:successor`), algorithm);
    await this.retireOld(context);
    return (await this.transactor.load(signingKeys, tenant, tenant)).state;
  }

  /**
   * A key that somebody else may hold: it and whatever it signed ends now, and the next key signs, however young it is.
   * @throws CommandRejected no-such-key
   */
  async replaceCompromised(context: CommandContext, key: KeyId): Promise<void> {
    const { tenant } = context;
    const retiring = this.steps.of(context, 'retire');
    const { state } = await this.transactor.load(signingKeys, tenant, tenant);
    const found = state.keys.find((one) => one.key === key);
    if (!found && !(await this.transactor.repeated(signingKeys, tenant, retiring))) {
      throw new CommandRejected('no-such-key');
    }
    if (found) await this.ensure(this.steps.of(context, 'successor'), found.algorithm);
    await this.#retire(retiring, key, 'compromised');
    if (found) await this.ensure(this.steps.of(context, 'next'), found.algorithm);
  }

  /** Retires previous keys whose tokens have all expired, and destroys them. */
  async retireOld(context: CommandContext): Promise<void> {
    const { tenant, at } = context;
    const { state } = await this.transactor.load(signingKeys, tenant, tenant);
    for (const { key } of state.keys.filter((one) => isOver(one, at))) {
      await this.#retire(this.steps.of(context, `retire:${key}`), key, 'rotated');
    }
  }

  async #retire(context: CommandContext, key: KeyId, reason: 'rotated' | 'compromised'): Promise<void> {
    const { tenant, at } = context;
    await this.transactor.transact(signingKeys, tenant, context, { type: 'RetireSigningKey', key, reason, at });
    await this.vault.destroyKey({ tenant, scope: 'tenant', id: key });
  }

  async #add(context: CommandContext, algorithm: SigningAlgorithm): Promise<void> {
    const { tenant, at } = context;
    const key = this.steps.id<KeyId>(context, 'key');
    const pair = await this.signer.generate(algorithm);
    await this.transactor
      .transact(signingKeys, tenant, context, {
        type: 'AddSigningKey',
        key,
        algorithm,
        publicKey: pair.publicKey,
        privateKey: tenantSecret(key, pair.privateKey),
        at,
      })
      .catch((error: unknown) => {
        // Another instance was first; its key serves as well.
        if (!(error instanceof CommandRejected && error.code === 'next-key-exists')) throw error;
      });
  }
}

const isOver = ({ status, since }: SigningKey, at: Instant): boolean =>
  status === 'previous' && secondsBetween(since, at) >= previousSeconds;
