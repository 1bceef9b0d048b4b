import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import type pg from 'pg';
import { developmentMailboxPages } from '../api/pages/development-mailbox.js';
import type { Transports } from '../application/notifications/delivery.js';
import type { OperatorLog } from '../application/ports/operator-log.js';
import type { Tracing } from '../application/ports/tracing.js';
import type { Foundation } from '../composition-root.js';
import { AdmissionControl, hashingLimits } from '../infrastructure/admission-control.js';
import { Argon2PasswordHasher, owaspParameters } from '../infrastructure/argon2-password-hasher.js';
import type { Configuration } from '../infrastructure/configuration.js';
import { Database } from '../infrastructure/database.js';
import {
  DevelopmentMailTransport,
  DevelopmentTextMessageTransport,
  PostgresDevelopmentMailbox,
} from '../infrastructure/development-mailbox.js';
import { adoptGeneration } from '../infrastructure/event-log/log-generation.js';
import { migrate } from '../infrastructure/migrations/migrate.js';
import { startTracing } from '../infrastructure/open-telemetry.js';
import { PostgresSupervisor } from '../infrastructure/postgres-supervisor/postgres-supervisor.js';
import { defaultBudgets } from '../infrastructure/rate-limits.js';
import { SystemClock } from '../infrastructure/system-clock.js';
import { EnvironmentRootKeys } from '../infrastructure/vault/environment-root-keys.js';
import { FileErasureLedger } from '../infrastructure/vault/file-erasure-ledger.js';
import { FileRootKeys } from '../infrastructure/vault/file-root-keys.js';
import type { RootKeys } from '../infrastructure/vault/root-keys.js';
import { controlRow, logEngineOf } from './engines.js';
import { hashesAtOnce } from '../thread-pool.js';
import type { Undo } from './undo.js';

/** The version of the package. */
export const version = (
  JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as Readonly<{ version: string }>
).version;

/** Told when something that the process cannot live without is gone for good. */
export type Lost = (error: Error) => void;

/** Everything that the configuration chooses: opens the database, brings its schema up to date, reads the root key. */
export async function foundationOf(
  configuration: Configuration,
  log: OperatorLog,
  lost: Lost,
  undo: Undo,
  /** `beside`: for a command that may run while a service holds the data folder. */
  place: 'alone' | 'beside' = 'alone',
): Promise<Foundation> {
  const data = resolve(configuration.data);
  await mkdir(data, { recursive: true, mode: 0o700 });
  const config = await connectionOf(configuration, log, lost, undo, place);
  const database = new Database(config);
  undo.later(() => database.close());
  await migrate(database);
  await adoptGeneration(controlRow(database, configuration.eventLog));
  const clock = new SystemClock();
  const mailbox = new PostgresDevelopmentMailbox(database.pool, clock);
  return {
    database,
    engine: await logEngineOf(configuration, database, log),
    rootKeys: await rootKeysOf(configuration, data),
    onlyRootKeyFile: configuration.databaseUrl === undefined || configuration.rootKeyFile === 'shared',
    backupDays: configuration.backupDays,
    ledger: new FileErasureLedger(data),
    clock,
    log,
    hasher: new Argon2PasswordHasher(
      new AdmissionControl(hashingLimits(configuration.hashConcurrency ?? hashesAtOnce)),
      owaspParameters,
      configuration.pepper === undefined ? [] : [{ id: '1', secret: Buffer.from(configuration.pepper) }],
    ),
    transports: await transportsOf(configuration, mailbox),
    http: { origin: configuration.publicUrl, trustedProxies: configuration.trustedProxies },
    listening: {
      host: configuration.host,
      port: configuration.port,
      origin: configuration.publicUrl,
      ...(configuration.tlsCertificate !== undefined &&
        configuration.tlsKey !== undefined && {
          tls: { certificate: configuration.tlsCertificate, key: configuration.tlsKey },
        }),
    },
    metricsToken: configuration.metricsToken,
    rateBudgets: { ...defaultBudgets, ...configuration.rateLimits },
    tracing: await tracingOf(undo),
    pages: usesMailbox(configuration) ? [developmentMailboxPages(mailbox, configuration.publicUrl)] : [],
    version,
  };
}

async function tracingOf(undo: Undo): Promise<Tracing> {
  const { tracing, stop } = await startTracing(process.env);
  undo.later(stop);
  return tracing;
}

async function connectionOf(
  configuration: Configuration,
  log: OperatorLog,
  lost: Lost,
  undo: Undo,
  place: 'alone' | 'beside',
): Promise<pg.PoolConfig> {
  if (configuration.databaseUrl !== undefined) return { connectionString: configuration.databaseUrl };
  const supervisor = new PostgresSupervisor({
    dataDirectory: configuration.data,
    log: (message) => log.info('postgres', { message }),
    onCrash: (outcome) => {
      if (outcome.status === 'lost') lost(outcome.error);
      else log.warn('postgres-restarted', { crashes: outcome.crashes });
    },
  });
  undo.later(() => supervisor.stop());
  const { connection } = await (place === 'alone' ? supervisor.start() : supervisor.attach());
  return connection;
}

const rootKeysOf = async ({ rootKey, previousRootKey }: Configuration, data: string): Promise<RootKeys> =>
  rootKey === undefined
    ? FileRootKeys.open(data)
    : new EnvironmentRootKeys({
        ANNAL_ROOT_KEY: rootKey,
        ...(previousRootKey !== undefined && { ANNAL_ROOT_KEY_PREVIOUS: previousRootKey }),
      });

const usesMailbox = ({ smtp, environment }: Configuration): boolean =>
  smtp === undefined && environment === 'development';

async function transportsOf(configuration: Configuration, mailbox: PostgresDevelopmentMailbox): Promise<Transports> {
  const { smtp, smtpFrom, publicUrl } = configuration;
  if (smtp === undefined) {
    return {
      mail: new DevelopmentMailTransport(mailbox),
      'text-message': new DevelopmentTextMessageTransport(mailbox),
    };
  }
  const from = smtpFrom ?? `annal@${new URL(publicUrl).hostname}`;
  // Loaded only where it is wanted.
  const { NodemailerMailTransport } = await import('../infrastructure/nodemailer-mail-transport.js');
  return { mail: new NodemailerMailTransport({ url: smtp, from }) };
}
