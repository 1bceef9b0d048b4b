import { hash } from 'node:crypto';
import type pg from 'pg';
import {
  type DeviceAnswer,
  DeviceCodes,
  type NewDeviceCode,
  type WaitingDevice,
} from '../application/ports/device-codes.js';
import type { Vault } from '../application/ports/vault.js';
import type { Authorized } from '../domain/authorization/authorized.js';
import type { ClientId, Instant, TenantId } from '../domain/values.js';

type Polled = { status: string; payload: string | null; too_fast: boolean; expired: boolean };

/** Of many who redeem at once the row's lock lets one through; the others find it redeemed. */
const poll = `
  with before as (
    select status, payload, expires_at <= $4 as expired,
           coalesce(polled_at + make_interval(secs => interval_seconds) > $4, false) as too_fast
      from device_codes where tenant = $1 and device_hash = $2 and client = $3 for update
  )
  update device_codes set
    polled_at = $4,
    interval_seconds = interval_seconds + case when before.too_fast then 5 else 0 end,
    status = case when before.status = 'approved' and not before.expired then 'redeemed' else device_codes.status end
    from before where tenant = $1 and device_hash = $2
  returning before.*`;

/** A user code has too few bits for a plain hash: it is named by a MAC under the tenant's key. */
export class PostgresDeviceCodes extends DeviceCodes {
  constructor(
    private readonly pool: pg.Pool,
    private readonly vault: Vault,
  ) {
    super();
  }

  async put({ tenant, deviceCode, userCode, client, scope, interval, expiresAt }: NewDeviceCode): Promise<void> {
    await this.pool.query({
      name: 'put-device-code',
      text: `insert into device_codes (tenant, device_hash, user_mac, client, scope, interval_seconds, expires_at)
             values ($1, $2, $3, $4, $5, $6, $7)`,
      values: [tenant, hashOf(deviceCode), await this.#mac(tenant, userCode), client, scope, interval, expiresAt],
    });
  }

  async waiting(tenant: TenantId, userCode: string, at: Instant): Promise<WaitingDevice | undefined> {
    const { rows } = await this.pool.query<{ client: ClientId; scope: string[] }>({
      name: 'waiting-device',
      text: `select client, scope from device_codes
              where tenant = $1 and user_mac = $2 and status = 'waiting' and expires_at > $3`,
      values: [tenant, await this.#mac(tenant, userCode), at],
    });
    return rows[0];
  }

  async decide(tenant: TenantId, userCode: string, verdict: Authorized | 'denied', at: Instant): Promise<boolean> {
    const clear = verdict === 'denied' ? undefined : Buffer.from(JSON.stringify(verdict));
    const payload = clear && (await this.vault.seal(key(tenant), clear, aad(tenant)));
    const { rowCount } = await this.pool.query({
      name: 'decide-device',
      text: `update device_codes set status = $4, payload = $5
              where tenant = $1 and user_mac = $2 and status = 'waiting' and expires_at > $3`,
      values: [tenant, await this.#mac(tenant, userCode), at, clear ? 'approved' : 'denied', payload ?? null],
    });
    return rowCount === 1;
  }

  async poll(tenant: TenantId, client: ClientId, deviceCode: string, at: Instant): Promise<DeviceAnswer> {
    const values = [tenant, hashOf(deviceCode), client, at];
    const { rows } = await this.pool.query<Polled>({ name: 'poll-device', text: poll, values });
    const [row] = rows;
    if (!row || row.status === 'redeemed') return { status: 'unknown' };
    if (row.expired) return { status: 'expired' };
    if (row.status === 'denied') return { status: 'denied' };
    if (row.status === 'waiting') return { status: row.too_fast ? 'too-fast' : 'pending' };
    const clear = await this.vault.open(key(tenant), row.payload ?? '', aad(tenant));
    if (!clear) return { status: 'unknown' };
    return { status: 'approved', authorized: JSON.parse(Buffer.from(clear).toString('utf8')) as Authorized };
  }

  async expire(before: Instant): Promise<number> {
    return (await this.pool.query('delete from device_codes where expires_at < $1', [before])).rowCount ?? 0;
  }

  async #mac(tenant: TenantId, userCode: string): Promise<Buffer> {
    return Buffer.from(await this.vault.mac(tenant, 'device-user-code.v1', userCode));
  }
}

const hashOf = (code: string): Buffer => hash('sha256', code, 'buffer');
const key = (tenant: TenantId) => ({ tenant, scope: 'tenant', id: 'device-codes' }) as const;
const aad = (tenant: TenantId): string => `device-code|${tenant}`;
