import type { Container } from 'inversify';
import { developmentMailboxPages } from '../../src/api/pages/development-mailbox.js';
import { EventLog, type Position } from '../../src/application/ports/event-log.js';
import { NoPace } from '../../src/application/ports/pace.js';
import { type LogFields, OperatorLog } from '../../src/application/ports/operator-log.js';
import { type Foundation, projectionRunner } from '../../src/composition-root.js';
import { AdmissionControl } from '../../src/infrastructure/admission-control.js';
import { Argon2PasswordHasher } from '../../src/infrastructure/argon2-password-hasher.js';
import { Database } from '../../src/infrastructure/database.js';
import {
  DevelopmentMailTransport,
  DevelopmentTextMessageTransport,
  PostgresDevelopmentMailbox,
} from '../../src/infrastructure/development-mailbox.js';
import { adoptGeneration } from '../../src/infrastructure/event-log/log-generation.js';
import { migrate } from '../../src/infrastructure/migrations/migrate.js';
import type { ProjectionRunner } from '../../src/infrastructure/projection-runner/projection-runner.js';
import type { Budgets } from '../../src/infrastructure/rate-limits.js';
import { EnvironmentRootKeys } from '../../src/infrastructure/vault/environment-root-keys.js';
import { FileErasureLedger } from '../../src/infrastructure/vault/file-erasure-ledger.js';
import { controlRow } from '../../src/composition-root/engines.js';
import { type Role, startService } from '../../src/composition-root/service.js';
import { Undo } from '../../src/composition-root/undo.js';
import { cheapHashing, noLimits } from './cheap.js';
import { newPlace, type Place } from './place.js';
import { TestClock } from './test-clock.js';
import { type EngineName, engineOfTests, type Persistence, testEngine } from './test-engine.js';

export { cheapHashing, TestClock };

export type LogLine = Readonly<{ level: 'info' | 'warn' | 'error'; event: string; fields: LogFields; error: unknown }>;

export class TestLog extends OperatorLog {
  readonly lines: LogLine[] = [];

  info(event: string, fields: LogFields = {}): void {
    this.lines.push({ level: 'info', event, fields, error: undefined });
  }

  warn(event: string, fields: LogFields = {}, error?: unknown): void {
    this.lines.push({ level: 'warn', event, fields, error });
  }

  error(event: string, fields: LogFields = {}, error?: unknown): void {
    this.lines.push({ level: 'error', event, fields, error });
  }
}

export const password = 'correct horse battery staple';

export type AnnalOptions = Readonly<{
  engine?: EngineName;
  /** An installation that is there already; another instance of it may run. */
  place?: Place;
  persistence?: Persistence;
  roles?: readonly Role[];
  /** Nobody is appointed: there is a set-up link. */
  administrator?: false;
  budgets?: Partial<Budgets>;
  hasher?: Foundation['hasher'];
  foundation?: Partial<Foundation>;
}>;

/** The whole service in this process, on a database of its own: as composed for production but for cheap hashes and a clock that moves. */
export class Annal {
  readonly clock = new TestClock();
  readonly log = new TestLog();
  private readonly undo = new Undo((error) => {
    throw error;
  });
  private runner: ProjectionRunner | undefined;
  place!: Place;
  container!: Container;
  database!: Database;
  mailbox!: PostgresDevelopmentMailbox;
  setupLink: string | undefined;
  url = '';
  readonly administrator = { email: 'root@example.com', password };

  /** A service that runs. Stop it in `after`. */
  static async start(options: AnnalOptions = {}): Promise<Annal> {
    const annal = new Annal(options);
    await annal.open();
    return annal;
  }

  /** Another instance of this installation: nothing in its memory, the same clock. It stops with this one at the latest. */
  async another(): Promise<Annal> {
    const beside = await Annal.start({ roles: ['api'], place: this.place, foundation: { clock: this.clock } });
    this.undo.later(() => beside.stop());
    return beside;
  }

  private constructor(private readonly options: AnnalOptions) {}

