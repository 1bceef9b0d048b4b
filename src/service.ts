import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Container } from 'inversify';
import type pg from 'pg';
import { HttpServer } from './api/http-server.js';
import { developmentMailboxPages } from './api/pages/development-mailbox.js';
import { FirstStart } from './application/first-start.js';
import type { Transports } from './application/notifications/delivery.js';
import type { OperatorLog } from './application/ports/operator-log.js';
import { PasswordStrength } from './application/ports/password-strength.js';
import { compose, type Foundation, projectionRunner } from './composition-root.js';
import { AdmissionControl, hashingLimits } from './infrastructure/admission-control.js';
import { Argon2PasswordHasher, owaspParameters } from './infrastructure/argon2-password-hasher.js';
import type { Configuration } from './infrastructure/configuration.js';
import { Database } from './infrastructure/database.js';
import {
  DevelopmentMailTransport,
  DevelopmentTextMessageTransport,
  PostgresDevelopmentMailbox,
} from './infrastructure/development-mailbox.js';
import { LogEngine } from './infrastructure/event-log/log-engine.js';
import { adoptGeneration } from './infrastructure/event-log/log-generation.js';
import { migrate } from './infrastructure/migrations/migrate.js';
import { NodemailerMailTransport } from './infrastructure/nodemailer-mail-transport.js';
import { DeliveryLoop } from './infrastructure/outbox/delivery-loop.js';
import { PostgresSupervisor } from './infrastructure/postgres-supervisor/postgres-supervisor.js';
import { Announcements } from './infrastructure/projection-runner/announcements.js';
import { ReadModelCatalog } from './infrastructure/projection-runner/read-model-catalog.js';
import { ReadModelStates } from './infrastructure/projection-runner/read-model-states.js';
import { SystemClock } from './infrastructure/system-clock.js';
import { EnvironmentRootKeys } from './infrastructure/vault/environment-root-keys.js';
import { FileErasureLedger } from './infrastructure/vault/file-erasure-ledger.js';
import { FileRootKeys } from './infrastructure/vault/file-root-keys.js';
import { PostgresVault } from './infrastructure/vault/postgres-vault.js';
import type { RootKeys } from './infrastructure/vault/root-keys.js';
import type { ZxcvbnPasswordStrength } from './infrastructure/zxcvbn-password-strength.js';
import { controlRow, logEngineOf } from './log-engine-choice.js';
import { hashesAtOnce } from './thread-pool.js';

/** The version of the package. */
export const version = (
  JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as Readonly<{ version: string }>
).version;

/** How to undo a start, newest first. */
type Undo = () => Promise<unknown>;

export type Running = Readonly<{
  container: Container;
  url: string;
  /** Where the first administrator is made, where there is none yet. */
  setupLink?: string;
  stop: () => Promise<void>;
}>;

export type Lost = (error: Error) => void;

