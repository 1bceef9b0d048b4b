import { expect } from 'chai';
import { Rig } from './rig.js';
import { account, team } from './samples.js';

describe('the projection runner', () => {
  let rig: Rig;
  beforeEach(async () => {
    rig = await Rig.make();
  });
  afterEach(() => rig.end());

  it('makes missing tables, catches up and goes along with the log', async () => {
    await rig.append(account('a'), { type: 'account.opened', name: 'Ann', team: 'red', tags: ['x', 'y "z"'] });
    const { runner, freshness } = rig.instance();
    await runner.start();
    await rig.append(account('a'), { type: 'account.visited' }, { type: 'account.noted', note: 'é\\' });
    await rig.append(account('b'), { type: 'account.opened', name: 'Bea', team: 'red', tags: [] });
    const position = await rig.append(team('t'), { type: 'team.moved', from: 'red', to: 'blue' });

    expect(await freshness.waitFor(position, ['accounts'])).to.equal('visible');
    const { rows } = await rig.pool.query(
      'SELECT id, name, team, tags, visits, notes, details FROM accounts_v1 ORDER BY id',
    );
    expect(rows).to.deep.equal([
      {
        id: account('a'),
        name: 'Ann',
        team: 'blue',
        tags: ['x', 'y "z"'],
        visits: 1,
        notes: 2,
        details: { note: 'é\\' },
      },
      { id: account('b'), name: 'Bea', team: 'blue', tags: [], visits: 0, notes: 0, details: null },
    ]);
  });

  it('resumes where it stopped, and counts nothing twice', async () => {
    const first = rig.instance();
    await first.runner.start();
    await rig.append(account('a'), { type: 'account.opened', name: 'Ann', team: 'red', tags: [] });
    const before = await rig.append(account('a'), { type: 'account.visited' });
    await first.freshness.waitFor(before, ['accounts']);
    await first.stop();
    const after = await rig.append(account('a'), { type: 'account.visited' }, { type: 'account.visited' });
    const second = rig.instance();
    await second.runner.start();

    expect(await second.freshness.waitFor(after, ['accounts'])).to.equal('visible');
    const { rows } = await rig.pool.query('SELECT visits FROM accounts_v1');
    expect(rows).to.deep.equal([{ visits: 3 }]);
    const checkpoint = await rig.pool.query("SELECT events::int FROM projection_checkpoints WHERE name = 'accounts'");
    expect(checkpoint.rows).to.deep.equal([{ events: 4 }]);
  });
});
