import type pg from 'pg';
import { Registry } from 'prom-client';
import { BackgroundPool, type Bind, type Foundation, make, Pool } from './binding.js';
import { Clock } from '../application/ports/clock.js';
import { EventLog } from '../application/ports/event-log.js';
import { Freshness } from '../application/ports/freshness.js';
import { ReadModels } from '../application/ports/read-models.js';
import { StreamStates } from '../application/ports/stream-states.js';
import { Announcements } from '../infrastructure/projection-runner/announcements.js';
import { CheckpointFreshness } from '../infrastructure/projection-runner/checkpoint-freshness.js';
import { CheckpointReadModels } from '../infrastructure/projection-runner/checkpoint-read-models.js';
import { Leases } from '../infrastructure/projection-runner/leases.js';
import { ReadModelPurge } from '../infrastructure/projection-runner/purge.js';
import { ReadModelCatalog } from '../infrastructure/projection-runner/read-model-catalog.js';
import { ReadModelMetrics } from '../infrastructure/projection-runner/read-model-metrics.js';
import { ReadModelOperations } from '../infrastructure/projection-runner/read-model-operations.js';
import { ReadModelStates } from '../infrastructure/projection-runner/read-model-states.js';
import { RunnerHealth } from '../infrastructure/projection-runner/runner-health.js';
import { inlineModels } from '../projections/inline-models.js';
import { projections } from '../projections/projections.js';
import { randomUUID } from 'node:crypto';

/** Milliseconds. */
const leaseLifetime = 10_000;
const freshnessPatience = 5_000;

/** What follows the log. */
export function bindReadModels(bind: Bind, foundation: Foundation): void {
  const { database } = foundation;
  bind(Announcements).toResolvedValue((pool: pg.Pool) => new Announcements(pool, database.config), [BackgroundPool]);
  bind(ReadModelStates).toResolvedValue(make(ReadModelStates), [Pool, EventLog, Announcements]);
  bind(Freshness).toResolvedValue(
    (eventLog: EventLog, states: ReadModelStates, announcements: Announcements) =>
      new CheckpointFreshness(eventLog, projections, states, announcements, freshnessPatience),
    [EventLog, ReadModelStates, Announcements],
  );
  bind(ReadModelCatalog).toResolvedValue(
    (pool: pg.Pool, states: StreamStates) => new ReadModelCatalog(pool, projections, inlineModels, states),
    [BackgroundPool, StreamStates],
  );
  bind(RunnerHealth).toResolvedValue(make(RunnerHealth));
  bind(ReadModels).toResolvedValue(
    (
      pool: pg.Pool,
      eventLog: EventLog,
      catalog: ReadModelCatalog,
      states: ReadModelStates,
      clock: Clock,
      health: RunnerHealth,
    ) => new CheckpointReadModels(pool, eventLog, catalog, states, clock, health.of),
    [Pool, EventLog, ReadModelCatalog, ReadModelStates, Clock, RunnerHealth],
  );
  bind(ReadModelMetrics).toResolvedValue(make(ReadModelMetrics), [Registry, ReadModels]);
  bind(ReadModelPurge).toResolvedValue(make(ReadModelPurge), [Pool]);
  bind(ReadModelOperations).toResolvedValue(make(ReadModelOperations), [
    BackgroundPool,
    EventLog,
    ReadModelCatalog,
    Leases,
    Announcements,
  ]);
  bind(Leases).toResolvedValue((pool: pg.Pool) => new Leases(pool, randomUUID(), leaseLifetime), [BackgroundPool]);
}
