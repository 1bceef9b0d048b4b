import type { Tracing } from '../application/ports/tracing.js';
import type pg from 'pg';
import { type HttpApplication } from '../api/server/http-application.js';
import type { Listening } from '../api/server/http-server.js';
import type { HttpSettings } from '../api/server/http-settings.js';
import type { AllServices } from '../api/routes.js';
import type { Transports } from '../application/notifications/delivery.js';
import { type Clock } from '../application/ports/clock.js';
import { type ErasureLedger } from '../application/ports/erasure-ledger.js';
import type { OutboundHttp } from '../application/ports/outbound-http.js';
import type { Pace } from '../application/ports/pace.js';
import { type OperatorLog } from '../application/ports/operator-log.js';
import { type PasswordHasher } from '../application/ports/password-hasher.js';
import type { Database } from '../infrastructure/database.js';
import { type LogEngine } from '../infrastructure/event-log/log-engine.js';
import { type FlexibleRateLimits } from '../infrastructure/rate-limits.js';
import type { RootKeys } from '../infrastructure/vault/root-keys.js';
import { type Container, type ServiceIdentifier } from 'inversify';

/** The connections of requests. */
export const Pool: ServiceIdentifier<pg.Pool> = Symbol('Pool');
/** Those of what follows the log, and of jobs. */
export const BackgroundPool: ServiceIdentifier<pg.Pool> = Symbol('BackgroundPool');

/** A class as a function of what its constructor takes. */
export const make =
  <Parts extends unknown[], T>(Class: new (...parts: Parts) => T) =>
  (...parts: Parts): T =>
    new Class(...parts);

/** What is chosen outside: by configuration in the service, by hand in tests. */
export type Foundation = Readonly<{
  database: Database;
  engine: LogEngine;
  rootKeys: RootKeys;
  /** Whether no other machine has a root key file of its own, which would lack versions that are added to this one. */
  onlyRootKeyFile?: boolean;
  /** How long backups are kept; 30 unless said otherwise. */
  backupDays?: number;
  ledger: ErasureLedger;
  clock: Clock;
  log: OperatorLog;
  hasher: PasswordHasher;
  transports: Transports;
  http: HttpSettings;
  listening: Listening;
  /** How documents of others are read, where not through the guard. */
  outbound?: OutboundHttp;
  metricsToken: string | undefined;
  rateBudgets?: ConstructorParameters<typeof FlexibleRateLimits>[3];
  /** Beats of answers that must not be told apart by their time. */
  pace?: Pace;
  tracing?: Tracing;
  /** What else the process serves, such as the mailbox for development. */
  pages: ConstructorParameters<typeof HttpApplication<AllServices>>[7];
  version: string;
}>;

export type Bind = Container['bind'];
