import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import type { AttemptSource, Reservation, Slot } from '../../src/application/ports/attempts.js';
import { defaults, type LockoutPolicy } from '../../src/domain/tenant/settings.js';
import { type ClaimId, instant, plusSeconds, type TenantId, type UserId } from '../../src/domain/values.js';
import { Database } from '../../src/infrastructure/database.js';
import { PostgresAttempts } from '../../src/infrastructure/postgres-attempts.js';
import { migratedDatabase } from '../support/vault-fixtures.js';

const tenant = '0190a1b2-0000-7000-8000-000000000001' as TenantId;
const start = instant(Date.parse('2026-03-01T12:00:00.000Z'));
const policy: LockoutPolicy = { ...defaults.lockout, threshold: 3, hardLimit: 8 };
const moment = (seconds: number) => plusSeconds(start, seconds);
const day = 86_400;

/** A slot of an account that no other example uses. */
const somebody = (): Slot => ({
  tenant,
  account: { kind: 'user', id: randomUUID() as UserId },
  authenticator: 'password',
  source: 'unknown',
});
const nobody = (): Slot => ({ ...somebody(), account: { kind: 'nobody', id: `email.${randomUUID()}` as ClaimId } });
const from = (slot: Slot, source: AttemptSource): Slot => ({ ...slot, source });

const isGranted = ({ granted }: Reservation): boolean => granted;

