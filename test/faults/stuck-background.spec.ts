import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect } from 'chai';
import pg from 'pg';
import { Annal } from '../support/annal.js';
import { caughtUp } from '../support/invariants.js';
import { newPerson, signIn } from '../support/people.js';

/** Somebody at the database's console holds what every read model, the outbox and every lease has to write. */
describe('a service whose background work is stuck', function () {
  this.timeout(60_000);
  let annal: Annal;
  let console: pg.Client;

  before(async () => {
    annal = await Annal.start();
    console = new pg.Client(annal.place.config);
    await console.connect();
  });
  after(async () => {
    await console.end();
    await annal.stop();
  });

  /** Connections that wait for a lock. */
  async function waiting(): Promise<number> {
    const { rows } = await console.query<{ count: number }>(
      `SELECT count(*)::int FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    return rows[0]?.count ?? 0;
  }

  it('still signs people in, and catches up once it can', async () => {
    const { email } = await newPerson(annal);
    await console.query('BEGIN');
    await console.query('LOCK TABLE projection_checkpoints, projection_leases IN EXCLUSIVE MODE');
    const { max } = annal.database.background.options;
    while ((await waiting()) < (max ?? 0)) {
      expect((await signIn(annal, email)).status).to.equal(200);
      await nextTurn();
    }

    const answers = await Promise.all(Array.from({ length: 20 }, () => signIn(annal, email)));
    expect(answers.map(({ status }) => status)).to.deep.equal(Array.from({ length: 20 }, () => 200));
    expect(await waiting()).to.equal(max);
    await console.query('COMMIT');
    await caughtUp(annal.container);
  });
});
