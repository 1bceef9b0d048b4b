import { CodeGuesses } from '../../src/application/code-guesses.js';
import { Identifiers } from '../../src/application/identifiers.js';
import { Invitations } from '../../src/application/invitations.js';
import { Locking } from '../../src/application/locking.js';
import { PasswordChange } from '../../src/application/password.js';
import { PeopleOfTheLog } from '../../src/application/people.js';
import { PasswordReset } from '../../src/application/password-reset.js';
import { Passwords } from '../../src/application/passwords.js';
import { Attempts, type Reservation } from '../../src/application/ports/attempts.js';
import { NoConflictPause } from '../../src/application/ports/conflict-pause.js';
import type { CommandContext } from '../../src/application/ports/event-log.js';
import { InlineModels } from '../../src/application/ports/inline-models.js';
import { MessageLimits } from '../../src/application/ports/message-limits.js';
import { PasswordHasher, type Verdict } from '../../src/application/ports/password-hasher.js';
import { PasswordStrength } from '../../src/application/ports/password-strength.js';
import { Phones } from '../../src/application/ports/phones.js';
import type { SingleUseKind } from '../../src/application/ports/single-use.js';
import { Steps } from '../../src/application/steps.js';
import { Tenants } from '../../src/application/tenants.js';
import { Transactor } from '../../src/application/transactor.js';
import { claim } from '../../src/domain/claim/claim.js';
import { credentials } from '../../src/domain/credentials/credentials.js';
import type { Verifier } from '../../src/domain/credentials/verifier.js';
import { tenant as tenantStream } from '../../src/domain/tenant/tenant.js';
import { normalisePhone } from '../../src/domain/user/phone.js';
import { user } from '../../src/domain/user/user.js';
import {
  type CredentialId,
  type Instant,
  personal,
  plusSeconds,
  secret,
  type TenantId,
  type UserId,
} from '../../src/domain/values.js';
import { NodeEntropy } from '../../src/infrastructure/node-entropy.js';
import { WatchedLog } from '../application/tally.js';
import { issuedNow } from '../support/issued.js';
import { MemorySingleUse } from '../support/memory-single-use.js';
import { MemorySnapshots } from '../support/memory-snapshots.js';
import { MemoryVault } from '../support/memory-vault.js';
import { day, minute, start } from '../support/moments.js';

const tenant = '01959f3a-0000-7000-8000-000000000001' as TenantId;
const addresses: Readonly<Record<Name, string>> = { ada: 'ada@example.org', bob: 'bob@example.org' };

export type Name = 'ada' | 'bob';
const lifeEvents = (owner: UserId) =>
  ({
    suspend: { type: 'SuspendUser', reason: personal(owner, 'fraud') },
    reactivate: { type: 'ReactivateUser' },
    deactivate: { type: 'DeactivateUser', by: 'administrator' },
    undelete: { type: 'UndeleteUser' },
    'invite again': { type: 'RepeatInvitation' },
  }) as const;
export type LifeEvent = keyof ReturnType<typeof lifeEvents>;
/** What the outbox sent: the link's token and the code beside it. */
export type Mail = Readonly<{ kind: SingleUseKind; to: Name; token: string; code: string; sentAt: Instant }>;

/** Hashes nothing, so that thousands of stories take seconds. */
class PlainHasher extends PasswordHasher {
  override admit<T>(work: () => Promise<T>): Promise<T> {
    return work();
  }

  override async hash(password: string): Promise<Verifier> {
    return { phc: password };
  }

  override async verify(verifier: Verifier | undefined, password: string): Promise<Verdict> {
    return { matches: verifier?.phc === password, outdated: false };
  }
}

class AnyStrength extends PasswordStrength {
  override async assess() {
    return { blocked: false, score: 4 };
  }
}

class NoLimits extends MessageLimits {
  override async take(): Promise<boolean> {
    return true;
  }

  override async expire(): Promise<number> {
    return 0;
  }
}

class NoPlans extends Phones {
  override parse(input: string) {
    return normalisePhone(input);
  }
}

class NoRows extends InlineModels {
  override rowsFor() {
    return [];
  }
}

/** Never says no: what is asked here is whether guessing can help, not how often. */
class Unlimited extends Attempts {
  override async reserve(): Promise<Reservation> {
    return { granted: true, failuresBefore: 0, lockIfWrong: { disabled: false } };
  }

  override async succeeded(): Promise<void> {}
  override async unverified(): Promise<void> {}
  override async clear(): Promise<void> {}
  override async restore(): Promise<void> {}

  override async status() {
    return [];
  }
}

/** The ways to a password for those who do not have one: Ada, who forgot hers, and Bob, who is invited; in memory. */
export class Recovery {
  readonly log = new WatchedLog();
  now: Instant = start;
  private readonly vault = new MemoryVault();
  private readonly entropy = new NodeEntropy();
  private readonly steps = new Steps(this.entropy);
  private readonly singleUse = new MemorySingleUse();
  private readonly transactor = new Transactor(this.log, new NoRows(), new MemorySnapshots(), new NoConflictPause());
  private readonly identifiers = new Identifiers(this.transactor, this.vault, new NoPlans(), this.steps);
  private readonly resets: PasswordReset;
  private readonly invitations: Invitations;
  private mails = 0;

