import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { Undo } from '../../src/composition-root/undo.js';
import { clusterDirectory } from '../../src/infrastructure/postgres-supervisor/cluster.js';
import { readPostmaster } from '../../src/infrastructure/postgres-supervisor/process-table.js';
import { durableServer } from '../support/durable-server.js';
import { Generations } from '../support/generations.js';
import { environmentOf, expectNothingLostOrDoubled, Load, newSeed, report } from '../support/load.js';
import { newRootKey } from '../support/place.js';
import { seededRandom } from '../support/seeded-random.js';
import { isAlive } from '../support/test-database.js';

const full = process.env['ANNAL_TEST_FULL'] === '1';
const kills = full ? 200 : 6;
/** Acknowledged commands between two kills, on average. */
const commands = 40;
/** Milliseconds from a kill to the next acknowledged command. */
const slowestRecovery = 30_000;

describe('FI-02 a PostgreSQL that is killed again and again under load', function () {
  this.timeout(full ? 3_600_000 : 300_000);
  const seed = newSeed();
  const undo = new Undo((error) => {
    throw error;
  });
  after(() => undo.all());

  it(`loses nothing, doubles nothing, and is back within half a minute (seed ${seed})`, async function () {
    const random = seededRandom(seed);
    const folder = mkdtempSync(join(tmpdir(), `annal-test-${process.pid}-`));
    undo.later(async () => rmSync(folder, { recursive: true, force: true }));
    const place = { engine: 'postgres', eventStore: '', folder, rootKey: newRootKey() } as const;
    const service = new Generations(environmentOf(place));
    undo.later(() => service.end());
    await service.start();
    const load = new Load(service, seed);
    const recoveries: number[] = [];
    let given = 0;
    for (let kill = 1; kill <= kills; kill += 1) {
      await load.acknowledges(1 + Math.floor(random() * 2 * commands));
      const { pid } = readPostmaster(clusterDirectory(folder)) ?? {};
      if (pid === undefined) throw new Error('there is no PostgreSQL to kill');
      const killed = performance.now();
      process.kill(pid, 'SIGKILL');
      // A server that crashes ten times in half a minute is given up, and with it the service: somebody starts it again.
      const next = load.acknowledges(16).then(() => 'recovered' as const);
      const outcome = await Promise.race([next, service.exited.then(() => 'given up' as const)]);
      if (outcome === 'given up') {
        given += 1;
        await service.start();
        await next;
      }
      recoveries.push(performance.now() - killed);
      expect(isAlive(pid), 'the killed server').to.equal(false);
    }
    await load.stop();
    expect(await service.terminate()).to.equal(0);

    await expectNothingLostOrDoubled({ ...place, config: await durableServer(undo, folder) }, load.history);
    const slowest = Math.max(...recoveries);
    expect(slowest, 'milliseconds of a recovery').to.be.below(slowestRecovery);
    report(
      this.test,
      `${kills} kills, ${given} times given up`,
      load.history,
      `slowest recovery ${Math.round(slowest)} ms`,
    );
  });
});
