import { expect } from 'chai';
import { firstPartyClient } from '../../../src/domain/client/client.js';
import { type Standing, type StandingFacts, standing } from '../../../src/domain/session/standing.js';
import { frozen } from '../../support/deciding.js';
import { after, day, hour, start } from '../../support/moments.js';

const now = after(600);

/** Everything as it was when the session began. */
const untouched: Required<Omit<StandingFacts, 'token' | 'policy'>> = frozen({
  tenant: { status: 'active', epoch: 1 },
  user: { status: 'active', epoch: 2 },
  credentials: { epoch: 3 },
  client: { status: 'enabled', epoch: 4 },
  session: {
    status: 'active',
    user: 'ada',
    epochs: { tenant: 1, user: 2, credentials: 3 },
    expiresAt: after(day),
  },
  grant: { status: 'active', session: 's1', client: 'shop', clientEpoch: 4, idleUntil: after(hour) },
  keyPublished: true,
  tokenRevoked: false,
});
const { tenant, user, client, session, grant } = untouched;

/** As made for a client whose epoch is still the first one. */
const neverRaised = { ...grant, clientEpoch: 0 };

/** Given for when the person is away. */
const offline = { ...grant, offline: true };

const without = (name: keyof typeof untouched): StandingFacts => {
  const { [name]: _, ...others } = untouched;
  return others as StandingFacts;
};

/** One thing changed since, and the verdict that follows. */
const changes: readonly (readonly [what: string, facts: StandingFacts, verdict: Standing])[] = [
  ['nothing', untouched, 'alive'],
  ['the tenant has no row', without('tenant'), 'no-such-session'],
  ['the tenant is suspended', { ...untouched, tenant: { ...tenant, status: 'suspended' } }, 'tenant-not-active'],
  ['the tenant is removed', { ...untouched, tenant: { ...tenant, status: 'removed' } }, 'tenant-not-active'],
  ['the tenant was suspended and came back', { ...untouched, tenant: { ...tenant, epoch: 2 } }, 'superseded'],
  ['the person has no row', without('user'), 'no-such-session'],
  ['the person is suspended', { ...untouched, user: { ...user, status: 'suspended' } }, 'user-not-active'],
  ['the person is deactivated', { ...untouched, user: { ...user, status: 'deactivated' } }, 'user-not-active'],
  ['the person is erased', { ...untouched, user: { ...user, status: 'erased' } }, 'user-not-active'],
  ['the person is only invited', { ...untouched, user: { ...user, status: 'invited' } }, 'user-not-active'],
  ['the sessions of the person were revoked', { ...untouched, user: { ...user, epoch: 3 } }, 'superseded'],
  ['the credentials have no row', without('credentials'), 'superseded'],
  ['the password was changed', { ...untouched, credentials: { epoch: 4 } }, 'superseded'],
  ['the client has no row', { ...without('client'), grant: neverRaised }, 'client-not-enabled'],
  ['the client is disabled', { ...untouched, client: { ...client, status: 'disabled' } }, 'client-not-enabled'],
  ['the client is removed', { ...untouched, client: { ...client, status: 'removed' } }, 'client-not-enabled'],
  ['the secret of the client was rotated', { ...untouched, client: { ...client, epoch: 5 } }, 'superseded'],
  ['the session has no row', without('session'), 'no-such-session'],
  ['the session never began', { ...untouched, session: { ...session, status: 'none' } }, 'no-such-session'],
  ['the session has ended', { ...untouched, session: { ...session, status: 'ended' } }, 'session-ended'],
  ['somebody signed out', { ...untouched, session: { ...session, status: 'signed-out' } }, 'session-ended'],
  ['the session expires now', { ...untouched, session: { ...session, expiresAt: now } }, 'session-expired'],
  ['the session has expired', { ...untouched, session: { ...session, expiresAt: start } }, 'session-expired'],
  ['the grant has no row', without('grant'), 'no-such-session'],
  ['the grant is revoked', { ...untouched, grant: { ...grant, status: 'revoked' } }, 'grant-revoked'],
  ['the grant was never given', { ...untouched, grant: { ...grant, status: 'none' } }, 'grant-revoked'],
  ['the session goes idle now', { ...untouched, grant: { ...grant, idleUntil: now } }, 'session-idle'],
  ['the session is idle', { ...untouched, grant: { ...grant, idleUntil: start } }, 'session-idle'],
  ['the key that signed is retired', { ...untouched, keyPublished: false }, 'key-retired'],
  ['the policy that it was made under ends now', { ...untouched, policy: now }, 'policy-ended'],
  ['the policy that it was made under is unknown', { ...untouched, policy: 'unknown' }, 'policy-ended'],
  ['the token is revoked', { ...untouched, tokenRevoked: true }, 'token-revoked'],
  ['there is nothing at all', { tokenRevoked: false }, 'no-such-session'],
];

