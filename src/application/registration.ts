import { credentials } from '../domain/credentials/credentials.js';
import type { IdentifierKind } from '../domain/tenant/settings.js';
import type { Identifier, Profile } from '../domain/user/events.js';
import { checkAttributes } from '../domain/user/attributes.js';
import type { NormalisedIdentifier } from '../domain/user/normalised-identifier.js';
import { user } from '../domain/user/user.js';
import { type ClaimId, personal, type UserId } from '../domain/values.js';
import { CommandRejected, type FieldError } from './command-rejected.js';
import type { Identifiers, Names } from './identifiers.js';
import { contextWords, type Passwords } from './passwords.js';
import type { CommandContext, Position } from './ports/event-log.js';
import type { MessageLimits } from './ports/message-limits.js';
import type { Vault } from './ports/vault.js';
import type { Steps } from './steps.js';
import type { TenantPolicy, Tenants } from './tenants.js';
import type { Transactor } from './transactor.js';

export type RegisterUser = Readonly<{ names: Names; password: string; profile: Profile; locale?: string }>;

export type NewAccount = Readonly<{
  names: Names;
  profile: Profile;
  locale?: string;
  administrator: boolean;
  /** Addresses that the administrator vouches for. */
  verified: boolean;
  /** Without one, the person sets it from an invitation. */
  password?: string;
}>;

/**
 * In the order in which claims are reserved, always the same so that two registrations cannot wait for each other. User names are public,
 * so that a taken one is said; it comes first, or whoever sends one that is taken would learn whether the address beside it is free.
 */
const kinds: readonly IdentifierKind[] = ['username', 'email', 'phone'];

/** Makes accounts: people register themselves, administrators create and invite them. */
export class Registration {
  constructor(
    private readonly transactor: Transactor,
    private readonly tenants: Tenants,
    private readonly identifiers: Identifiers,
    private readonly passwords: Passwords,
    private readonly vault: Vault,
    private readonly messageLimits: MessageLimits,
    private readonly steps: Steps,
  ) {}

