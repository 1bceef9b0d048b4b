import fc from 'fast-check';
import type { IdentifierKind } from '../../../src/domain/tenant/settings.js';
import type { Identifier, UserEvent } from '../../../src/domain/user/events.js';
import type { UserRejection } from '../../../src/domain/user/rejections.js';
import type { UserCommand } from '../../../src/domain/user/user.js';
import { personal } from '../../../src/domain/values.js';
import type { Model, Timeless, Verdict } from '../../support/model.js';
import { ada, claimOf, named } from './ada.js';

export type CardSeen = Readonly<{
  phase: string;
  held: readonly string[];
  wished: readonly string[];
  administrator: boolean;
  locale: string;
  name: string;
  released: readonly string[];
  endings: number;
}>;

type Run = {
  readonly [Type in UserCommand['type']]: (command: Extract<UserCommand, { type: Type }>) => Verdict<UserRejection>;
};

const done = ['accepted', 1] as const;
const nothing = ['accepted', 0] as const;

/** An index card in a cabinet: names in ink when verified and in pencil when not, wishes on the back. */
export class Card implements Model<UserCommand, UserEvent, UserRejection, CardSeen> {
  private phase = 'none';
  private readonly held = new Map<IdentifierKind, { claim: string; value: string; verified: boolean }>();
  private readonly wished = new Map<IdentifierKind, { claim: string; value: string }>();
  private released: string[] = [];
  private administrator = false;
  private locale = '';
  private name = '';
  private endings = 0;
  private everAccepted = false;
  private underSuspicion = false;

  run(command: UserCommand): Verdict<UserRejection> {
    const run = this.runs[command.type] as (command: UserCommand) => Verdict<UserRejection>;
    return run(command);
  }

  seen(): CardSeen {
    const { phase, alive, released, endings } = this;
    return {
      phase,
      held: alive
        ? [...this.held.values()].map(({ claim, verified }) => `${claim}${verified ? ' verified' : ''}`).sort()
        : [],
      wished: alive ? [...this.wished.values()].map(({ claim }) => claim).sort() : [],
      administrator: alive && this.administrator,
      locale: alive ? this.locale : '',
      name: alive ? this.name : '',
      released: [...released].sort(),
      endings,
    };
  }

  private get alive(): boolean {
    return ['invited', 'active', 'suspended', 'deactivated'].includes(this.phase);
  }

