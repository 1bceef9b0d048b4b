import { randomUUID } from 'node:crypto';
import pg from 'pg';
import {
  concatMap,
  filter,
  firstValueFrom,
  Observable,
  ReplaySubject,
  retry,
  Subject,
  Subscription,
  throttleTime,
  timer,
} from 'rxjs';
import type { Position } from '../../application/ports/event-log.js';

/**
 * How far a model's rows reach; without a position: look again (events parked or taken up again, lease released, table switched); without
 * a model: announcements of any may have been missed.
 */
export type Announcement = Readonly<{ model?: string; position?: Position }>;

type Notification = Readonly<{ from: string; reached: Readonly<Record<string, Position>>; look: readonly string[] }>;

const channel = 'read_models';
/** Milliseconds between notifications to other processes; each carries the latest position of every model that moved. */
const interval = 10;
/** A notification holds less than 8,000 bytes. */
const perNotification = 40;

/** Tells this process and others how far read models have come. Best effort: whoever waits also looks at the checkpoints now and then. */
export class Announcements {
  private readonly self = randomUUID();
  private readonly subject = new Subject<Announcement>();
  private readonly outbound = new Subject<void>();
  private readonly reached = new Map<string, Position>();
  private readonly look = new Set<string>();
  private readonly ready = new ReplaySubject<void>(1);
  private work = new Subscription();
  private sent: Promise<void> = Promise.resolve();

  readonly all: Observable<Announcement> = this.subject.asObservable();

  constructor(
    private readonly pool: pg.Pool,
    /** Listening needs a connection of its own. */
    private readonly listener: pg.ClientConfig,
  ) {}

  of(model: string): Observable<Announcement> {
    return this.all.pipe(filter((announcement) => announcement.model === model || announcement.model === undefined));
  }

  /** Resolves once announcements of other processes are heard. */
  listening(): Promise<void> {
    return firstValueFrom(this.ready);
  }

  readonly announce = (model: string, position: Position): void => {
    this.subject.next({ model, position });
    this.reached.set(model, position);
    this.outbound.next();
  };

  readonly lookAgain = (model: string): void => {
    this.subject.next({ model });
    this.look.add(model);
    this.outbound.next();
  };

  start(): void {
    this.work = new Subscription();
    const outbound = this.outbound.pipe(
      throttleTime(interval, undefined, { leading: true, trailing: true }),
      concatMap(() => this.notify()),
    );
    this.work.add(outbound.subscribe());
    this.work.add(
      this.heard()
        .pipe(retry({ delay: () => timer(1_000) }))
        .subscribe(),
    );
  }

  async stop(): Promise<void> {
    this.work.unsubscribe();
    await this.notify();
  }

  /** One after the other; a stop waits for the last. */
  private notify(): Promise<void> {
    this.sent = this.sent.then(() => this.send());
    return this.sent;
  }

  private async send(): Promise<void> {
    while (this.reached.size > 0 || this.look.size > 0) {
      const reached = [...this.reached].slice(0, perNotification);
      const look = [...this.look].slice(0, perNotification);
      for (const [model] of reached) this.reached.delete(model);
      for (const model of look) this.look.delete(model);
      const notification: Notification = { from: this.self, reached: Object.fromEntries(reached), look };
      // Lost when the database is away; then nobody can commit or read either.
      await this.pool.query('SELECT pg_notify($1, $2)', [channel, JSON.stringify(notification)]).catch(() => undefined);
    }
  }

  private heard(): Observable<never> {
    return new Observable((subscriber) => {
      const client = new pg.Client(this.listener);
      client.on('error', (error) => subscriber.error(error));
      client.on('end', () => subscriber.error(new Error('the listening connection ended')));
      client.on('notification', ({ payload }) => this.hear(JSON.parse(payload ?? '{}') as Notification));
      client
        .connect()
        .then(() => client.query(`LISTEN ${channel}`))
        .then(() => {
          this.ready.next();
          this.subject.next({});
        })
        .catch((error: unknown) => subscriber.error(error));
      return () => void client.end().catch(() => undefined);
    });
  }

  private hear({ from, reached, look }: Notification): void {
    if (from === this.self) return;

    for (const model of look) this.subject.next({ model });
    for (const [model, position] of Object.entries(reached)) this.subject.next({ model, position });
  }
}
