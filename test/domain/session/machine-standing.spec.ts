import { expect } from 'chai';
import { type MachineStanding, machineStanding, type StandingFacts } from '../../../src/domain/session/standing.js';
import { frozen } from '../../support/deciding.js';
import { after, hour, start } from '../../support/moments.js';

const now = after(600);
const untouched: Required<Pick<StandingFacts, 'tenant' | 'client' | 'token' | 'tokenRevoked' | 'keyPublished'>> =
  frozen({
    tenant: { status: 'active', epoch: 1 },
    client: { status: 'enabled', epoch: 4 },
    token: { kind: 'machine', client: 'orders', epochs: { tenant: 1, client: 4 }, expiresAt: after(hour) },
    tokenRevoked: false,
    keyPublished: true,
  });
const { tenant, client, token } = untouched;
const person = { ...token, kind: 'person' } as const;

const without = (name: keyof typeof untouched): StandingFacts => {
  const { [name]: _, ...others } = untouched;
  return { tokenRevoked: false, ...others };
};

const changes: readonly (readonly [what: string, facts: StandingFacts, verdict: MachineStanding])[] = [
  ['nothing', untouched, 'alive'],
  ['nothing was signed', without('keyPublished'), 'alive'],
  ['it has no fact of its own', without('token'), 'no-such-token'],
  ['its fact is of a person’s token', { ...untouched, token: person }, 'no-such-token'],
  ['the tenant has no row', without('tenant'), 'no-such-token'],
  ['the client has no row', without('client'), 'no-such-token'],
  ['it was revoked', { ...untouched, tokenRevoked: true }, 'token-revoked'],
  ['the key that signed is retired', { ...untouched, keyPublished: false }, 'key-retired'],
  ['the tenant is suspended', { ...untouched, tenant: { ...tenant, status: 'suspended' } }, 'tenant-not-active'],
  ['the tenant was suspended and came back', { ...untouched, tenant: { ...tenant, epoch: 2 } }, 'superseded'],
  ['the client is disabled', { ...untouched, client: { ...client, status: 'disabled' } }, 'client-not-enabled'],
  ['the client is removed', { ...untouched, client: { ...client, status: 'removed' } }, 'client-not-enabled'],
  ['the client has another secret', { ...untouched, client: { ...client, epoch: 5 } }, 'superseded'],
  ['it was made under an epoch to come', { ...untouched, client: { ...client, epoch: 3 } }, 'superseded'],
  ['its policy goes on', { ...untouched, policy: 'open' }, 'alive'],
  ['its policy ends later', { ...untouched, policy: after(601) }, 'alive'],
  ['its policy ended', { ...untouched, policy: now }, 'policy-ended'],
  ['its policy is unknown', { ...untouched, policy: 'unknown' }, 'policy-ended'],
  ['it ends now', { ...untouched, token: { ...token, expiresAt: now } }, 'token-expired'],
  ['it has ended', { ...untouched, token: { ...token, expiresAt: start } }, 'token-expired'],
  ['there is nothing at all', { tokenRevoked: false }, 'no-such-token'],
];

describe('the standing of a machine’s token', () => {
  for (const [what, facts, verdict] of changes) {
    it(`is ${verdict} when ${what}`, () => expect(machineStanding(facts, now)).to.equal(verdict));
  }
});
