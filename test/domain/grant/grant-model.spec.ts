import { expect } from 'chai';
import fc from 'fast-check';
import {
  type Grant,
  type GrantCommand,
  type GrantEnd,
  type GrantEvent,
  type GrantRejection,
  grant,
} from '../../../src/domain/grant/grant.js';
import { milliseconds } from '../../../src/domain/values.js';
import { agreesWithModel, type Model, type Timeless, type Verdict } from '../../support/model.js';
import { after, day, hour } from '../../support/moments.js';
import { shop, terms, thief } from './family.js';

type Seen = { tokens: number; end: GrantEnd | ''; expiresAt: string };
type Give = Extract<GrantCommand, { type: 'GiveGrant' }>;
type Refresh = Extract<GrantCommand, { type: 'RefreshGrant' }>;

/** A family as a line of births: the nth token was born when its predecessor was traded. */
class Family implements Model<GrantCommand, GrantEvent, GrantRejection, Seen> {
  private terms: Give | undefined;
  private readonly births: number[] = [];
  private end: GrantEnd | '' = '';
  private askedAgain = 0;
  private forestalled = false;
  private visited = 0;

  run(command: GrantCommand): Verdict<GrantRejection> {
    if (command.type === 'GiveGrant') {
      if (this.terms || this.forestalled) return ['grant-exists', 0];
      this.terms = command;
      this.births.push(milliseconds(command.at));
      return ['accepted', 1];
    }
    if (command.type === 'ForestallGrant') return this.forestall();
    if (this.forestalled || !this.terms) return ['no-such-grant', 0];
    if (command.type === 'RefreshGrant') return this.refresh(command, this.terms);
    if (command.type === 'UseGrant') return this.use(milliseconds(command.at), this.terms);
    if (this.end !== '') return ['accepted', 0];
    this.end = command.reason;
    return ['accepted', 1];
  }

  seen(): Seen {
    return {
      tokens: this.end === '' ? this.births.length : 0,
      end: this.end,
      expiresAt: this.end === '' ? (this.terms?.expiresAt ?? '') : '',
    };
  }

  note({ type }: GrantEvent): void {
    if (type === 'grant.refreshed') expect(this.end, 'an ended family has no more children').to.equal('');
  }

  private use(now: number, given: Give): Verdict<GrantRejection> {
    if (this.end !== '') return ['grant-revoked', 0];
    const idle = given.idleSeconds * 1_000;
    if (now - this.lastSeen() >= idle || now >= milliseconds(given.expiresAt)) return ['grant-expired', 0];
    if (now - this.lastSeen() < idle / 24) return ['accepted', 0];
    this.visited = now;
    return ['accepted', 1];
  }

  private lastSeen(): number {
    return Math.max(this.births.at(-1) ?? 0, this.visited);
  }

  private forestall(): Verdict<GrantRejection> {
    if (this.forestalled || this.end !== '') return ['accepted', 0];
    if (this.terms) this.end = 'code-reused';
    else this.forestalled = true;
    return ['accepted', 1];
  }

  private refresh({ client, generation, scope, at }: Refresh, given: Give): Verdict<GrantRejection> {
    const now = milliseconds(at);
    if (client !== given.client) return ['grant-of-another-client', 0];
    if (this.end !== '') return ['grant-revoked', 0];
    if (this.births[generation - 1] === undefined) return ['no-such-grant', 0];
    const tradedAt = this.births[generation];
    const youngest = this.births.length;
    if (tradedAt !== undefined) {
      const moment = given.graceSeconds * 1_000;
      const late = generation < youngest - 1 || moment === 0 || now > tradedAt + moment || now < tradedAt - moment;
      if (late) {
        this.end = 'reuse-detected';
        return ['refresh-token-reused', 2];
      }
    }
    const idle = now - this.lastSeen() >= given.idleSeconds * 1_000;
    if (idle || now >= milliseconds(given.expiresAt)) return ['grant-expired', 0];
    if (scope && !scope.every((one) => given.scope.includes(one))) return ['scope-too-wide', 0];
    if (tradedAt !== undefined) {
      if (this.askedAgain === 10) return ['too-many-retries', 0];
      this.askedAgain += 1;
      return ['accepted', 1];
    }
    this.askedAgain = 0;
    this.births.push(now);
    return ['accepted', 1];
  }
}

/** Generations count from the newest one here: 0 is the newest, -1 its predecessor. */
const commands: fc.Arbitrary<Timeless<GrantCommand>> = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('GiveGrant' as const),
      user: fc.constant(terms.user),
      session: fc.constant(terms.session),
      client: fc.constant(shop),
      scope: fc.constant(terms.scope),
      claims: fc.constant(terms.claims),
      resources: fc.constant(terms.resources),
      epochs: fc.constant(terms.epochs),
      idleSeconds: fc.constantFrom(2 * hour, day),
      graceSeconds: fc.constantFrom(0, 5, 10),
      expiresAt: fc.constantFrom(after(hour), after(30 * day)),
    }),
  },
  {
    weight: 12,
    arbitrary: fc.record(
      {
        type: fc.constant('RefreshGrant' as const),
        client: fc.constantFrom(shop, shop, shop, shop, thief),
        generation: fc.constantFrom(...Array.from({ length: 14 }, () => 0), -1, -1, -1, -2, 1, -5),
        scope: fc.constantFrom(['openid'], ['openid', 'admin'], []),
      },
      { requiredKeys: ['type', 'client', 'generation'] },
    ),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('RevokeGrant' as const),
      reason: fc.constantFrom<GrantEnd>('revoked', 'signed-out'),
    }),
  },
  { weight: 2, arbitrary: fc.constant({ type: 'UseGrant' } as const) },
  { weight: 1, arbitrary: fc.constant({ type: 'ForestallGrant', user: terms.user } as const) },
);

describe('random grants', () => {
  agreesWithModel({
    shares: 4,
    aggregate: grant,
    commands,
    aimed: (command, state) =>
      command.type === 'RefreshGrant' && state.status === 'active'
        ? { ...command, generation: state.generation + command.generation }
        : command,
    model: () => new Family(),
    seen: (state: Grant): Seen => ({
      tokens: state.status === 'active' ? state.generation : 0,
      end: state.status === 'revoked' ? state.reason : '',
      expiresAt: state.status === 'active' ? state.expiresAt : '',
    }),
    invariants: (before, next) => {
      if (before.status === 'revoked') expect(next.status).to.equal('revoked');
      if (before.status === 'active' && next.status === 'active') {
        expect(next.generation).to.be.within(before.generation, before.generation + 1);
      }
    },
  });
});
