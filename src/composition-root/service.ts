import type { Container } from 'inversify';
import { ApiKeyUses } from '../application/ports/api-key-uses.js';
import { HttpMetrics } from '../api/server/http-metrics.js';
import { HttpServer } from '../api/server/http-server.js';
import { type FirstAdministrator, FirstStart } from '../application/first-start.js';
import { PasswordStrength } from '../application/ports/password-strength.js';
import { compose, type Foundation, projectionRunner } from '../composition-root.js';
import { LogEngine } from '../infrastructure/event-log/log-engine.js';
import { JobRunner } from '../infrastructure/job-runner.js';
import { DeliveryLoop } from '../infrastructure/outbox/delivery-loop.js';
import { Announcements } from '../infrastructure/projection-runner/announcements.js';
import { ReadModelCatalog } from '../infrastructure/projection-runner/read-model-catalog.js';
import { ReadModelMetrics } from '../infrastructure/projection-runner/read-model-metrics.js';
import { ReadModelOperations } from '../infrastructure/projection-runner/read-model-operations.js';
import { ReadModelStates } from '../infrastructure/projection-runner/read-model-states.js';
import { RunnerHealth } from '../infrastructure/projection-runner/runner-health.js';
import { ErasureMetrics } from '../infrastructure/vault/erasure-metrics.js';
import { PostgresVault } from '../infrastructure/vault/postgres-vault.js';
import { RootKeyCheck } from '../infrastructure/vault/root-key-check.js';
import type { ZxcvbnPasswordStrength } from '../infrastructure/zxcvbn-password-strength.js';
import type { Undo } from './undo.js';

export type Role = 'api' | 'projector' | 'outbox' | 'jobs';

export type Duties = Readonly<{
  roles: readonly Role[];
  administrator?: FirstAdministrator | undefined;
  /** Milliseconds that requests under way may take to end. */
  drain: number;
}>;

export type Running = Readonly<{
  container: Container;
  /** Where it listens; undefined without the role `api`. */
  address?: Readonly<{ host: string; port: number }>;
  /** Where the first administrator is made, where there is none yet. */
  setupLink?: string;
}>;

/** Starts what the roles ask for, in the order of dependence; `undo` goes back the same way. */
export async function startService(
  foundation: Foundation,
  { roles, administrator, drain }: Duties,
  undo: Undo,
): Promise<Running> {
  const container = compose(foundation);
  await startGround(container, undo);
  // Rows of appends that a crash cut short, and tables of new versions, before anything is decided on them.
  await container.get(ReadModelOperations).inlineCatchUp.run();
  const firstStart = container.get(FirstStart);
  await firstStart.prepare();
  if (administrator !== undefined) await firstStart.appoint(administrator);

  if (roles.includes('outbox')) {
    const loop = container.get(DeliveryLoop);
    loop.start();
    undo.later(() => loop.stop());
  }
  if (roles.includes('projector') || roles.includes('outbox')) {
    const runner = projectionRunner(container, {
      projector: roles.includes('projector'),
      outbox: roles.includes('outbox'),
    });
    container.get(RunnerHealth).follow(runner);
    await runner.start();
    undo.later(() => runner.stop());
  }
  if (roles.includes('jobs')) {
    const jobs = container.get(JobRunner);
    await jobs.start();
    undo.later(() => jobs.stop());
  }
  const setupLink = (await firstStart.isSetUp()) ? undefined : await firstStart.setupLink();
  if (!roles.includes('api')) return { container, ...(setupLink !== undefined && { setupLink }) };

  container.get(HttpMetrics).collectProcess();
  container.get(ReadModelMetrics);
  container.get(ErasureMetrics);
  // What was counted is written once nobody counts any more.
  undo.later(() => container.get(ApiKeyUses).settled());
  const server = container.get(HttpServer);
  const address = await server.start();
  undo.later(() => server.stop(drain));
  return { container, address, ...(setupLink !== undefined && { setupLink }) };
}

/** What every command and every role needs: keys, tables, the log, news of both. */
export async function startGround(container: Container, undo: Undo): Promise<void> {
  const vault = container.get(PostgresVault);
  await vault.start();
  undo.later(() => vault.stop());
  await container.get(RootKeyCheck).require();
  await container.get(ReadModelCatalog).ensure();
  const engine = container.get(LogEngine);
  await engine.start();
  undo.later(() => engine.stop());
  const announcements = container.get(Announcements);
  announcements.start();
  undo.later(async () => announcements.stop());
  const states = container.get(ReadModelStates);
  states.start();
  undo.later(async () => states.stop());
  const strength = container.get(PasswordStrength) as ZxcvbnPasswordStrength;
  undo.later(async () => strength.stop());
}
