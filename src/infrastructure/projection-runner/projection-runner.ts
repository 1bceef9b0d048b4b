import {
  defer,
  filter,
  ignoreElements,
  merge,
  type Observable,
  repeat,
  retry,
  Subject,
  takeUntil,
  tap,
  timer,
} from 'rxjs';
import type { EventLog, Position } from '../../application/ports/event-log.js';
import { UnknownEventType } from '../event-log/unreadable.js';
import type { Announcements } from './announcements.js';
import { Fenced } from './checkpoints.js';
import type { Follower } from './follower.js';
import { defaultPace, Following, type Pace } from './following.js';
import { Growth } from './growth.js';
import type { Health, Notice } from './health.js';
import type { Leases } from './leases.js';
import { liveSchema, modelId } from './model-table.js';
import { failureName } from './poison.js';
import type { ReadModel, ReadModelCatalog } from './read-model-catalog.js';
import { SharedTail } from './shared-tail.js';

/** Milliseconds. */
const backOff = { first: 50, most: 10_000, yielded: 30_000 };

/** Keeps every read model following the log: one loop each, led by one instance at a time, started again after whatever ends it. */
export class ProjectionRunner {
  private readonly growth = new Growth();
  private readonly tail: SharedTail;
  private readonly healths = new Map<string, Health>();
  private readonly underWay = new Set<Promise<void>>();
  private readonly stopped = new Subject<void>();
  private stopping = new AbortController();
  private stopGrowth: () => void = () => undefined;

  constructor(
    private readonly log: Pick<EventLog, 'readAll' | 'onGrowth' | 'compare'>,
    private readonly catalog: ReadModelCatalog,
    /** What else is led through the log; each has a checkpoint already. */
    private readonly others: readonly Follower[],
    private readonly leases: Leases,
    private readonly announcements: Announcements,
    private readonly tell: (notice: Notice) => void,
    private readonly pace: Pace = defaultPace,
  ) {
    this.tail = new SharedTail(log, this.growth);
  }

  /** @throws ShapeChanged */
  async start(): Promise<void> {
    await this.catalog.ensure();
    await this.catalog.demandShapes();
    this.stopping = new AbortController();
    this.stopGrowth = this.log.onGrowth(this.growth.announce);
    const following = new Following(this.tail, this.growth, this.reached, this.pace);
    const models = await Promise.all(this.catalog.all.map((model) => this.follower(model)));
    merge(...[...models, ...this.others].map((follower) => this.supervised(follower, following)))
      .pipe(takeUntil(this.stopped))
      .subscribe();
  }

  /** Ends after the pages under way; the leases are free then. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.stopped.next();
    this.stopGrowth();
    await Promise.all(this.underWay);
  }

  /** What this process does about a model. */
  readonly health = (model: string): Health => this.healths.get(model) ?? { duty: 'stopped', failures: 0 };

  private readonly reached = (model: string, position: Position | undefined): void => {
    if (position === undefined) return this.announcements.lookAgain(model);
    if (this.health(model).failures > 0) this.record(model, { duty: 'leading', failures: 0 });
    this.announcements.announce(model, position);
  };

  private follower(model: ReadModel): Promise<Follower> {
    const id = modelId(liveSchema, model.shape);
    return this.catalog.follower(model, liveSchema, (event) => {
      this.announcements.lookAgain(id);
      this.tell({ kind: 'parked', model: id, ...event });
    });
  }

  private supervised(follower: Follower, following: Following): Observable<void> {
    const calls = new Growth();
    const heard = this.announcements.of(follower.model).pipe(
      filter(({ position }) => position === undefined),
      tap(calls.announce),
      ignoreElements(),
    );
    const led = defer(() => this.tracked(this.leadOnce(follower, following, calls))).pipe(
      repeat(),
      retry({ delay: (error: unknown) => timer(this.failed(follower.model, error)) }),
    );
    return merge(heard, led);
  }

  /** Returns when the lead has ended, or after it was in vain to ask for it for a while. */
  private async leadOnce(follower: Follower, following: Following, calls: Growth): Promise<void> {
    const seen = calls.seen;
    const lease = await this.leases.take(follower.model);
    if (lease === undefined) {
      this.record(follower.model, { duty: 'standby', failures: 0 });
      return calls.since(seen, this.leases.lifetime / 2, this.stopping.signal);
    }
    // Under a new lease nothing is written that was opened before an erasure.
    this.tail.forget();
    this.record(follower.model, { ...this.health(follower.model), duty: 'leading' });
    try {
      await following.lead(follower, lease, AbortSignal.any([this.stopping.signal, lease.lost]));
    } finally {
      // Where the database is away, the lease runs out by itself.
      await this.leases.release(lease).catch(() => undefined);
      this.announcements.lookAgain(follower.model);
    }
    this.record(follower.model, { duty: this.stopping.signal.aborted ? 'stopped' : 'standby', failures: 0 });
  }

  /** Records the failure and says how long to wait. */
  private failed(model: string, error: unknown): number {
    const failures = this.health(model).failures + 1;
    if (error instanceof Fenced) {
      this.record(model, { duty: 'standby', failures: 0 });
      return backOff.first;
    }
    this.record(model, {
      duty: error instanceof UnknownEventType ? 'yielded' : 'failing',
      failure: failureName(error),
      failures,
    });
    if (error instanceof UnknownEventType) return backOff.yielded;
    return Math.min(backOff.most, backOff.first * 2 ** (failures - 1)) * (0.5 + Math.random() / 2);
  }

  private record(model: string, health: Health): void {
    const before = this.health(model);
    this.healths.set(model, health);
    if (before.duty === health.duty && before.failure === health.failure) return;
    // Who leads is seen in metrics and lists; a line is for what is out of order, for its end, and for a lead that was taken away.
    const isOvertaken = before.duty === 'leading' && health.duty === 'standby';
    if (before.failure === undefined && health.failure === undefined && !isOvertaken) return;
    this.tell({
      kind: 'duty',
      model,
      duty: health.duty,
      ...(health.failure === undefined ? {} : { failure: health.failure }),
    });
  }

  private tracked(work: Promise<void>): Promise<void> {
    const settled = work.then(
      () => undefined,
      () => undefined,
    );
    this.underWay.add(settled);
    void settled.then(() => this.underWay.delete(settled));
    return work;
  }
}