describe('attempt slots on PostgreSQL', () => {
  let database: Database;
  let close: () => Promise<void>;
  /** The connections of another instance of the service. */
  let other: Database;
  let attempts: PostgresAttempts;
  let elsewhere: PostgresAttempts;

  before(async () => {
    ({ database, close } = await migratedDatabase());
    other = new Database(database.config);
    attempts = new PostgresAttempts(database.pool);
    elsewhere = new PostgresAttempts(other.pool);
  });

  after(async () => {
    await other.close();
    await close();
  });

  /** Wrong tries at the given seconds. */
  const fail = async (slot: Slot, ...seconds: readonly number[]): Promise<Reservation[]> => {
    const reservations: Reservation[] = [];
    for (const each of seconds) reservations.push(await attempts.reserve(slot, policy, moment(each)));
    return reservations;
  };
  const grants = async (slot: Slot, ...seconds: readonly number[]) => (await fail(slot, ...seconds)).map(isGranted);

  it('lets the threshold through, says what came before, and what a failure will cost', async () => {
    expect(await fail(somebody(), 0, 1, 2, 3)).to.deep.equal([
      { granted: true, failuresBefore: 0, lockIfWrong: { disabled: false } },
      { granted: true, failuresBefore: 1, lockIfWrong: { disabled: false } },
      { granted: true, failuresBefore: 2, lockIfWrong: { until: moment(32), disabled: false } },
      { granted: false, failures: 3, retryAt: moment(32), disabled: false },
    ]);
  });

  it('counts tries that overtake each other on the way', async () => {
    const slot = somebody();
    expect(await grants(slot, 2, 1, 0, 3)).to.deep.equal([true, true, true, false]);
    expect(await attempts.reserve(slot, policy, moment(0))).to.include({ granted: false, retryAt: moment(32) });
  });

  it('makes every further failure wait twice as long, and counts no refused try', async () => {
    const slot = somebody();
    expect(await grants(slot, 0, 0, 0)).to.deep.equal([true, true, true]);
    expect(await grants(slot, 29.999, 30)).to.deep.equal([false, true]);
    expect(await grants(slot, 31, 89.999, 90)).to.deep.equal([false, false, true]);
    expect(await grants(slot, 91, 209.999, 210)).to.deep.equal([false, false, true]);
  });

  describe('of 200 parallel wrong tries (VC-09)', () => {
    for (const [name, make] of Object.entries({ 'an account': somebody, nobody })) {
      it(`verifies the threshold and refuses the rest, for ${name}, over two instances`, async () => {
        for (let round = 0; round < 5; round += 1) {
          const slot = make();
          const outcomes = await Promise.all(
            Array.from({ length: 200 }, (_, index) =>
              (index % 2 ? attempts : elsewhere).reserve(slot, defaults.lockout, start),
            ),
          );

          expect(outcomes.filter(isGranted)).to.have.length(defaults.lockout.threshold);
          expect(outcomes.filter((outcome) => !isGranted(outcome))).to.have.length(190);
          const counted = outcomes.flatMap((outcome) => (outcome.granted ? [outcome.failuresBefore] : []));
          expect(counted.toSorted((one, two) => one - two)).to.deep.equal([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
        }
      });
    }

    it('verifies one more each time a delay is over, and none after the hard limit', async () => {
      const slot = somebody();
      const verified: number[] = [];
      for (const at of [0, 3_600, 7_200, 10_800, 14_400, 18_000, 21_600].map(moment)) {
        const outcomes = await Promise.all(Array.from({ length: 40 }, () => attempts.reserve(slot, policy, at)));
        verified.push(outcomes.filter(isGranted).length);
      }

      expect(verified).to.deep.equal([3, 1, 1, 1, 1, 1, 0]);
      expect(await attempts.reserve(slot, policy, moment(1_000 * day))).to.deep.equal({
        granted: false,
        failures: 8,
        disabled: true,
      });
    });
  });

  it('forgets failures that left the window, one by one', async () => {
    const slot = somebody();
    const short = { ...policy, windowSeconds: 100 };
    const at = async (second: number): Promise<number | undefined> => {
      const reservation = await attempts.reserve(slot, short, moment(second));
      return reservation.granted ? reservation.failuresBefore : undefined;
    };

    expect([await at(0), await at(60), await at(99.999), await at(160), await at(400)]).to.deep.equal([0, 1, 2, 1, 0]);
  });

  it('does not shorten a delay that is longer than the window', async () => {
    const slot = somebody();
    const lock = { ...policy, windowSeconds: 300, firstDelaySeconds: 1_800 };
    for (const each of [0, 1, 2]) await attempts.reserve(slot, lock, moment(each));

    expect(isGranted(await attempts.reserve(slot, lock, moment(1_801)))).to.equal(false);
    expect(isGranted(await attempts.reserve(slot, lock, moment(1_802)))).to.equal(true);
  });

  it('counts consecutive failures however far apart (NI-05)', async () => {
    const slot = somebody();
    const days = [0, 2, 4, 6, 8, 10, 12].map((number) => number * day);

    expect(await grants(slot, ...days)).to.deep.equal(days.map(() => true));
    expect(await grants(slot, 14 * day, 16 * day)).to.deep.equal([true, false]);
  });

  it('forgets the failures of a slot that succeeds, and of no other', async () => {
    const slot = somebody();
    const code: Slot = { ...slot, authenticator: 'totp' };
    await fail(slot, 0, 1);
    await fail(code, 0, 1, 2);
    await attempts.succeeded(slot);

    expect(await fail(slot, 5)).to.have.deep.nested.property('[0].failuresBefore', 0);
    expect(await grants(code, 5)).to.deep.equal([false]);
  });

  it('keeps a known device usable while the world guesses, and gives the world one class (VC-10)', async () => {
    const slot = somebody();
    const device = from(slot, 'device:laptop' as AttemptSource);
    for (let round = 0; round < 20; round += 1) await attempts.reserve(slot, policy, moment(round * 3_600));

    expect(await grants(slot, 21 * 3_600)).to.deep.equal([false]);
    expect(await grants(device, 21 * 3_600)).to.deep.equal([true]);
    await attempts.succeeded(device);
    expect(await grants(slot, 22 * 3_600)).to.deep.equal([false]);
  });

  it('counts wrong codes apart from wrong passwords (Keycloak #46164)', async () => {
    const slot = somebody();
    await fail(slot, 0, 1, 2);

    expect(await grants({ ...slot, authenticator: 'totp' }, 3)).to.deep.equal([true]);
    expect(await grants(slot, 3)).to.deep.equal([false]);
  });

  it('tells tenants apart', async () => {
    const slot = somebody();
    await fail(slot, 0, 1, 2);

    expect(await grants({ ...slot, tenant: randomUUID() as TenantId }, 3)).to.deep.equal([true]);
  });

  it('gives back a try that was never verified, once', async () => {
    const slot = somebody();
    await fail(slot, 0, 1, 2);
    await attempts.unverified(slot, moment(2));
    await attempts.unverified(slot, moment(2));

    expect(await attempts.status(tenant, slot.account, policy, moment(3))).to.deep.equal([
      {
        authenticator: 'password',
        source: 'unknown',
        failures: 2,
        consecutive: 2,
        lastTryAt: moment(1),
        lock: { disabled: false },
      },
    ]);
    expect(await grants(slot, 3, 4)).to.deep.equal([true, false]);
  });

  it('leaves nothing of a slot whose only try was given back', async () => {
    const slot = somebody();
    await fail(slot, 0);
    await attempts.unverified(slot, moment(0));

    expect(await attempts.status(tenant, slot.account, policy, moment(1))).to.deep.equal([]);
  });

  it('clears every slot of an account', async () => {
    const slot = somebody();
    const slots = [slot, from(slot, 'device:laptop' as AttemptSource), { ...slot, authenticator: 'totp' } as Slot];
    for (const each of slots) await fail(each, 0, 1, 2);
    await attempts.clear(tenant, slot.account);

    for (const each of slots) expect(await grants(each, 3)).to.deep.equal([true]);
  });

  it('shows what is locked at a time', async () => {
    const slot = somebody();
    await fail(slot, 0, 1, 2);
    const locks = async (second: number) =>
      (await attempts.status(tenant, slot.account, policy, moment(second))).map(({ lock }) => lock);

    expect(await locks(31)).to.deep.equal([{ until: moment(32), disabled: false }]);
    expect(await locks(32)).to.deep.equal([{ disabled: false }]);
  });

  it('follows a policy that changes', async () => {
    const slot = somebody();
    await fail(slot, 0, 1, 2);

    expect(isGranted(await attempts.reserve(slot, { ...policy, threshold: 5 }, moment(3)))).to.equal(true);
    expect(isGranted(await attempts.reserve(slot, { ...policy, hardLimit: 4 }, moment(9 * day)))).to.equal(false);
    expect(isGranted(await attempts.reserve(slot, { ...policy, enabled: false }, moment(3)))).to.equal(true);
  });

  it('stays small where a tenant locks nobody', async () => {
    const slot = somebody();
    const never = { ...policy, enabled: false };
    for (let round = 0; round < 250; round += 1) await attempts.reserve(slot, never, moment(round / 1_000));
    const [status] = await attempts.status(tenant, slot.account, policy, moment(1));

    expect(status).to.include({ failures: 200, consecutive: 250 });
  });

  it('replaces everything by what the log says', async () => {
    const [forgotten, restored, empty] = [somebody(), somebody(), somebody()];
    await fail(forgotten, 0, 1, 2);
    await attempts.restore([
      { ...restored, failures: [moment(2), moment(0), moment(1)] },
      { ...empty, failures: [] },
    ]);

    expect(await grants(forgotten, 3)).to.deep.equal([true]);
    expect(await fail(restored, 3)).to.deep.equal([
      { granted: false, failures: 3, retryAt: moment(32), disabled: false },
    ]);
    expect(await attempts.status(tenant, empty.account, policy, moment(3))).to.deep.equal([]);
  });

  it('restores more slots than fit one statement', async () => {
    const slots = Array.from({ length: 1_201 }, () => ({ ...somebody(), failures: [moment(0)] }));
    await attempts.restore(slots);
    const { rows } = await database.pool.query('select count(*)::int as count from attempt_slots');

    expect(rows).to.deep.equal([{ count: 1_201 }]);
  });
});
