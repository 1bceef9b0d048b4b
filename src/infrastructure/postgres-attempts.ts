import type pg from 'pg';
import {
  type AttemptAccount,
  Attempts,
  type Authenticator,
  type AttemptSource,
  type Reservation,
  type RestoredSlot,
  type Slot,
  type SlotStatus,
} from '../application/ports/attempts.js';
import { delays, type Failures, isLocked, lockAfter } from '../domain/lockout/lockout-policy.js';
import type { LockoutPolicy } from '../domain/tenant/settings.js';
import { type Instant, instant, milliseconds, type TenantId } from '../domain/values.js';
import { countTry, insertSlots, readAccount, readSlot, remembered, slotIs, uncountTry } from './attempt-statements.js';

type Row = {
  authenticator: Authenticator;
  source: AttemptSource;
  in_window: number;
  consecutive: number;
  last_try_at: Date;
};

/** Rows restored by one statement. */
const batch = 500;

const keyOf = ({ tenant, account, authenticator, source }: Slot): string[] => [
  tenant,
  account.id,
  authenticator,
  source,
];

const failuresOf = ({ in_window, consecutive, last_try_at }: Row): Failures => ({
  inWindow: in_window,
  consecutive,
  last: instant(last_try_at.getTime()),
});

export class PostgresAttempts extends Attempts {
  constructor(private readonly pool: pg.Pool) {
    super();
  }

  async reserve(slot: Slot, policy: LockoutPolicy, at: Instant): Promise<Reservation> {
    // A locked slot is only read, so that whoever keeps trying costs no write.
    return (
      (await this.refusal(slot, policy, at)) ?? (await this.granted(slot, policy, at)) ?? this.reserve(slot, policy, at)
    );
  }

  async succeeded(slot: Slot): Promise<void> {
    await this.pool.query(`delete from attempt_slots where ${slotIs}`, keyOf(slot));
  }

  async unverified(slot: Slot, at: Instant): Promise<void> {
    await this.pool.query(uncountTry, [...keyOf(slot), at]);
    await this.pool.query(`delete from attempt_slots where ${slotIs} and consecutive = 0`, keyOf(slot));
  }

  async clear(tenant: TenantId, account: AttemptAccount): Promise<void> {
    await this.pool.query('delete from attempt_slots where tenant = $1 and account = $2', [tenant, account.id]);
  }

  async status(
    tenant: TenantId,
    account: AttemptAccount,
    policy: LockoutPolicy,
    at: Instant,
  ): Promise<readonly SlotStatus[]> {
    const { rows } = await this.pool.query<Row>(readAccount, [tenant, account.id, policy.windowSeconds]);

    return rows.map((row) => {
      const failures = failuresOf(row);
      const lock = lockAfter(policy, failures);
      return {
        authenticator: row.authenticator,
        source: row.source,
        failures: failures.inWindow,
        consecutive: failures.consecutive,
        lastTryAt: failures.last,
        lock: isLocked(lock, at) ? lock : { disabled: false },
      };
    });
  }

  async restore(slots: AsyncIterable<RestoredSlot> | Iterable<RestoredSlot>): Promise<void> {
    const client = await this.pool.connect();
    try {
      await client.query('begin');
      await client.query('lock table attempt_slots in exclusive mode');
      await client.query('delete from attempt_slots');
      let rows: object[] = [];
      for await (const slot of slots) {
        if (slot.failures.length > 0) rows.push(restoredRow(slot));
        if (rows.length === batch) {
          await client.query(insertSlots, [JSON.stringify(rows)]);
          rows = [];
        }
      }
      await client.query(insertSlots, [JSON.stringify(rows)]);
      await client.query('commit');
      client.release();
    } catch (error) {
      client.release(true);
      throw error;
    }
  }

  private async refusal(slot: Slot, policy: LockoutPolicy, at: Instant): Promise<Reservation | undefined> {
    const [row] = (await this.pool.query<Row>(readSlot, [...keyOf(slot), policy.windowSeconds])).rows;
    if (!row) return undefined;
    const failures = failuresOf(row);
    const lock = lockAfter(policy, failures);
    if (!isLocked(lock, at)) return undefined;

    return {
      granted: false,
      failures: failures.inWindow,
      disabled: lock.disabled,
      ...(lock.until && { retryAt: lock.until }),
    };
  }

  private async granted(slot: Slot, policy: LockoutPolicy, at: Instant): Promise<Reservation | undefined> {
    const { windowSeconds, enabled, hardLimit } = policy;
    const { rows } = await this.pool.query<{ failures: number; consecutive: number }>(countTry, [
      ...keyOf(slot),
      slot.account.kind === 'nobody',
      at,
      windowSeconds,
      enabled,
      hardLimit,
      delays(policy),
    ]);
    if (!rows[0]) return undefined;
    const { failures, consecutive } = rows[0];
    const lockIfWrong = lockAfter(policy, { inWindow: failures, consecutive, last: at });

    return { granted: true, failuresBefore: failures - 1, lockIfWrong };
  }
}

function restoredRow({ tenant, account, authenticator, source, failures }: RestoredSlot): object {
  const ordered = failures.toSorted((one, two) => milliseconds(one) - milliseconds(two));

  return {
    tenant,
    account: account.id,
    authenticator,
    source,
    nobody: account.kind === 'nobody',
    failures: ordered.slice(-remembered),
    consecutive: ordered.length,
    last_try_at: ordered.at(-1),
  };
}
