import pg from 'pg';
import { expect } from 'chai';
import type { Recorded } from '../../../src/application/ports/event-log.js';
import type { StreamStates } from '../../../src/application/ports/stream-states.js';
import { Announcements } from '../../../src/infrastructure/projection-runner/announcements.js';
import { readCheckpoint } from '../../../src/infrastructure/projection-runner/checkpoints.js';
import { Leases } from '../../../src/infrastructure/projection-runner/leases.js';
import { ProjectionRunner } from '../../../src/infrastructure/projection-runner/projection-runner.js';
import { ReadModelCatalog } from '../../../src/infrastructure/projection-runner/read-model-catalog.js';
import { ada, newcomer, OutboxRig } from './rig.js';

/** Only inline models ask for states. */
const noStates: StreamStates = {
  load: async () => {
    throw new Error('nobody asks');
  },
};
const pace = { page: 100, poll: 200, store: 20, rest: 0 };

describe('outbox runners in a cluster', () => {
  let rig: OutboxRig;
  const stops: (() => Promise<void>)[] = [];
  before(async () => {
    rig = await OutboxRig.make();
    await rig.person(ada, newcomer('ada@example.org'));
  });
  after(async () => {
    for (const stop of stops) await stop();
    await rig.end();
  });

  /** As a process with the role `outbox` has it: no read models, one follower. */
  const start = async (holder: string): Promise<() => Promise<void>> => {
    const { config } = rig.database;
    const pool = new pg.Pool(config);
    const announcements = new Announcements(pool, config);
    const leases = new Leases(pool, holder, 300);
    const catalog = new ReadModelCatalog(pool, [], [], noStates);
    const { follower } = rig.instance();
    const runner = new ProjectionRunner(rig.log, catalog, [follower], leases, announcements, () => undefined, pace);
    announcements.start();
    await runner.start();
    let stopped = false;
    const stop = async (): Promise<void> => {
      if (stopped) return;
      stopped = true;
      await runner.stop();
      await announcements.stop();
      await pool.end();
    };
    stops.push(stop);
    return stop;
  };

  /** Waits until the outbox has seen the whole log. */
  const caughtUp = async (): Promise<void> => {
    const head = await rig.log.head();
    while ((await readCheckpoint(rig.database.pool, 'outbox'))?.position !== head) await new Promise(setImmediate);
  };

  it('say once what happens, and take over from each other', async () => {
    const stopFirst = await start('first');
    await start('second');
    for (let index = 0; index < 5; index += 1) await rig.asked(ada, 'ada@example.org');
    await caughtUp();
    await stopFirst();
    for (let index = 0; index < 5; index += 1) await rig.asked(ada, 'ada@example.org');
    await caughtUp();

    expect(await rig.rows()).to.have.length(10);
    const events: readonly Recorded[] = (await rig.log.readAll(undefined, 100)).events;
    const { rows } = await rig.database.pool.query('select event_id from outbox_messages order by sequence');
    expect(rows.map(({ event_id }) => event_id)).to.deep.equal(events.map(({ id }) => id));
  });
});
