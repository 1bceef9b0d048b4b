import type pg from 'pg';
import type { EventLog } from '../../application/ports/event-log.js';
import type { Announcements } from './announcements.js';
import { InlineCatchUp } from './inline-catch-up.js';
import type { Leases } from './leases.js';
import { LiveComparison } from './live-comparison.js';
import { ParkedRetry } from './parked-retry.js';
import { ParkedStreams } from './parking.js';
import type { ReadModelCatalog } from './read-model-catalog.js';
import { Rebuilds } from './rebuild.js';
import { Refolds } from './refold.js';
import { Retirement } from './retirement.js';
import { SwitchOver } from './switch-over.js';
import { Verifications } from './verification.js';

/** What operators do to read models, put together. */
export class ReadModelOperations {
  /** `verify` one, `replayAll`. */
  readonly verifications: Verifications;
  readonly rebuilds: Rebuilds;
  readonly parked: ParkedRetry;
  readonly inlineCatchUp: InlineCatchUp;
  readonly retirement: Retirement;

  /** Needs up to six connections of the pool at a time. */
  constructor(pool: pg.Pool, log: EventLog, catalog: ReadModelCatalog, leases: Leases, announcements: Announcements) {
    const refolds = new Refolds(pool, log, catalog, leases);
    const comparison = new LiveComparison(pool, catalog.states);
    this.verifications = new Verifications(pool, catalog, refolds, comparison);
    this.rebuilds = new Rebuilds(pool, catalog, refolds, comparison, new SwitchOver(pool, leases, announcements));
    this.parked = new ParkedRetry(log, catalog, new ParkedStreams(pool), leases, announcements);
    this.inlineCatchUp = new InlineCatchUp(log, catalog, leases, announcements);
    this.retirement = new Retirement(pool, catalog);
  }
}
