import type pg from 'pg';

export type UnfinishedErasures = Readonly<{
  /** Data keys destroyed since their tenant's key was last replaced. */
  keys: number;
  /** When the oldest of them was destroyed. */
  since: Date | undefined;
}>;

export type BegunErasureCount = Readonly<{
  people: number;
  /** When the oldest began. */
  since: Date | undefined;
}>;

/** Tenants whose present or previous key may still open, from a backup, what has been destroyed. */
export const exposed = `t.destroyed_at is null and (t.wrapped_previous is not null or exists (
  select from vault_keys k where k.tenant = t.tenant and k.destroyed_at >= t.rotated_at))`;

/** What has been destroyed and is not final yet: the keys that wrapped it are to be replaced. */
export class ErasuresInProgress {
  constructor(private readonly pool: pg.Pool) {}

  async unfinished(): Promise<UnfinishedErasures> {
    const { rows } = await this.pool.query<{ keys: number; since: Date | null }>(
      `select count(*)::integer as keys, min(k.destroyed_at) as since
         from vault_keys k join vault_tenants t on t.tenant = k.tenant
        where k.destroyed_at is not null and ${exposed} and k.destroyed_at >= t.rotated_at`,
    );
    return { keys: rows[0]?.keys ?? 0, since: rows[0]?.since ?? undefined };
  }

  /** What began and has not come to its end: perhaps nothing is destroyed yet. */
  async begun(): Promise<BegunErasureCount> {
    const { rows } = await this.pool.query<{ people: number; since: Date | null }>(
      'select count(*)::integer as people, min(begun_at) as since from begun_erasures',
    );
    return { people: rows[0]?.people ?? 0, since: rows[0]?.since ?? undefined };
  }
}
