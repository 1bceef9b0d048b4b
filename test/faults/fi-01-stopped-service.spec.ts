import { expect } from 'chai';
import { Undo } from '../../src/composition-root/undo.js';
import { durableServer } from '../support/durable-server.js';
import { Generations } from '../support/generations.js';
import { environmentOf, expectNothingLostOrDoubled, Load, newSeed, report } from '../support/load.js';
import { newPlace } from '../support/place.js';
import { seededRandom } from '../support/seeded-random.js';

const full = process.env['ANNAL_TEST_FULL'] === '1';
const stops = full ? 100 : 5;
/** Acknowledged commands between two stops, on average. */
const commands = 25;

describe('FI-01 a service that is told to stop again and again under load (SIGTERM)', function () {
  this.timeout(full ? 900_000 : 60_000);
  const seed = newSeed();
  const undo = new Undo((error) => {
    throw error;
  });
  after(() => undo.all());

  it(`ends with 0 and loses nothing that was acknowledged: ${stops} stops (seed ${seed})`, async function () {
    const random = seededRandom(seed);
    const place = await newPlace('postgres', undo, durableServer(undo));
    const service = new Generations(environmentOf(place));
    undo.later(() => service.end());
    await service.start();
    const load = new Load(service, seed);
    const drains: number[] = [];
    for (let stop = 1; stop <= stops; stop += 1) {
      await load.acknowledges(1 + Math.floor(random() * 2 * commands));
      const told = performance.now();
      expect(await service.terminate(), `exit code of stop ${stop}`).to.equal(0);
      drains.push(performance.now() - told);
      await service.start();
    }
    await load.stop();
    expect(await service.terminate()).to.equal(0);

    await expectNothingLostOrDoubled(place, load.history);
    report(this.test, load.history, `slowest stop ${Math.round(Math.max(...drains))} ms`);
  });
});