  constructor() {
    const { transactor, vault, steps, singleUse, identifiers } = this;
    // Neither tenants are made here, nor sessions.
    const none = undefined as never;
    const [hasher, attempts, limits] = [new PlainHasher(), new Unlimited(), new NoLimits()];
    const tenants = new Tenants(transactor, vault, none, none, steps);
    const passwords = new Passwords(hasher, new AnyStrength(), vault, steps);
    const change = new PasswordChange(
      transactor,
      tenants,
      passwords,
      hasher,
      attempts,
      none,
      singleUse,
      none,
      none,
      steps,
    );
    const guesses = new CodeGuesses(attempts, new Locking(transactor, steps));
    this.resets = new PasswordReset(
      transactor,
      tenants,
      identifiers,
      passwords,
      change,
      guesses,
      singleUse,
      limits,
      steps,
    );
    this.invitations = new Invitations(transactor, tenants, passwords, singleUse, steps);
  }

  async open(): Promise<void> {
    await this.vault.createTenant(tenant);
    const created = { type: 'CreateTenant', tenant, slug: 'acme', name: 'Acme', at: start } as const;
    await this.transactor.transact(tenantStream, tenant, this.context('tenant'), created);
    await this.welcome('ada', 'RegisterUser');
    await this.welcome('bob', 'InviteUser');
    const credential = 'first' as CredentialId;
    const password = { credential, verifier: secret(credential, { phc: 'forgotten' }), policyRevision: 0 };
    await this.transactor.transact(credentials, 'ada', this.context('first'), {
      type: 'SetPassword',
      user: 'ada' as UserId,
      ...password,
      at: start,
    });
  }

  /** What proves a person now, as far as the log says. */
  async credentialOf(name: Name): Promise<string> {
    return (await this.transactor.load(credentials, tenant, name)).state.password?.credential ?? '';
  }

  async statusOf(name: Name): Promise<string> {
    return (await this.transactor.load(user, tenant, name)).state.status;
  }

  /** Asks for a reset, and sends what the outbox would; nothing where nothing is to be sent. */
  async ask(command: string, address: string): Promise<Mail | undefined> {
    const before = await this.log.head();
    await this.resets.request(this.context(command), address);
    const asked = (await this.log.readAll(before, 10)).events.find(
      ({ event }) => event.type === 'credentials.password-reset-requested',
    );
    return asked && this.send('reset-password', nameOf(address));
  }

  async send(kind: SingleUseKind, to: Name): Promise<Mail> {
    const number = ++this.mails;
    const issued = await issuedNow(new PeopleOfTheLog(this.transactor), tenant, to);
    const mail: Mail = { kind, to, token: `token-${number}`, code: `${100_000 + number}`, sentAt: this.now };
    await this.singleUse.put({
      tenant,
      kind,
      subject: to,
      payload: { issued },
      sealedFor: 'person',
      token: mail.token,
      code: mail.code,
      codeExpiresAt: plusSeconds(this.now, 10 * minute),
      maxTries: 5,
      expiresAt: plusSeconds(this.now, day),
      at: this.now,
      eventId: `mail-${number}`,
    });
    return mail;
  }

  async reset(command: string, proof: { token: string } | { code: string; identifier: string }, password: string) {
    await this.resets.reset(this.context(command), proof, password);
  }

  async accept(command: string, token: string, password: string): Promise<void> {
    await this.invitations.accept(this.context(command), token, password);
  }

  /** Something happens to an account, if it can. */
  async live(command: string, name: Name, event: LifeEvent): Promise<void> {
    const about = { user: name as UserId, at: this.now };
    await this.transactor.transact(user, name, this.context(command), { ...lifeEvents(about.user)[event], ...about });
  }

  private context(command: string): CommandContext {
    const commandId = this.entropy.derived(tenant, command);
    return { tenant, actor: { kind: 'anonymous' }, commandId, correlationId: command, at: this.now };
  }

  private async welcome(name: Name, type: 'RegisterUser' | 'InviteUser'): Promise<void> {
    const owner = name as UserId;
    await this.vault.createKey({ tenant, scope: 'person', id: owner });
    const normalised = this.identifiers.normalise('email', addresses[name]);
    const email = await this.identifiers.identifier(tenant, owner, normalised, true);
    for (const step of ['ReserveClaim', 'HoldClaim'] as const) {
      const context = this.context(`${name} ${step}`);
      await this.transactor.transact(claim, email.claim, context, { type: step, user: owner, at: start });
    }
    const newcomer = { identifiers: [email], profile: personal(owner, {}), locale: 'en', administrator: false };
    const command =
      type === 'RegisterUser' ? ({ type, by: 'self', ...newcomer } as const) : ({ type, ...newcomer } as const);
    await this.transactor.transact(user, owner, this.context(name), { ...command, user: owner, at: start });
  }
}

const nameOf = (address: string): Name => (address.startsWith('ada') ? 'ada' : 'bob');
