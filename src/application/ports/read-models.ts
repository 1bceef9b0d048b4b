import type { TenantId } from '../../domain/values.js';
import type { Position } from './event-log.js';

/**
 * Whether queries may answer from a read model: `building` until it has seen the whole log once, `parked` while events of the tenant
 * (or, asked without a tenant, of anyone) wait aside because a handler could not take them. Only `serving` may answer; the others are 503.
 */
export type Standing = 'serving' | 'building' | 'parked';

/** What this process does about a read model. */
export type Duty =
  /** Applies events. */
  | 'leading'
  /** Another instance leads. */
  | 'standby'
  /** The log holds events of a newer program; left to a newer instance. */
  | 'yielded'
  /** Tries again after a failure. */
  | 'failing'
  | 'stopped';

export type ReadModelState = Readonly<{
  /** Without version. */
  name: string;
  version: number;
  kind: 'asynchronous' | 'inline';
  standing: Standing;
  duty: Duty;
  /** Names the failure of this process, without data. */
  failure: string | undefined;
  /** The instance that leads; undefined where none does. */
  leader: string | undefined;
  position: Position | undefined;
  /** Applied so far. */
  events: number;
  eventsPerSecond: number;
  /** Distance to the head of the log in positions: events on PostgreSQL, bytes on EventStoreDB. */
  lag: number;
  /** Age of the oldest event that is not applied; 0 where none waits. */
  lagMilliseconds: number;
  /** Seconds until it has caught up, at the present rate; undefined where nothing moves. */
  etaSeconds: number | undefined;
  parkedEvents: number;
  parkedStreams: number;
}>;

/** How the read models are. */
export abstract class ReadModels {
  /** @throws where there is no read model (name without version) of that name */
  abstract standing(readModel: string, tenant?: TenantId): Promise<Standing>;
  abstract status(): Promise<readonly ReadModelState[]>;
}
