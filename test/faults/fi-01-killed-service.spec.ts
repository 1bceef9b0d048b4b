import { expect } from 'chai';
import { Undo } from '../../src/composition-root/undo.js';
import { durableServer } from '../support/durable-server.js';
import { Generations } from '../support/generations.js';
import { environmentOf, expectNothingLostOrDoubled, Load, newSeed, report } from '../support/load.js';
import { newPlace } from '../support/place.js';
import { seededRandom } from '../support/seeded-random.js';

const full = process.env['ANNAL_TEST_FULL'] === '1';
/** A life costs about a second of processor time; a hundred take a minute and a half. */
const kills = full ? 1_000 : 100;
/** Acknowledged commands between two kills, on average. */
const commands = full ? 50 : 12;
/** Milliseconds after the last of them at which the process dies, at most. */
const delay = 15;
/** Every so many kills, the next process dies before it serves. */
const whileStarting = 10;
/** Milliseconds of a start; from the process to its first answer. */
const slowestRestart = 5_000;

describe('FI-01 a service that is killed again and again under load', function () {
  this.timeout(full ? 3_600_000 : 600_000);
  const seed = newSeed();
  const undo = new Undo((error) => {
    throw error;
  });
  after(() => undo.all());

  it(`loses nothing, doubles nothing, and is back at once: ${kills} kills (seed ${seed})`, async function () {
    const random = seededRandom(seed);
    const place = await newPlace('postgres', undo, durableServer(undo));
    const service = new Generations(environmentOf(place));
    undo.later(() => service.end());
    await service.start();
    const load = new Load(service, seed);
    for (let kill = 1; kill <= kills; kill += 1) {
      await load.acknowledges(1 + Math.floor(random() * 2 * commands));
      await new Promise((resolve) => setTimeout(resolve, random() * delay));
      await service.kill();
      if (kill % whileStarting === 0) await service.killWhileStarting(random() * 300);
      await service.start();
    }
    await load.stop();
    expect(await service.terminate()).to.equal(0);

    await expectNothingLostOrDoubled(place, load.history);
    const restarts = service.restarts.slice(1).sort((left, right) => left - right);
    const slow = restarts.at(-Math.ceil(restarts.length / 100)) ?? 0;
    if (full) expect(slow, 'milliseconds of a restart, 99th percentile').to.be.below(slowestRestart);
    report(this.test, load.history, `restart p99 ${Math.round(slow)} ms`);
  });
});
