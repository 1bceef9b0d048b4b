import { type Claim, claim, isOverdue } from '../domain/claim/claim.js';
import type { IdentifierKind } from '../domain/tenant/settings.js';
import type { Identifier, UserEvent } from '../domain/user/events.js';
import { isRefused, type NormalisedIdentifier } from '../domain/user/normalised-identifier.js';
import { normalisationVersion, normaliseIdentifier, recogniseIdentifier } from '../domain/user/identifiers.js';
import { exists, type Existing, identifierOf, type User } from '../domain/user/state.js';
import { user } from '../domain/user/user.js';
import { type ClaimId, personal, reveal, type TenantId, type UserId } from '../domain/values.js';
import { CommandRejected } from './command-rejected.js';
import type { CommandContext } from './ports/event-log.js';
import type { Phones } from './ports/phones.js';
import type { Vault } from './ports/vault.js';
import type { Steps } from './steps.js';
import type { Outcome, Transactor } from './transactor.js';

/** What a person typed, by kind. */
export type Names = Readonly<Partial<Record<IdentifierKind, string>>>;

/** Decides who may use which e-mail address, user name and phone number of a tenant, and finds whom one names. */
export class Identifiers {
  constructor(
    private readonly transactor: Transactor,
    private readonly vault: Vault,
    private readonly phones: Phones,
    private readonly steps: Steps,
  ) {}

  /** @throws CommandRejected invalid-fields, pointing at the field that was read */
  normalise(kind: IdentifierKind, input: string, pointer = `/${kind}`): NormalisedIdentifier {
    const read = kind === 'phone' ? this.phones.parse(input) : normaliseIdentifier[kind](input);
    if (!isRefused(read)) return read;
    const field = { pointer, code: read.problem, message: identifierMessages[kind] };
    throw new CommandRejected('invalid-fields', { fields: [field] });
  }

  /** Reads what a person signs in with; undefined where it can name nobody. Phone numbers are read as they are commonly written. */
  recognise(input: string): NormalisedIdentifier | undefined {
    const recognised = recogniseIdentifier(input);
    if (recognised) return recognised;
    const phone = this.phones.parse(input);
    return isRefused(phone) ? undefined : phone;
  }

  /** The stream id that stands for an identifier: a keyed hash, so that a dump of the log cannot be searched by guessing. */
  async claimOf(tenant: TenantId, { kind, key }: NormalisedIdentifier): Promise<ClaimId> {
    const mac = await this.vault.mac(tenant, `claim.v${normalisationVersion}`, `${kind}:${key}`);
    return `${kind}.${Buffer.from(mac).toString('hex')}` as ClaimId;
  }

  async identifier(
    tenant: TenantId,
    owner: UserId,
    name: NormalisedIdentifier,
    verified: boolean,
  ): Promise<Identifier> {
    const { kind, display } = name;
    return { kind, value: personal(owner, display), claim: await this.claimOf(tenant, name), verified };
  }

  /** Whom a claim names: the account has to agree that the identifier is its own. */
  async holder(tenant: TenantId, id: ClaimId): Promise<Readonly<{ user: UserId; state: User }> | undefined> {
    const { state } = await this.transactor.load(claim, tenant, id);
    if (state.status === 'free') return undefined;
    const found = await this.transactor.load(user, tenant, state.user);
    return agrees(found.state, id) ? { user: state.user, state: found.state } : undefined;
  }

  /** Reserves all or none. @returns the first claim that somebody else has, if any */
  async reserve(context: CommandContext, owner: UserId, claims: readonly ClaimId[]): Promise<ClaimId | undefined> {
    const reserved: ClaimId[] = [];
    for (const id of claims) {
      if (await this.#reserved(context, owner, id)) {
        reserved.push(id);
        continue;
      }
      await this.release(context, owner, reserved);
      return id;
    }
    return undefined;
  }

  /** What somebody else reserved or holds by now of what was reserved; otherwise the last, which is an address where there is one. */
  async lost(tenant: TenantId, owner: UserId, claims: readonly ClaimId[]): Promise<ClaimId | undefined> {
    for (const id of claims) {
      const { state } = await this.transactor.load(claim, tenant, id);
      if (state.status !== 'free' && state.user !== owner) return id;
    }
    return claims.at(-1);
  }

