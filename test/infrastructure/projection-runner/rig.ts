import pg from 'pg';
import { filter, firstValueFrom, ReplaySubject } from 'rxjs';
import type { Position, StreamName } from '../../../src/application/ports/event-log.js';
import { type Foldable, FoldedStreams } from '../../../src/infrastructure/folded-streams.js';
import type { AnyInlineModel } from '../../../src/infrastructure/inline-models.js';
import { Database } from '../../../src/infrastructure/database.js';
import { migrate } from '../../../src/infrastructure/migrations/migrate.js';
import { Announcements } from '../../../src/infrastructure/projection-runner/announcements.js';
import { CheckpointFreshness } from '../../../src/infrastructure/projection-runner/checkpoint-freshness.js';
import type { Pace } from '../../../src/infrastructure/projection-runner/following.js';
import type { Notice } from '../../../src/infrastructure/projection-runner/health.js';
import { Leases } from '../../../src/infrastructure/projection-runner/leases.js';
import { type Faults, handle } from '../../../src/infrastructure/projection-runner/page-commit.js';
import { ProjectionRunner } from '../../../src/infrastructure/projection-runner/projection-runner.js';
import { ReadModelCatalog } from '../../../src/infrastructure/projection-runner/read-model-catalog.js';
import { ReadModelOperations } from '../../../src/infrastructure/projection-runner/read-model-operations.js';
import { ReadModelStates } from '../../../src/infrastructure/projection-runner/read-model-states.js';
import { CheckpointReadModels } from '../../../src/infrastructure/projection-runner/checkpoint-read-models.js';
import type { InlineCatchUp } from '../../../src/infrastructure/projection-runner/inline-catch-up.js';
import type { ParkedRetry } from '../../../src/infrastructure/projection-runner/parked-retry.js';
import type { Rebuilds } from '../../../src/infrastructure/projection-runner/rebuild.js';
import type { Retirement } from '../../../src/infrastructure/projection-runner/retirement.js';
import type { Verifications } from '../../../src/infrastructure/projection-runner/verification.js';
import { SystemClock } from '../../../src/infrastructure/system-clock.js';
import { type AnyProjection, type Columns, tableName } from '../../../src/projections/projection.js';
import { MemoryEventLog } from '../../support/memory-event-log.js';
import { freshDatabase, type TestDatabase } from '../../support/test-database.js';
import { PlainRows } from './plain-rows.js';
import { accountDefaults, accounts, acme, globex, type SpecEvent } from './samples.js';

export const quick: Pace = { page: 100, poll: 200, store: 20, rest: 0 };

/** One log and one database with as many instances of the service as a spec wants. */
export class Rig {
  readonly log = new MemoryEventLog();
  private readonly stops: (() => Promise<void>)[] = [];
  private commands = 0;

  private constructor(
    private readonly test: TestDatabase,
    readonly database: Database,
  ) {}

  /** In another process, on the database of a rig. Its log is another one. */
  static beside(config: TestDatabase['config']): Rig {
    return new Rig({ config, drop: () => Promise.resolve() }, new Database(config));
  }

  static async make(): Promise<Rig> {
    const test = await freshDatabase();
    const database = new Database(test.config);
    await migrate(database);
    return new Rig(test, database);
  }

  get pool(): pg.Pool {
    return this.database.pool;
  }

  get config(): TestDatabase['config'] {
    return this.test.config;
  }

  async append(stream: StreamName, ...events: readonly SpecEvent[]): Promise<Position> {
    const [last] = await this.log.readBackwards(stream, 1);
    const { position } = await this.log.append({
      stream,
      expectedRevision: last?.revision ?? -1,
      events,
      context: {
        tenant: stream.includes(globex) ? globex : acme,
        actor: { kind: 'system', id: 'spec' },
        commandId: `command-${(this.commands += 1)}`,
        correlationId: 'spec',
        at: '2026-01-01T00:00:00.000Z' as never,
      },
      inline: [],
    });
    return position;
  }

