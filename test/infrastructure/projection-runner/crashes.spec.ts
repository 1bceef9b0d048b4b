import { expect } from 'chai';
import type { ProtocolPoint } from '../../../src/infrastructure/projection-runner/page-commit.js';
import { facts, happen } from './histories.js';
import { Rig } from './rig.js';

/** Deaths at each point. */
const lives = process.env['ANNAL_TEST_FULL'] === '1' ? 200 : 4;
/** More than all lives together can apply. */
const events = 40 * lives;
const points: readonly ProtocolPoint[] = ['read', 'begun', 'advanced', 'written', 'committed'];

describe('a projector that dies', () => {
  let rig: Rig;
  beforeEach(async () => {
    rig = await Rig.make();
  });
  afterEach(() => rig.end());

  for (const point of points) {
    it(`right after "${point}" loses nothing and counts nothing twice`, async () => {
      const position = await happen(rig, facts(points.indexOf(point), events));
      for (let life = 1; life <= lives; life += 1) await liveUntil(point, 1 + (life % 5));
      const survivor = rig.instance({ patience: 60_000 });
      await survivor.runner.start();

      expect(await survivor.freshness.waitFor(position, ['accounts'])).to.equal('visible');
      expect(await rig.accounts()).to.deep.equal(await rig.accountsByTheLog());
      expect(await appliedEvents()).to.equal(events);
    }).timeout(20_000 + 500 * lives);
  }

  /** Runs an instance that dies when it comes to the point for the nth time, and never does anything after that. */
  async function liveUntil(point: ProtocolPoint, times: number): Promise<void> {
    let left = times;
    let die = (): void => undefined;
    const death = new Promise<void>((resolve) => {
      die = resolve;
    });
    const mortal = rig.instance({
      pace: { page: 7, poll: 200, store: 20, rest: 0 },
      faults: (at) => {
        if (at === point) left -= 1;
        if (left > 0) return;
        die();
        throw new Error('dead');
      },
    });
    await mortal.runner.start();
    await death;
    await mortal.stop();
  }

  async function appliedEvents(): Promise<number> {
    const { rows } = await rig.pool.query<{ events: string }>(
      "SELECT events FROM projection_checkpoints WHERE name = 'accounts'",
    );
    return Number(rows[0]?.events);
  }
});