  /**
   * The answer is the same whether or not an address was taken; its owner is told by mail. A user name is public, so a taken one is said.
   * @throws CommandRejected registration-closed, invalid-fields
   */
  async register(context: CommandContext, { names, password, profile, locale }: RegisterUser): Promise<void> {
    const policy = await this.tenants.activePolicy(context.tenant);
    if (!policy.settings.registration.open) throw new CommandRejected('registration-closed');
    const normalised = this.#checked(policy, names, profile, locale);
    const words = contextWords(
      policy.name,
      normalised.map(({ key }) => key),
      profile,
    );
    await this.passwords.check(policy, password, words, '/password');

    const owner = this.steps.id<UserId>(context, 'user');
    const made = await this.#make(context, policy, owner, normalised, {
      names,
      profile,
      locale: locale ?? policy.settings.locales.default,
      administrator: false,
      verified: false,
      password,
      by: 'self',
    });
    if (made.taken) await this.#noteTaken(context, policy, made.taken);
  }

  /** Whether an account could be made of this, before anything is spent on it. @throws CommandRejected invalid-fields */
  async validate(context: CommandContext, names: Names, password: string): Promise<void> {
    const policy = await this.tenants.policy(context.tenant);
    const normalised = this.#checked(policy, names, {}, undefined);
    await this.passwords.check(
      policy,
      password,
      contextWords(
        policy.name,
        normalised.map(({ key }) => key),
      ),
      '/password',
    );
  }

  /** @throws CommandRejected identifier-taken, invalid-fields */
  async create(
    context: CommandContext,
    account: NewAccount,
    by: 'administrator' | 'setup' = 'administrator',
  ): Promise<Readonly<{ user: UserId; position?: Position }>> {
    const policy = await this.tenants.policy(context.tenant);
    const normalised = this.#checked(policy, account.names, account.profile, account.locale);
    if (account.password !== undefined) {
      const words = contextWords(
        policy.name,
        normalised.map(({ key }) => key),
        account.profile,
      );
      await this.passwords.check(policy, account.password, words, '/password');
    }
    const owner = this.steps.id<UserId>(context, 'user');
    const locale = account.locale ?? policy.settings.locales.default;
    const made = await this.#make(context, policy, owner, normalised, { ...account, locale, by });
    if (made.taken) throw taken(made.taken);
    return { user: owner, ...(made.position && { position: made.position }) };
  }

  async #make(
    context: CommandContext,
    policy: TenantPolicy,
    owner: UserId,
    normalised: readonly NormalisedIdentifier[],
    account: NewAccount & { locale: string; by: 'self' | 'administrator' | 'setup' },
  ): Promise<{ taken?: ClaimId; position?: Position }> {
    const { tenant, at } = context;
    // Hashed before it is known whether the address is free: both ways cost the same.
    const verifier = account.password === undefined ? undefined : await this.passwords.hash(account.password);
    const identifiers = await Promise.all(
      normalised.map((name) =>
        this.identifiers.identifier(tenant, owner, name, account.verified || name.kind === 'username'),
      ),
    );
    const claims = identifiers.map((one) => one.claim);
    const takenClaim = await this.identifiers.reserve(context, owner, claims);
    if (takenClaim) return { taken: takenClaim };

    await this.vault.createKey({ tenant, scope: 'person', id: owner });
    // The password first: no account is ever without the password it was registered with.
    if (verifier) {
      const step = this.steps.of(context, 'password');
      const password = await this.passwords.keyed(context, policy, owner, verifier);
      await this.transactor.transact(credentials, owner, step, { type: 'SetPassword', ...password, at });
    }
    const recorded = await unlessGivenUp(this.#record(context, owner, identifiers, account));
    if (recorded === undefined) {
      const lost = await this.identifiers.lost(tenant, owner, claims);
      return { ...(lost && { taken: lost }) };
    }
    await this.identifiers.hold(context, owner, claims);
    return recorded;
  }

  async #record(
    context: CommandContext,
    owner: UserId,
    identifiers: readonly Identifier[],
    account: NewAccount & { locale: string; by: 'self' | 'administrator' | 'setup' },
  ): Promise<{ position?: Position }> {
    const { administrator, locale, by } = account;
    const newcomer = { user: owner, identifiers, profile: personal(owner, account.profile), locale, administrator };
    const step = this.steps.of(context, 'user');
    return this.transactor.transact(
      user,
      owner,
      step,
      account.password === undefined
        ? { type: 'InviteUser', ...newcomer, at: context.at }
        : { type: 'RegisterUser', ...newcomer, by, at: context.at },
    );
  }

  /** The owner hears of it so many times an hour, however many try: their mailbox must not be anybody's to fill. */
  async #noteTaken(context: CommandContext, { settings }: TenantPolicy, claim: ClaimId): Promise<void> {
    const kind = kindOf(claim);
    if (kind === 'username') throw taken(claim);
    const holder = await this.identifiers.holder(context.tenant, claim);
    if (!holder) return;
    const { tenant, at } = context;
    if (!(await this.messageLimits.take(tenant, `repeated:${claim}`, settings.verification.perHour, at))) return;
    const step = this.steps.of(context, 'repeated');
    await this.transactor.transact(user, holder.user, step, {
      type: 'NoteRepeatedRegistration',
      user: holder.user,
      kind,
      at,
    });
  }

  #checked(
    policy: TenantPolicy,
    names: Names,
    profile: Profile,
    locale: string | undefined,
  ): readonly NormalisedIdentifier[] {
    const { identifiers, registration, locales } = policy.settings;
    const missing = kinds.filter((kind) => identifiers[kind].required && names[kind] === undefined);
    const fields: FieldError[] = missing.map((kind) => ({
      pointer: `/${kind}`,
      code: 'required',
      message: 'This is needed here.',
    }));
    if (registration.nameRequired && !profile.firstName)
      fields.push({ pointer: '/firstName', code: 'required', message: 'This is needed here.' });
    if (registration.nameRequired && !profile.lastName)
      fields.push({ pointer: '/lastName', code: 'required', message: 'This is needed here.' });
    for (const { name, code, message } of checkAttributes(registration.attributes, profile.attributes ?? {})) {
      fields.push({ pointer: `/attributes/${name}`, code, message });
    }
    if (locale !== undefined && !locales.supported.includes(locale)) {
      fields.push({
        pointer: '/locale',
        code: 'unsupported-locale',
        message: `Choose one of ${locales.supported.join(', ')}.`,
      });
    }
    const normalised: NormalisedIdentifier[] = [];
    for (const kind of kinds) {
      const input = names[kind];
      if (input === undefined) continue;
      try {
        normalised.push(this.identifiers.normalise(kind, input));
      } catch (error) {
        if (!(error instanceof CommandRejected)) throw error;
        fields.push(...(error.details.fields ?? []));
      }
    }
    if (fields.length > 0) throw new CommandRejected('invalid-fields', { fields });
    if (normalised.length === 0) throw new CommandRejected('identifier-required');
    return normalised;
  }
}

const kindOf = (claim: ClaimId): IdentifierKind => claim.slice(0, claim.indexOf('.')) as IdentifierKind;

const taken = (claim: ClaimId): CommandRejected =>
  new CommandRejected('identifier-taken', {
    fields: [{ pointer: `/${kindOf(claim)}`, code: 'identifier-taken', message: 'Somebody here uses this already.' }],
  });

/**
 * Undefined for the repetition of a command that died before its account came into being: somebody who wanted the address has given that
 * account up meanwhile.
 */
async function unlessGivenUp(
  recording: Promise<Readonly<{ position?: Position }>>,
): Promise<Readonly<{ position?: Position }> | undefined> {
  try {
    const { position } = await recording;
    return { ...(position && { position }) };
  } catch (error) {
    if (error instanceof CommandRejected && error.code === 'user-exists') return undefined;
    throw error;
  }
}