/** Starts what the roles ask for, in the order of dependence; `stop` goes back the same way. */
export async function startService(configuration: Configuration, log: OperatorLog, lost: Lost): Promise<Running> {
  const undo: Undo[] = [];
  const stop = async (): Promise<void> => {
    for (const step of undo.splice(0).reverse()) await step().catch((error: unknown) => log.error('stop-failed', {}, error));
  };
  try {
    const foundation = await foundationOf(configuration, log, lost, undo);
    const container = await started(foundation, configuration, undo);
    return { container, ...(await opened(container, configuration, undo)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function foundationOf(configuration: Configuration, log: OperatorLog, lost: Lost, undo: Undo[]): Promise<Foundation> {
  const data = resolve(configuration.data);
  await mkdir(data, { recursive: true, mode: 0o700 });
  const config = await connectionOf(configuration, log, lost, undo);
  const database = new Database(config);
  undo.push(() => database.close());
  await migrate(database);
  await adoptGeneration(controlRow(database));
  const clock = new SystemClock();
  const mailbox = new PostgresDevelopmentMailbox(database.pool, clock);
  return {
    database,
    engine: logEngineOf(configuration, database, log),
    rootKeys: await rootKeysOf(configuration, data),
    ledger: new FileErasureLedger(data),
    clock,
    log,
    hasher: new Argon2PasswordHasher(
      new AdmissionControl(hashingLimits(configuration.hashConcurrency ?? hashesAtOnce)),
      owaspParameters,
      configuration.pepper === undefined ? [] : [{ id: '1', secret: Buffer.from(configuration.pepper) }],
    ),
    transports: transportsOf(configuration, mailbox),
    http: { origin: configuration.publicUrl, trustedProxies: configuration.trustedProxies },
    listening: {
      host: configuration.host,
      port: configuration.port,
      origin: configuration.publicUrl,
      ...(configuration.tlsCertificate !== undefined &&
        configuration.tlsKey !== undefined && { tls: { certificate: configuration.tlsCertificate, key: configuration.tlsKey } }),
    },
    metricsToken: configuration.metricsToken,
    pages: usesMailbox(configuration) ? [developmentMailboxPages(mailbox, configuration.publicUrl)] : [],
    version,
  };
}

async function connectionOf(configuration: Configuration, log: OperatorLog, lost: Lost, undo: Undo[]): Promise<pg.PoolConfig> {
  if (configuration.databaseUrl !== undefined) return { connectionString: configuration.databaseUrl };
  const supervisor = new PostgresSupervisor({
    dataDirectory: configuration.data,
    log: (message) => log.info('postgres', { message }),
    onCrash: (outcome) => {
      if (outcome.status === 'lost') lost(outcome.error);
      else log.warn('postgres-restarted', { crashes: outcome.crashes });
    },
  });
  undo.push(() => supervisor.stop());
  return (await supervisor.start()).connection;
}

const rootKeysOf = async ({ rootKey, previousRootKey }: Configuration, data: string): Promise<RootKeys> =>
  rootKey === undefined
    ? FileRootKeys.open(data)
    : new EnvironmentRootKeys({
        ANNAL_ROOT_KEY: rootKey,
        ...(previousRootKey !== undefined && { ANNAL_ROOT_KEY_PREVIOUS: previousRootKey }),
      });

const usesMailbox = ({ smtp, environment }: Configuration): boolean => smtp === undefined && environment === 'development';

function transportsOf(configuration: Configuration, mailbox: PostgresDevelopmentMailbox): Transports {
  const { smtp, smtpFrom, publicUrl } = configuration;
  if (smtp === undefined) {
    return { mail: new DevelopmentMailTransport(mailbox), 'text-message': new DevelopmentTextMessageTransport(mailbox) };
  }
  const from = smtpFrom ?? `annal@${new URL(publicUrl).hostname}`;
  return { mail: new NodemailerMailTransport({ url: smtp, from }) };
}

/** Everything but the socket. */
async function started(foundation: Foundation, { roles }: Configuration, undo: Undo[]): Promise<Container> {
  const container = compose(foundation);
  const vault = container.get(PostgresVault);
  await vault.start();
  undo.push(() => vault.stop());
  await container.get(ReadModelCatalog).ensure();
  const engine = container.get(LogEngine);
  await engine.start();
  undo.push(() => engine.stop());
  const announcements = container.get(Announcements);
  announcements.start();
  undo.push(async () => announcements.stop());
  const states = container.get(ReadModelStates);
  states.start();
  undo.push(async () => states.stop());
  const strength = container.get(PasswordStrength) as ZxcvbnPasswordStrength;
  undo.push(async () => strength.stop());
  await container.get(FirstStart).prepare();

  if (roles.includes('outbox')) {
    const loop = container.get(DeliveryLoop);
    loop.start();
    undo.push(() => loop.stop());
  }
  if (roles.includes('projector') || roles.includes('outbox')) {
    const runner = projectionRunner(container, { projector: roles.includes('projector'), outbox: roles.includes('outbox') });
    await runner.start();
    undo.push(() => runner.stop());
  }
  return container;
}

async function opened(container: Container, configuration: Configuration, undo: Undo[]): Promise<Pick<Running, 'url' | 'setupLink'>> {
  const firstStart = container.get(FirstStart);
  if (configuration.administrator !== undefined) await firstStart.appoint(configuration.administrator);
  const setupLink = (await firstStart.isSetUp()) ? undefined : await firstStart.setupLink();
  if (configuration.roles.includes('api')) {
    const server = container.get(HttpServer);
    await server.start();
    undo.push(() => server.stop(configuration.drainSeconds * 1_000));
  }
  return { url: configuration.publicUrl, ...(setupLink !== undefined && { setupLink }) };
}
