import { expect } from 'chai';
import type { Position } from '../../../src/application/ports/event-log.js';
import { facts, happen } from './histories.js';
import { Rig } from './rig.js';
import { account, acme, doorStream, journal } from './samples.js';

describe('reading what one wrote', () => {
  let rig: Rig;
  beforeEach(async () => {
    rig = await Rig.make();
  });
  afterEach(() => rig.end());

  it('waits for the projection, also where another process keeps it', async () => {
    const [api, projector] = [rig.instance({ patience: 15_000 }), rig.instance()];
    await api.announcements.listening();
    await projector.runner.start();
    const position = await happen(rig, facts(1, 30));

    expect(await api.freshness.waitFor(position, ['accounts'])).to.equal('visible');
    expect(await rig.accounts()).to.deep.equal(await rig.accountsByTheLog());
    expect(await api.readModels.standing('accounts')).to.equal('serving');
  });

  it('is visible too where the event concerns no row of the read model', async () => {
    const { runner, freshness } = rig.instance();
    await runner.start();
    await happen(rig, facts(1, 3));
    const position = await rig.append(doorStream('a'), { type: 'door.opened' });

    expect(await freshness.waitFor(position, ['accounts'])).to.equal('visible');
    expect(await freshness.waitFor(position, [])).to.equal('visible');
  });

  it('gives up after a while where nobody projects', async () => {
    const { catalog, freshness, readModels } = rig.instance({ patience: 30 });
    await catalog.ensure();
    const position = await happen(rig, facts(1, 3));

    expect(await freshness.waitFor(position, ['accounts'])).to.equal('not-yet');
    expect(await readModels.standing('accounts')).to.equal('building');
    const [state] = await readModels.status();
    expect(state).to.deep.include({
      name: 'accounts',
      duty: 'stopped',
      standing: 'building',
      leader: undefined,
      lag: 3,
      events: 0,
    });
    expect(state?.lagMilliseconds).to.be.greaterThan(0);
    expect(state?.etaSeconds).to.equal(undefined);
  });

  it('asks the database once a second at most how a read model stands, however many ask', async () => {
    const { runner, freshness, readModels } = rig.instance();
    await runner.start();
    await freshness.waitFor(await happen(rig, facts(1, 3)), ['accounts']);
    await readModels.standing('accounts', acme);
    const query = rig.pool.query.bind(rig.pool) as (...given: unknown[]) => unknown;
    let looks = 0;
    rig.pool.query = ((...given: unknown[]) => {
      if (String(given[0]).includes('built_at IS NOT NULL')) looks += 1;
      return query(...given);
    }) as typeof rig.pool.query;
    const begun = performance.now();
    for (let n = 0; n < 50; n += 1) {
      const standings = await Promise.all(Array.from({ length: 20 }, () => readModels.standing('accounts', acme)));
      expect(new Set(standings)).to.deep.equal(new Set(['serving']));
    }
    expect(looks).to.be.at.most(1 + Math.ceil((performance.now() - begun) / 1_000));
  });

  it('tells positions of another history from those to come', async () => {
    const { freshness } = rig.instance();

    expect(await freshness.waitFor('m0.1' as Position, ['accounts'])).to.equal('foreign-epoch');
  });

  it('starts anew when the log was restored', async () => {
    const { runner, freshness, readModels } = rig.instance();
    await runner.start();
    await freshness.waitFor(await happen(rig, facts(2, 40)), ['accounts']);
    await rig.pool.query("INSERT INTO accounts_v1 (tenant, id) VALUES ($1, 'of the lost history')", [acme]);
    rig.log.beginEpoch('m2');
    const position = await rig.append(account('1'), { type: 'account.visited' });

    expect(await freshness.waitFor(position, ['accounts'])).to.equal('visible');
    expect(await rig.accounts()).to.deep.equal(await rig.accountsByTheLog());
    const [state] = await readModels.status();
    expect(state).to.include({
      name: 'accounts',
      duty: 'leading',
      leader: 'instance-0',
      lag: 0,
      etaSeconds: 0,
      events: 41,
    });
  });

  it('reads the log once for all followers at the head', async () => {
    const projections = ['one', 'two', 'three', 'four', 'five', 'six'];
    const { runner, freshness } = rig.instance({
      projections: projections.map((name) => ({ ...journal, name })),
      pace: { page: 100, poll: 60_000, store: 60_000, rest: 0 },
    });
    await runner.start();
    await freshness.waitFor(await happen(rig, facts(3, 1)), projections);
    await freshness.waitFor(await happen(rig, facts(4, 1)), projections);
    const before = rig.log.reads;
    for (let n = 0; n < 20; n += 1) await freshness.waitFor(await happen(rig, facts(5 + n, 1)), projections);

    expect(rig.log.reads - before).to.be.at.most(45);
  });
});
