import { expect } from 'chai';
import type { Position } from '../../../src/application/ports/event-log.js';
import { LogCorrupt, UnknownEventType } from '../../../src/infrastructure/event-log/unreadable.js';
import { liveSchema, modelId } from '../../../src/infrastructure/projection-runner/model-table.js';
import type { Handlers, Projection } from '../../../src/projections/projection.js';
import { Rig } from './rig.js';
import { account, type AccountEvent, accounts, acme, globex } from './samples.js';

const model = modelId(liveSchema, accounts);
const handlers = accounts.on as Handlers<AccountEvent>;

/** Cannot stand the name Mallory. */
const fragile: Projection<AccountEvent> = {
  ...accounts,
  on: {
    ...handlers,
    'account.renamed': (rows, recorded) => {
      if (recorded.event.name === 'Mallory') throw new RangeError('Mallory, again');
      handlers['account.renamed'](rows, recorded);
    },
  },
};
/** Lets the database refuse. */
const refused: Projection<AccountEvent> = {
  ...accounts,
  on: {
    ...handlers,
    'account.renamed': (rows, { tenant, stream, event }) =>
      rows.update({ tenant, id: stream }, event.name === 'Mallory' ? { visits: 'many' } : { name: event.name }),
  },
};

const opened = { type: 'account.opened', name: 'Ann', team: 'red', tags: [] } as const;
const mallory = { type: 'account.renamed', name: 'Mallory' } as const;

describe('a poison event', () => {
  let rig: Rig;
  beforeEach(async () => {
    rig = await Rig.make();
  });
  afterEach(() => rig.end());

  /** Thirty accounts; the bad one's events stand among those of the others. The position of the bad event and of the last. */
  async function history(): Promise<{ bad: Position; last: Position }> {
    for (let n = 0; n < 30; n += 1) await rig.append(account(`${n}`), opened);
    await rig.append(account('other', globex), opened);
    const bad = await rig.append(account('7'), mallory);
    for (let n = 0; n < 30; n += 1) await rig.append(account(`${n}`), { type: 'account.visited' });
    return { bad, last: await rig.append(account('7'), { type: 'account.renamed', name: 'Later' }) };
  }

  async function names(): Promise<readonly string[]> {
    const { rows } = await rig.pool.query<{ line: string }>(
      "SELECT right(id, 2) || ' ' || name || ' ' || visits AS line FROM accounts_v1 WHERE tenant = $1 AND id ~ '_(6|7|8)$' ORDER BY id",
      [acme],
    );
    return rows.map(({ line }) => line);
  }

  for (const [what, projection, error] of [
    ['that makes a handler throw', fragile, /^RangeError at poison\.spec\.[jt]s:\d+$/],
    ['that the database refuses', refused, /^error 22P02/],
  ] as const) {
    it(`${what} is set aside with its stream, and all others go on`, async () => {
      const { bad, last } = await history();
      const { runner, freshness, notices, readModels } = rig.instance({ projections: [projection] });
      await runner.start();

      expect(await freshness.waitFor(last, ['accounts'])).to.equal('visible');
      expect(await names()).to.deep.equal(['_6 Ann 1', '_7 Ann 0', '_8 Ann 1']);
      const { rows } = await rig.pool.query(
        'SELECT stream, revision, position, type, error, tenant FROM parked_events WHERE model = $1 ORDER BY revision',
        [model],
      );
      const common = { stream: account('7'), tenant: acme };
      expect(rows[0]?.error).to.match(error);
      expect(rows).to.deep.equal([
        { ...common, revision: 1, position: bad, type: 'account.renamed', error: rows[0]?.error },
        {
          ...common,
          revision: 2,
          position: rows[1]?.position,
          type: 'account.visited',
          error: 'follows a parked event',
        },
        { ...common, revision: 3, position: last, type: 'account.renamed', error: 'follows a parked event' },
      ]);
      const alarms = notices.filter(({ kind }) => kind === 'parked');
      expect(alarms).to.have.length(1);
      expect(JSON.stringify([...rows, ...alarms])).not.to.contain('Mallory');
      expect(await readModels.standing('accounts', acme)).to.equal('parked');
      expect(await readModels.standing('accounts', globex)).to.equal('serving');
    });
  }

  it('is taken up again after a fix, in order, and nothing differs from a fresh rebuild', async () => {
    const { last } = await history();
    const broken = rig.instance({ projections: [fragile] });
    await broken.runner.start();
    await broken.freshness.waitFor(last, ['accounts']);
    await broken.stop();
    const fixed = rig.instance();
    await fixed.runner.start();
    expect(await fixed.readModels.standing('accounts', acme)).to.equal('parked');

    expect(await fixed.retry.retryParked('accounts')).to.deep.equal({
      model: 'accounts',
      streams: 1,
      events: 3,
      parked: [],
    });
    expect(await names()).to.deep.equal(['_6 Ann 1', '_7 Later 1', '_8 Ann 1']);
    const next = await rig.append(account('7'), { type: 'account.visited' });
    expect(await fixed.freshness.waitFor(next, ['accounts'])).to.equal('visible');
    expect(await rig.accounts()).to.deep.equal(await rig.accountsByTheLog());
    expect(await fixed.readModels.standing('accounts', acme)).to.equal('serving');
  });

  it('that is still poison stays aside, and says how often it was tried', async () => {
    const { last } = await history();
    const { runner, freshness, retry } = rig.instance({ projections: [fragile] });
    await runner.start();
    await freshness.waitFor(last, ['accounts']);
    const { streams, parked } = await retry.retryParked('accounts');

    expect(streams).to.equal(0);
    expect(parked.map(({ stream }) => stream)).to.deep.equal([account('7')]);
    const { rows } = await rig.pool.query('SELECT attempts FROM parked_events ORDER BY revision');
    expect(rows).to.deep.equal([{ attempts: 2 }, { attempts: 1 }, { attempts: 1 }]);
    const next = await rig.append(account('8'), { type: 'account.visited' });
    expect(await freshness.waitFor(next, ['accounts'])).to.equal('visible');
  });

  it('that cannot be read is set aside with its stream until it can', async () => {
    const { bad, last } = await history();
    rig.log.damage(bad, LogCorrupt);
    const { runner, freshness, retry, notices } = rig.instance();
    await runner.start();

    expect(await freshness.waitFor(last, ['accounts'])).to.equal('visible');
    expect(await names()).to.deep.equal(['_6 Ann 1', '_7 Ann 0', '_8 Ann 1']);
    expect(notices.filter(({ kind }) => kind === 'parked')).to.have.length(1);
    rig.log.repair(bad);
    expect((await retry.retryParked('accounts')).events).to.equal(3);
    expect(await rig.accounts()).to.deep.equal(await rig.accountsByTheLog());
  });

  it('of a type that only a newer program knows is left to a newer instance', async () => {
    const { bad, last } = await history();
    rig.log.damage(bad, UnknownEventType);
    const older = rig.instance({ holder: 'older' });
    await older.announcements.listening();
    await older.runner.start();
    await older.yields(model);
    expect((await rig.pool.query('SELECT 1 FROM parked_events')).rows).to.deep.equal([]);
    rig.log.repair(bad);
    const newer = rig.instance({ holder: 'newer' });
    await newer.runner.start();

    expect(await newer.freshness.waitFor(last, ['accounts'])).to.equal('visible');
    expect(newer.runner.health(model).duty).to.equal('leading');
    expect(older.runner.health(model).duty).to.equal('yielded');
    expect(await rig.accounts()).to.deep.equal(await rig.accountsByTheLog());
  });
});