  private async open(): Promise<void> {
    const { undo, clock, log } = this;
    this.place = this.options.place ?? (await newPlace(this.options.engine ?? engineOfTests, undo));
    this.database = new Database(this.place.config);
    undo.later(() => this.database.close());
    await migrate(this.database);
    await adoptGeneration(controlRow(this.database, this.place.engine));
    this.mailbox = new PostgresDevelopmentMailbox(this.database.pool, clock);
    const engine = testEngine(this.place, this.database, this.options.persistence);
    const origin = 'http://localhost:4000';
    const running = await startService(
      {
        database: this.database,
        engine,
        rootKeys: new EnvironmentRootKeys({ ANNAL_ROOT_KEY: this.place.rootKey }),
        ledger: new FileErasureLedger(this.place.folder),
        clock,
        log,
        hasher:
          this.options.hasher ??
          new Argon2PasswordHasher(
            new AdmissionControl({ concurrency: 4, queue: 10_000, deadlineMs: 60_000 }),
            cheapHashing,
          ),
        transports: {
          mail: new DevelopmentMailTransport(this.mailbox),
          'text-message': new DevelopmentTextMessageTransport(this.mailbox),
        },
        http: { origin, trustedProxies: [] },
        listening: { host: '127.0.0.1', port: 0, origin },
        metricsToken: undefined,
        rateBudgets: { ...noLimits, ...this.options.budgets },
        pages: [developmentMailboxPages(this.mailbox, origin)],
        pace: new NoPace(),
        version: '0.0.0',
        ...this.options.foundation,
      },
      {
        roles: this.options.roles ?? ['api', 'outbox'],
        administrator: this.options.administrator === false ? undefined : this.administrator,
        drain: 1_000,
      },
      undo,
    );
    this.container = running.container;
    this.setupLink = running.setupLink;
    this.url = `http://127.0.0.1:${running.address?.port ?? 0}`;
    if (this.options.roles === undefined) await this.thawProjectors();
  }

  stop(): Promise<void> {
    return this.undo.all();
  }

  /** Stops every asynchronous projector; the service goes on without them (SR-1). */
  async freezeProjectors(): Promise<void> {
    await this.runner?.stop();
    this.runner = undefined;
  }

  async thawProjectors(): Promise<void> {
    this.runner = projectionRunner(this.container, { projector: true, outbox: false });
    await this.runner.start();
    this.undo.later(() => this.freezeProjectors());
  }

  /** The position of the newest event. */
  head(): Promise<Position> {
    return this.container.get(EventLog).head();
  }

  /** A request; `body` is sent as JSON, `form` as a form. */
  async call<T = Record<string, unknown>>(method: string, path: string, options: Sent = {}): Promise<Answer<T>> {
    const { body, form, token, headers } = options;
    const merge = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
    const response = await fetch(this.url + path, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(form !== undefined && { body: new URLSearchParams(form) }),
      headers: {
        ...(body !== undefined && { 'content-type': merge }),
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...headers,
      },
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: (text === '' ? undefined : parse(text)) as T,
    };
  }

  /** A read-model query that has seen everything up to now. */
  async fresh<T = Record<string, unknown>>(path: string, token: string): Promise<Answer<T>> {
    return this.call<T>('GET', path, { token, headers: { 'annal-min-position': await this.head() } });
  }

  /** The newest message to an address, once there is one that `isNew` accepts. Waits for the outbox, not for time. */
  async mail(
    to: string,
    kind?: string,
  ): Promise<Readonly<{ code: string; token: string; subject: string; text: string; kind: string }>> {
    const deadline = Date.now() + 10_000;
    for (;;) {
      const found = (await this.mailbox.list(20, to)).find((one) => kind === undefined || one.kind === kind);
      if (found) {
        const token = found.link === undefined ? '' : (new URL(found.link).searchParams.get('token') ?? '');
        return { code: found.code ?? '', token, subject: found.subject ?? '', text: found.text, kind: found.kind };
      }
      if (Date.now() > deadline) throw new Error(`no message ${kind ?? ''} to ${to}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}

export type Sent = Readonly<{
  body?: unknown;
  form?: Record<string, string>;
  token?: string;
  headers?: Readonly<Record<string, string>>;
}>;
export type Answer<T> = Readonly<{ status: number; headers: Headers; text: string; body: T }>;

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