describe('the standing of a session', () => {
  for (const [what, facts, verdict] of changes) {
    it(`is ${verdict} when ${what}`, () => expect(standing(facts, now)).to.equal(verdict));
  }

  it('is alive for the service and its own client, which has no row', () => {
    const own = { ...neverRaised, client: firstPartyClient };
    expect(standing({ ...without('client'), grant: own }, now)).to.equal('alive');
    expect(standing({ ...without('client'), grant: { ...own, clientEpoch: 4 } }, now)).to.equal('superseded');
  });

  it('is alive for a person who never had a credential', () => {
    const passwordless = { ...session, epochs: { ...session.epochs, credentials: 0 } };
    expect(standing({ ...without('credentials'), session: passwordless }, now)).to.equal('alive');
  });

  it('is alive without an idle limit', () => {
    expect(
      standing({ ...untouched, grant: { status: 'active', session: 's1', client: 'shop', clientEpoch: 4 } }, now),
    ).to.equal('alive');
  });

  it('compares every epoch, in both directions', () => {
    for (const name of ['tenant', 'user', 'credentials'] as const) {
      for (const step of [-1, 1]) {
        const epochs = { ...session.epochs, [name]: session.epochs[name] + step };
        expect(standing({ ...untouched, session: { ...session, epochs } }, now), name).to.equal('superseded');
      }
    }
    for (const clientEpoch of [3, 5]) {
      expect(standing({ ...untouched, grant: { ...grant, clientEpoch } }, now)).to.equal('superseded');
    }
  });

  it('of a grant for when the person is away outlives signing out and the end of the session', () => {
    const signedOut = { ...session, status: 'signed-out' };
    expect(standing({ ...untouched, session: signedOut, grant: offline }, now)).to.equal('alive');
    expect(standing({ ...untouched, session: { ...session, expiresAt: now }, grant: offline }, now)).to.equal('alive');
    expect(standing({ ...untouched, session: { ...session, status: 'ended' }, grant: offline }, now)).to.equal(
      'session-ended',
    );
    const renamed = { ...signedOut, epochs: { ...session.epochs, credentials: 2 } };
    expect(standing({ ...untouched, session: renamed, grant: offline }, now)).to.equal('superseded');
  });

  it('is alive only if no single change is among those that happened', () => {
    for (const [one, { ...first }] of changes.slice(1)) {
      for (const [other, second] of changes.slice(1)) {
        const both = Object.fromEntries(
          Object.entries({ ...first, ...differences(second) }).filter(([, value]) => value !== undefined),
        ) as StandingFacts;
        expect(standing(both, now), `${one}, and ${other}`).to.not.equal('alive');
      }
    }
  });

  it('has every verdict', () => {
    const all: Record<Standing, true> = {
      alive: true,
      'no-such-session': true,
      'token-revoked': true,
      'key-retired': true,
      'policy-ended': true,
      'session-ended': true,
      'session-expired': true,
      'session-idle': true,
      'grant-revoked': true,
      'tenant-not-active': true,
      'user-not-active': true,
      'client-not-enabled': true,
      superseded: true,
    };
    expect(new Set(changes.map(([, , verdict]) => verdict))).to.deep.equal(new Set(Object.keys(all)));
  });
});

/** What a change replaces; what it takes away is there as undefined. */
const differences = (facts: StandingFacts): object =>
  Object.fromEntries(
    (Object.keys(untouched) as (keyof typeof untouched)[])
      .filter((name) => facts[name] !== untouched[name])
      .map((name) => [name, facts[name]]),
  );