  private readonly runs: Run = {
    RegisterUser: (command) => this.begin('active', command),
    InviteUser: (command) => this.begin('invited', command),
    RepeatInvitation: () => (this.phase === 'invited' ? done : ['not-invited', 0]),
    AcceptInvitation: () => {
      if (this.phase !== 'invited') return ['not-invited', 0];
      this.phase = 'active';
      this.everAccepted = true;
      const address = this.held.get('email');
      if (address) address.verified = true;
      return done;
    },
    AbandonUser: () => {
      if (this.phase === 'abandoned') return nothing;
      if (this.phase !== 'none') return ['user-exists', 0];
      this.phase = 'abandoned';
      return done;
    },
    NoteRepeatedRegistration: () => (this.alive ? done : nothing),
    RequestVerification: ({ kind, claim }) => {
      if (!this.alive) return ['no-such-user', 0];
      const [name, wish] = [this.held.get(kind), this.wished.get(kind)];
      if (wish && (claim ?? wish.claim) === wish.claim) return done;
      if (!name || kind === 'username' || (claim ?? name.claim) !== name.claim) return ['nothing-to-verify', 0];
      return name.verified ? ['already-verified', 0] : done;
    },
    ConfirmIdentifier: ({ kind, claim }) => {
      if (!this.alive) return ['no-such-user', 0];
      const [name, wish] = [this.held.get(kind), this.wished.get(kind)];
      if (wish?.claim === claim) {
        this.held.set(kind, { ...wish, verified: true });
        this.wished.delete(kind);
        return done;
      }
      if (name?.claim !== claim) return ['nothing-to-verify', 0];
      const already = name.verified;
      name.verified = true;
      return already ? nothing : done;
    },
    ChangeProfile: ({ profile, locale }) => {
      if (!this.alive) return ['no-such-user', 0];
      const firstName = profile.value?.firstName ?? '';
      if (this.locale === locale && this.name === firstName) return nothing;
      this.locale = locale;
      this.name = firstName;
      return done;
    },
    ChangeIdentifier: ({ kind, claim, value: { value = '' }, verified }) => {
      if (!this.alive) return ['no-such-user', 0];
      const name = this.held.get(kind);
      if (name?.claim === claim && name.value === value) {
        const asItIs = !this.wished.delete(kind) && (name.verified || !verified);
        name.verified ||= verified;
        return asItIs ? nothing : done;
      }
      if (kind === 'username' || verified) {
        this.held.set(kind, { claim, value, verified });
        this.wished.delete(kind);
      } else {
        this.wished.set(kind, { claim, value });
      }
      return done;
    },
    AssignIdentifier: ({ kind, claim, value: { value = '' }, verified }) => {
      if (!this.alive) return ['no-such-user', 0];
      const name = this.held.get(kind);
      const hadWish = this.wished.delete(kind);
      if (name?.claim === claim && name.value === value) {
        const asItIs = !hadWish && (name.verified || !verified);
        name.verified ||= verified;
        return asItIs ? nothing : done;
      }
      const known = verified || (name?.claim === claim && name.verified);
      this.held.set(kind, { claim, value, verified: known });
      const told = kind !== 'username' && (this.phase === 'invited' || !known);
      return ['accepted', told ? 2 : 1];
    },
    RemoveIdentifier: ({ kind, required }) => {
      if (!this.alive) return ['no-such-user', 0];
      if (this.held.has(kind)) {
        if (required || this.held.size === 1) return ['identifier-required', 0];
        this.held.delete(kind);
        this.wished.delete(kind);
        return done;
      }
      return this.wished.delete(kind) ? done : nothing;
    },
    SuspendUser: () => {
      if (!this.alive) return ['no-such-user', 0];
      if (this.phase === 'suspended') return nothing;
      if (this.phase !== 'active') return ['user-not-active', 0];
      this.underSuspicion = true;
      return this.end('suspended');
    },
    ReactivateUser: () => {
      if (!this.alive) return ['no-such-user', 0];
      if (this.phase === 'active') return nothing;
      if (this.phase !== 'suspended') return ['not-suspended', 0];
      this.underSuspicion = false;
      this.phase = 'active';
      return done;
    },
    DeactivateUser: () => {
      if (!this.alive) return ['no-such-user', 0];
      return this.phase === 'deactivated' ? nothing : this.end('deactivated');
    },
    UndeleteUser: () => {
      if (this.phase === 'erased') return ['user-erased', 0];
      if (!this.alive) return ['no-such-user', 0];
      if (this.phase === 'active') return nothing;
      if (this.phase !== 'deactivated') return ['not-deactivated', 0];
      this.phase = this.everAccepted ? 'active' : 'invited';
      if (this.underSuspicion) this.end('suspended');
      return ['accepted', this.phase === 'active' ? 1 : 2];
    },
    EraseUser: () => {
      if (this.phase === 'erased') return nothing;
      if (!this.alive) return ['no-such-user', 0];
      this.released = [...new Set([...this.held.values(), ...this.wished.values()].map(({ claim }) => claim))];
      return this.end('erased');
    },
    RevokeSessions: () => (this.alive ? this.end(this.phase) : ['no-such-user', 0]),
    AppointAdministrator: () => this.appoint(true),
    DismissAdministrator: () => this.appoint(false),
    AbandonDeparture: () => (this.alive ? done : nothing),
  };

