import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import type { ProtocolPoint } from '../../../src/infrastructure/projection-runner/page-commit.js';
import { facts, happen } from './histories.js';
import type { Fate } from './mortal.js';
import { type Instance, Rig } from './rig.js';

const mortal = fileURLToPath(new URL('./mortal.js', import.meta.url));
const count = 120;

describe('a projector in a process of its own', () => {
  let rig: Rig;
  const children: ChildProcess[] = [];
  beforeEach(async () => {
    rig = await Rig.make();
  });
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    await rig.end();
  });

  function live(fate: Omit<Fate, 'config' | 'count'>): ChildProcess {
    const child = fork(mortal, [JSON.stringify({ ...fate, config: rig.config, count })], { stdio: 'inherit' });
    children.push(child);
    return child;
  }

  async function expectAllApplied({ freshness }: Instance): Promise<void> {
    expect(await freshness.waitFor(await rig.log.head(), ['accounts'])).to.equal('visible');
    expect(await rig.accounts()).to.deep.equal(await rig.accountsByTheLog());
    const { rows } = await rig.pool.query("SELECT events::integer FROM projection_checkpoints WHERE name = 'accounts'");
    expect(rows).to.deep.equal([{ events: count }]);
  }

  it('killed at any point loses nothing and counts nothing twice', async () => {
    await happen(rig, facts(11, count));
    const points: readonly ProtocolPoint[] = ['read', 'begun', 'advanced', 'written', 'committed'];
    for (const point of points) {
      const [, signal] = await once(live({ seed: 11, point, times: 2, signal: 'SIGKILL' }), 'exit');
      expect(signal).to.equal('SIGKILL');
    }
    const survivor = rig.instance({ lifetime: 600, patience: 15_000 });
    await survivor.runner.start();
    await expectAllApplied(survivor);
  }).timeout(60_000);

  it('that sleeps while another takes over writes nothing when it wakes up', async () => {
    await happen(rig, facts(12, count));
    const sleeper = live({ seed: 12, point: 'begun', times: 3, signal: 'SIGSTOP' });
    await message(sleeper, (one) => one === 'now');
    const other = rig.instance({ lifetime: 600, patience: 15_000 });
    await other.runner.start();
    await expectAllApplied(other);
    const isStandby = (one: unknown): boolean => (one as { duty?: string }).duty === 'standby';
    const standsBy = message(sleeper, isStandby);
    sleeper.kill('SIGCONT');
    await standsBy;

    await expectAllApplied(other);
    expect(other.runner.health('public.accounts_v1').duty).to.equal('leading');
  }).timeout(60_000);

  function message(child: ChildProcess, wanted: (message: unknown) => boolean): Promise<void> {
    return new Promise((resolve) => {
      child.on('message', (heard) => {
        if (wanted(heard)) resolve();
      });
    });
  }
});
