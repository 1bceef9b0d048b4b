import type pg from 'pg';
import type { TenantId } from '../../domain/values.js';
import type { FileRootKeys } from './file-root-keys.js';
import type { RootKeyRotation } from './root-key-rotation.js';
import { exposed } from './erasures-in-progress.js';
import type { Progress, TenantKeyRotation } from './tenant-key-rotation.js';

/**
 * Makes destruction final. A destroyed data key still stands, wrapped, in dead rows, in the write-ahead log and in
 * backups. So the tenant keys that wrapped such keys are replaced, the survivors move to the new ones under a new root
 * version, and the old root versions are destroyed: what wrapped the dead keys can no longer be unwrapped, wherever
 * copies of it are.
 */
export class ErasureCompletion {
  constructor(
    private readonly pool: pg.Pool,
    private readonly rootKeys: FileRootKeys,
    private readonly tenantKeys: TenantKeyRotation,
    private readonly rootRotation: RootKeyRotation,
  ) {}

  /** First step; run again after an interruption. @returns the number of tenants whose key was replaced */
  async replaceKeys(progress: Progress = () => undefined): Promise<number> {
    // First of all: a tenant key that wraps dead keys must never be wrapped under the root version that stays.
    await this.rootKeys.addVersion();
    const tenants = await this.exposedTenants();
    for (const [index, tenant] of tenants.entries()) {
      await this.tenantKeys.rotate(tenant);
      progress(index + 1, tenants.length);
    }
    await this.rootRotation.rotate();
    return tenants.length;
  }

  /**
   * Last step, after a backup has been made since the first one: what was backed up before, erased people included, can
   * never be opened again. Versions that something is still wrapped under stay, and those that nothing has been wrapped
   * under for less than so many days.
   * @returns the root versions that were destroyed
   */
  async destroyOldVersions(days = 0): Promise<readonly string[]> {
    const due = await this.retired(await this.unused(), days);
    for (const version of due) await this.rootKeys.destroyVersion(version);
    await this.pool.query('delete from vault_retired_roots where version = any ($1)', [due]);
    return due;
  }

  /**
   * Both steps as far as they are due, also what was interrupted. `backupDays`: how long backups are kept.
   * @returns the number of tenant keys replaced and root versions destroyed
   */
  async advance(backupDays: number): Promise<number> {
    const isDue = (await this.exposedTenants()).length > 0;
    const replaced = isDue ? await this.replaceKeys() : 0;
    if (!isDue) await this.rootRotation.rotate();
    return replaced + (await this.destroyOldVersions(backupDays)).length;
  }

  private async exposedTenants(): Promise<readonly TenantId[]> {
    const { rows } = await this.pool.query<{ tenant: TenantId }>(`select tenant from vault_tenants t where ${exposed}`);
    return rows.map(({ tenant }) => tenant);
  }

  private async unused(): Promise<readonly string[]> {
    const used = new Set([await this.rootKeys.current(), ...(await this.rootRotation.versionsInUse())]);
    return (await this.rootKeys.versions()).filter((version) => !used.has(version));
  }

  /** Those that have been so for long enough; the time of the others begins now. */
  private async retired(versions: readonly string[], days: number): Promise<readonly string[]> {
    await this.pool.query(
      'insert into vault_retired_roots (version) select unnest($1::text[]) on conflict (version) do nothing',
      [versions],
    );
    const { rows } = await this.pool.query<{ version: string }>(
      `select version from vault_retired_roots
        where version = any ($1) and retired_at <= clock_timestamp() - make_interval(days => $2)`,
      [versions, days],
    );
    return rows.map(({ version }) => version);
  }
}