  private begin(
    phase: string,
    command: Extract<UserCommand, { type: 'RegisterUser' | 'InviteUser' }>,
  ): Verdict<UserRejection> {
    if (this.phase !== 'none') return ['user-exists', 0];
    this.phase = phase;
    this.everAccepted = phase === 'active';
    for (const { kind, claim, value, verified } of command.identifiers) {
      this.held.set(kind, { claim, value: value.value ?? '', verified });
    }
    this.administrator = command.administrator;
    this.locale = command.locale;
    this.name = command.profile.value?.firstName ?? '';
    const open = command.identifiers.filter(({ kind, verified }) => kind !== 'username' && !verified);
    return ['accepted', phase === 'active' ? 1 + open.length : 1];
  }

  private end(phase: string): Verdict<UserRejection> {
    this.phase = phase;
    this.endings++;
    return done;
  }

  private appoint(administrator: boolean): Verdict<UserRejection> {
    if (!this.alive) return ['no-such-user', 0];
    const already = this.administrator === administrator;
    this.administrator = administrator;
    return already ? nothing : done;
  }
}

const kind = fc.constantFrom<IdentifierKind>('email', 'phone', 'username');
/** Two spellings of one name have one claim. */
const identifier: fc.Arbitrary<Identifier> = fc
  .tuple(kind, fc.constantFrom('a', 'A', 'b', 'c'), fc.boolean())
  .map(([of, name, verified]) => ({
    ...named(of, name, verified || of === 'username'),
    claim: claimOf(`${of}.${name.toLowerCase()}`),
  }));
const person = fc.record({
  user: fc.constant(ada),
  identifiers: fc.uniqueArray(identifier, { minLength: 1, maxLength: 2, selector: (one) => one.kind }),
  profile: fc.constantFrom(personal(ada, {}), personal(ada, { firstName: 'Ada' })),
  locale: fc.constantFrom('en', 'de'),
  administrator: fc.boolean(),
});

export const commands: fc.Arbitrary<Timeless<UserCommand>> = fc.oneof(
  { weight: 2, arbitrary: person.map((one) => ({ type: 'RegisterUser', by: 'self', ...one }) as const) },
  { weight: 3, arbitrary: person.map((one) => ({ type: 'InviteUser', ...one }) as const) },
  {
    weight: 7,
    arbitrary: identifier.map(
      ({ kind: of, value, claim, verified }) =>
        ({ type: 'ChangeIdentifier', user: ada, kind: of, value, claim, verified, credentials: 1 }) as const,
    ),
  },
  {
    weight: 3,
    arbitrary: identifier.map(
      ({ kind: of, value, claim, verified }) =>
        ({ type: 'AssignIdentifier', user: ada, kind: of, value, claim, verified }) as const,
    ),
  },
  {
    weight: 6,
    arbitrary: identifier.map(
      ({ kind: of, claim }) => ({ type: 'ConfirmIdentifier', user: ada, kind: of, claim }) as const,
    ),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('RemoveIdentifier' as const),
      user: fc.constant(ada),
      kind,
      required: fc.boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constantFrom('RequestVerification', 'NoteRepeatedRegistration'),
      user: fc.constant(ada),
      kind,
    }),
  },
  {
    weight: 2,
    arbitrary: identifier.map(
      ({ kind: of, claim }) => ({ type: 'RequestVerification', user: ada, kind: of, claim }) as const,
    ),
  },
  {
    weight: 2,
    arbitrary: person.map(({ user, profile, locale }) => ({ type: 'ChangeProfile', user, profile, locale }) as const),
  },
  { weight: 2, arbitrary: fc.constant({ type: 'SuspendUser', user: ada, reason: personal(ada, 'fraud') } as const) },
  { weight: 2, arbitrary: fc.constant({ type: 'DeactivateUser', user: ada, by: 'self' } as const) },
  {
    weight: 12,
    arbitrary: fc.record({
      type: fc.constantFrom(
        'RepeatInvitation',
        'AcceptInvitation',
        'ReactivateUser',
        'ReactivateUser',
        'UndeleteUser',
        'UndeleteUser',
        'UndeleteUser',
        'RevokeSessions',
        'AppointAdministrator',
        'DismissAdministrator',
        'AbandonDeparture',
      ),
      user: fc.constant(ada),
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constantFrom('EraseUser', 'AbandonUser'), user: fc.constant(ada) }) },
);