  async hold(context: CommandContext, owner: UserId, claims: readonly ClaimId[]): Promise<void> {
    const { at } = context;
    for (const id of claims) {
      const step = this.steps.of(context, `hold:${id}`);
      await this.transactor.transact(claim, id, step, { type: 'HoldClaim', user: owner, at });
    }
  }

  async release(context: CommandContext, owner: UserId, claims: readonly ClaimId[]): Promise<void> {
    const { at } = context;
    for (const id of claims) {
      const step = this.steps.of(context, `release:${id}`);
      await this.transactor.transact(claim, id, step, { type: 'ReleaseClaim', user: owner, at });
    }
  }

  /** Frees what a step of the account gave up, unless it is used again by now. @returns whether there was anything */
  async free(step: CommandContext, owner: UserId, { state }: Outcome<User>): Promise<boolean> {
    const events = await this.transactor.recorded(user, step, owner);
    const claims = events.map(givenUp).filter((one): one is ClaimId => one !== undefined && !agrees(state, one));
    await this.release(step, owner, claims);
    return claims.length > 0;
  }

  async #reserved(context: CommandContext, owner: UserId, id: ClaimId): Promise<boolean> {
    const { state } = await this.transactor.load(claim, context.tenant, id);
    if (state.status === 'reserved' && state.user !== owner) await this.#freeIfAbandoned(context, id, state);
    if (state.status === 'held' && state.user !== owner) await this.#freeIfGivenUp(context, id, state.user);
    try {
      const step = this.steps.of(context, `reserve:${id}`);
      await this.transactor.transact(claim, id, step, { type: 'ReserveClaim', user: owner, at: context.at });
      return true;
    } catch (error) {
      if (error instanceof CommandRejected && error.code === 'identifier-taken') return false;
      throw error;
    }
  }

  /** A command that gave an identifier up may have died before it freed the claim. */
  async #freeIfGivenUp(context: CommandContext, id: ClaimId, holder: UserId): Promise<void> {
    const { state } = await this.transactor.load(user, context.tenant, holder);
    if (!agrees(state, id)) await this.release(context, holder, [id]);
  }

  /**
   * The command that reserved may have died, or be slow. Abandoning its account first makes the slow one conflict; only then is the
   * claim freed. An account that does exist keeps it.
   */
  async #freeIfAbandoned(
    context: CommandContext,
    id: ClaimId,
    state: Extract<Claim, { status: 'reserved' }>,
  ): Promise<void> {
    const { at, tenant } = context;
    if (!isOverdue(state, at)) return;
    const holder = await this.transactor.load(user, tenant, state.user);
    if (agrees(holder.state, id)) return;
    if (!exists(holder.state) && holder.state.status !== 'erased') {
      const abandon = this.steps.of(context, `abandon:${state.user}`);
      const command = { type: 'AbandonUser', user: state.user, at } as const;
      if (!(await this.#unlessExisting(this.transactor.transact(user, state.user, abandon, command)))) return;
    }
    await this.release(context, state.user, [id]);
  }

  /** False where the slow command was faster after all. */
  async #unlessExisting(abandoning: Promise<unknown>): Promise<boolean> {
    try {
      await abandoning;
      return true;
    } catch (error) {
      if (error instanceof CommandRejected && error.code === 'user-exists') return false;
      throw error;
    }
  }
}

function givenUp(event: UserEvent): ClaimId | undefined {
  if (event.type === 'user.identifier-removed') return event.claim;
  return event.type === 'user.identifier-changed' ? event.previous?.claim : undefined;
}

const agrees = (state: User, id: ClaimId): boolean =>
  exists(state) && (state.identifiers.some((one) => one.claim === id) || state.pending.some((one) => one.claim === id));

/** What a person is most likely to sign in with; undefined once the person was erased. */
export const accountName = (account: Existing): string | undefined =>
  (['email', 'username', 'phone'] as const)
    .map((kind) => reveal(identifierOf(account, kind)?.value))
    .find((value) => value !== undefined);

const identifierMessages: Readonly<Record<IdentifierKind, string>> = {
  email: 'This is not an e-mail address that mail can be sent to.',
  phone: 'This is not a phone number in international form, such as +49 30 123456.',
  username:
    'A user name has 2 to 64 letters, digits, dots, dashes or underscores, and begins and ends with a letter or digit.',
};