  /** One process of the service; not started. */
  instance(options: InstanceOptions = {}): Instance {
    const pool = new pg.Pool({ ...this.test.config, max: 4 });
    pool.on('error', () => undefined);
    const projections = options.projections ?? [accounts];
    const notices: Notice[] = [];
    const told = new ReplaySubject<Notice>();
    const yielded = (model: string): Promise<unknown> =>
      firstValueFrom(told.pipe(filter((one) => one.kind === 'duty' && one.model === model && one.duty === 'yielded')));
    const announcements = new Announcements(pool, this.test.config);
    const leases = new Leases(pool, options.holder ?? `instance-${this.stops.length}`, options.lifetime ?? 10_000);
    const streams = new FoldedStreams(this.log, options.aggregates ?? {});
    const states = new ReadModelStates(pool, this.log, announcements);
    const freshness = new CheckpointFreshness(this.log, projections, states, announcements, options.patience ?? 5_000);
    const catalog = new ReadModelCatalog(pool, projections, options.inline ?? [], streams, options.faults);
    const runner = new ProjectionRunner(
      options.log ?? this.log,
      catalog,
      [],
      leases,
      announcements,
      (notice) => {
        notices.push(notice);
        told.next(notice);
        options.told?.(notice);
      },
      options.pace ?? quick,
    );
    const operations = new ReadModelOperations(pool, this.log, catalog, leases, announcements);
    announcements.start();
    states.start();
    let stopped = false;
    const stop = async (): Promise<void> => {
      if (stopped) return;
      stopped = true;
      await runner.stop();
      states.stop();
      await announcements.stop();
      await pool.end();
    };
    this.stops.push(stop);
    return {
      pool,
      announcements,
      leases,
      catalog,
      states,
      freshness,
      runner,
      notices,
      yields: yielded,
      stop,
      verifications: operations.verifications,
      rebuilds: operations.rebuilds,
      retry: operations.parked,
      readModels: new CheckpointReadModels(pool, this.log, catalog, states, new SystemClock(), runner.health),
      inlineCatchUp: operations.inlineCatchUp,
      retirement: operations.retirement,
    };
  }

  /** What the table of accounts holds. */
  async accounts(): Promise<readonly Columns[]> {
    const { rows } = await this.pool.query<Columns & { changed_at: Date | null }>(
      'SELECT * FROM accounts_v1 ORDER BY tenant, id',
    );
    return rows.map((row) => ({ ...row, changed_at: row.changed_at?.toISOString() ?? null }));
  }

  /** What it should hold: the handlers applied to one event after the other, in memory. */
  async accountsByTheLog(): Promise<readonly object[]> {
    const plain = new PlainRows(accounts.key, accountDefaults);
    const { events } = await this.log.readAll(undefined, 1_000_000, { categories: ['account', 'team'] });
    for (const event of events) handle(accounts, plain, event);
    const order = (row: Columns): string => `${row['tenant']} ${row['id']}`;
    return [...plain.rows.values()]
      .sort((left, right) => (order(left) < order(right) ? -1 : 1))
      .map((row) => ({ ...row, details: typeof row['details'] === 'string' ? JSON.parse(row['details']) : null }));
  }

  /** Returns once the condition, which asks the database, holds. */
  async until(condition: () => Promise<boolean>): Promise<void> {
    while (!(await condition())) await this.pool.query('SELECT');
  }

  /** Returns once some session of this database waits for a lock. */
  async waitsForALock(): Promise<void> {
    await this.until(async () => {
      const { rows } = await this.pool.query(
        "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
      );
      return rows.length > 0;
    });
  }

  /** Every row as text, in key order. */
  async dump(projection: AnyProjection = accounts, schema = 'public'): Promise<string[]> {
    const { rows } = await this.pool.query<{ row: string }>(
      `SELECT t::text AS row FROM "${schema}"."${tableName(projection)}" t ORDER BY ${projection.key.join(', ')}`,
    );
    return rows.map(({ row }) => row);
  }

  async end(): Promise<void> {
    await Promise.all(this.stops.map((stop) => stop()));
    await this.database.close();
    await this.test.drop();
  }
}

type InstanceOptions = Readonly<{
  projections?: readonly AnyProjection[];
  holder?: string;
  lifetime?: number;
  pace?: Pace;
  faults?: Faults;
  log?: MemoryEventLog;
  patience?: number;
  told?: (notice: Notice) => void;
  inline?: readonly AnyInlineModel[];
  aggregates?: Readonly<Record<string, Foldable>>;
}>;

export type Instance = Readonly<{
  pool: pg.Pool;
  announcements: Announcements;
  leases: Leases;
  catalog: ReadModelCatalog;
  states: ReadModelStates;
  freshness: CheckpointFreshness;
  runner: ProjectionRunner;
  notices: readonly Notice[];
  yields: (model: string) => Promise<unknown>;
  stop: () => Promise<void>;
  verifications: Verifications;
  rebuilds: Rebuilds;
  retry: ParkedRetry;
  readModels: CheckpointReadModels;
  inlineCatchUp: InlineCatchUp;
  retirement: Retirement;
}>;
