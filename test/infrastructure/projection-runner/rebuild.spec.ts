import { expect } from 'chai';
import fc from 'fast-check';
import { ShapeChanged } from '../../../src/infrastructure/projection-runner/ensure-tables.js';
import type { Progress } from '../../../src/infrastructure/projection-runner/progress.js';
import { FoldsDiffer } from '../../../src/infrastructure/projection-runner/rebuild.js';
import type { Handlers, Projection } from '../../../src/projections/projection.js';
import { fact, facts, happen } from './histories.js';
import { type Instance, Rig } from './rig.js';
import { account, type AccountEvent, accounts, door, doors, doorStream } from './samples.js';

const handlers = accounts.on as Handlers<AccountEvent>;

describe('a rebuild', () => {
  let rig: Rig;
  beforeEach(async () => {
    rig = await Rig.make();
  });
  afterEach(() => rig.end());

  async function serving(instance: Instance): Promise<Instance> {
    await instance.runner.start();
    await instance.freshness.waitFor(await rig.log.head(), ['accounts']);
    return instance;
  }

  async function schemas(): Promise<readonly string[]> {
    const { rows } = await rig.pool.query<{ nspname: string }>(
      "SELECT nspname FROM pg_namespace WHERE nspname ~ '^(rebuild|verify|replay)_'",
    );
    return rows.map(({ nspname }) => nspname);
  }

  it('equals what serves, for any history', async () => {
    const { runner, freshness, rebuilds, verifications } = rig.instance();
    await runner.start();
    await fc.assert(
      fc.asyncProperty(fc.array(fact, { minLength: 1, maxLength: 120 }), async (history) => {
        await freshness.waitFor(await happen(rig, history), ['accounts']);
        const before = await rig.dump();

        expect(await verifications.verify('accounts')).to.include({ differences: 0, rows: before.length });
        expect(await rebuilds.rebuild('accounts', { accept: false })).to.include({ differences: 0, switched: true });
        expect(await rig.dump()).to.deep.equal(before);
      }),
      { numRuns: 4 },
    );
    expect(await rig.accounts()).to.deep.equal(await rig.accountsByTheLog());
    expect(await schemas()).to.deep.equal([]);
  });

  it('while events come in misses none and doubles none, and reports its progress', async () => {
    await happen(rig, facts(1, 800));
    const { rebuilds, freshness } = await serving(rig.instance());
    const told: Progress[] = [];
    let rebuilding = true;
    let written = 0;
    const writing = (async (): Promise<void> => {
      for (; rebuilding; written += 20) {
        const position = await happen(rig, facts(1_000 + written, 20));
        expect(await freshness.waitFor(position, ['accounts'])).to.equal('visible');
      }
    })();
    const rebuilt = await rebuilds.rebuild('accounts', { accept: false }, (progress) => told.push(progress));
    rebuilding = false;
    await writing;
    const last = await happen(rig, facts(2, 10));

    expect(rebuilt).to.include({ differences: 0, switched: true });
    expect(written).to.be.greaterThan(0);
    expect(await freshness.waitFor(last, ['accounts'])).to.equal('visible');
    expect(await rig.accounts()).to.deep.equal(await rig.accountsByTheLog());
    expect(told.at(-1)).to.include({ model: 'accounts', done: 1, etaSeconds: 0 });
    const { rows } = await rig.pool.query(
      "SELECT events::integer, (SELECT count(*) FROM pg_indexes WHERE tablename = 'accounts_v1' AND schemaname = 'public')::integer AS indexes FROM projection_checkpoints WHERE model = 'public.accounts_v1'",
    );
    expect(rows).to.deep.equal([{ events: 810 + written, indexes: 2 }]);
  });

  it('with other rows than those that serve is only switched to when that is accepted', async () => {
    await happen(rig, facts(3, 200));
    const { rebuilds, verifications } = await serving(rig.instance());
    await rig.pool.query("UPDATE accounts_v1 SET name = 'Eve' WHERE id = (SELECT min(id) FROM accounts_v1)");
    const [tampered] = (await rig.pool.query('SELECT tenant, id FROM accounts_v1 WHERE name = $1', ['Eve'])).rows;
    await rig.pool.query('DELETE FROM accounts_v1 WHERE id = (SELECT max(id) FROM accounts_v1)');
    await rig.pool.query('INSERT INTO accounts_v1 (tenant, id) VALUES ($1, $2)', [tampered.tenant, 'zz']);

    const { sample, differences } = await verifications.verify('accounts');
    expect(differences).to.equal(3);
    expect(sample.map(({ kind }) => kind).sort()).to.deep.equal(['different', 'extra', 'missing']);
    expect(sample).to.deep.include({ key: `["${tampered.tenant}", "${tampered.id}"]`, kind: 'different' });
    expect(JSON.stringify(sample)).not.to.contain('Eve');
    expect(await rebuilds.rebuild('accounts', { accept: false })).to.include({ differences: 3, switched: false });
    expect((await rig.accounts()).some((row) => row['name'] === 'Eve')).to.equal(true);
    expect(await rebuilds.rebuild('accounts', { accept: true })).to.include({ differences: 3, switched: true });
    expect(await rig.accounts()).to.deep.equal(await rig.accountsByTheLog());
    expect(await schemas()).to.deep.equal([]);
  });

  it('is refused where the handlers depend on something that is no event', async () => {
    let folds = 0;
    const moody: Projection<AccountEvent> = {
      ...accounts,
      on: {
        ...handlers,
        'account.opened': (rows, recorded) => {
          handlers['account.opened'](rows, recorded);
          rows.update({ tenant: recorded.tenant, id: recorded.stream }, { visits: (folds += 1) });
        },
      },
    };
    await rig.append(account('a'), { type: 'account.opened', name: 'Ann', team: 'red', tags: [] });
    const { rebuilds } = await serving(rig.instance({ projections: [moody] }));
    const failure = await rebuilds.rebuild('accounts', { accept: true }).catch((error: unknown) => error);

    expect(failure).to.be.instanceOf(FoldsDiffer);
    expect(await schemas()).to.deep.equal([]);
  });

  it('takes over columns that were changed without a new version, when that is accepted', async () => {
    await happen(rig, facts(8, 30));
    await (await serving(rig.instance())).stop();
    const wider: Projection<AccountEvent> = {
      ...accounts,
      columns: (table) => {
        accounts.columns(table);
        table.text('nickname');
      },
    };
    const { runner, catalog, rebuilds, freshness } = rig.instance({ projections: [wider] });
    const refusal = await runner.start().catch((error: unknown) => error);
    expect(refusal).to.be.instanceOf(ShapeChanged);
    expect(await rebuilds.rebuild('accounts', { accept: true })).to.include({ switched: true });
    await catalog.demandShapes();
    await runner.start();

    expect(await freshness.waitFor(await happen(rig, facts(9, 5)), ['accounts'])).to.equal('visible');
    const { rows } = await rig.pool.query('SELECT DISTINCT nickname FROM accounts_v1');
    expect(rows).to.deep.equal([{ nickname: null }]);
  });

  it('clears away what a rebuild that died left behind', async () => {
    await happen(rig, facts(5, 20));
    const { rebuilds, catalog } = await serving(rig.instance());
    await rig.pool.query('CREATE SCHEMA rebuild_900; CREATE TABLE rebuild_900.accounts_v1 (id text)');
    await rebuilds.rebuild('accounts', { accept: false });

    expect(await schemas()).to.deep.equal([]);
    expect(catalog.all).to.have.length(1);
  });

  it('of a new version is made beside the old one, which is dropped when nobody needs it', async () => {
    const last = await happen(rig, facts(6, 60));
    const old = await serving(rig.instance());
    const second: Projection<AccountEvent> = { ...accounts, version: 2 };
    const newer = rig.instance({ projections: [second] });
    await newer.runner.start();
    expect(await newer.freshness.waitFor(last, ['accounts'])).to.equal('visible');

    expect(await newer.retirement.retire()).to.deep.equal([]);
    expect(await rig.dump(second)).to.deep.equal(await rig.dump());
    await old.stop();
    expect(await newer.retirement.retire()).to.deep.equal(['public.accounts_v1']);
    expect((await rig.pool.query("SELECT to_regclass('accounts_v1') AS table")).rows).to.deep.equal([{ table: null }]);
  });

  it('of everything tells for every read model how many rows there are and how many differ', async () => {
    await happen(rig, facts(7, 100));
    await rig.append(doorStream('a'), { type: 'door.built', wood: 'oak' }, { type: 'door.opened' });
    await rig.append(doorStream('b'), { type: 'door.built', wood: 'ash' });
    const instance = await serving(rig.instance({ inline: [doors], aggregates: { door } }));
    await instance.inlineCatchUp.run();
    await rig.pool.query('UPDATE doors_v1 SET open = false');
    const rows = (await rig.dump()).length;

    const table = await instance.verifications.replayAll();
    expect(
      table.map(({ model, kind, rows, differences, events }) => ({ model, kind, rows, differences, events })),
    ).to.deep.equal([
      { model: 'accounts', kind: 'asynchronous', rows, differences: 0, events: 100 },
      { model: 'doors', kind: 'inline', rows: 2, differences: 1, events: 3 },
    ]);
    expect(await instance.rebuilds.rebuild('doors', { accept: true })).to.include({ switched: true, differences: 1 });
    const held = await rig.pool.query('SELECT key, open, moves, revision FROM doors_v1 ORDER BY key');
    expect(held.rows.map(({ open, moves, revision }) => ({ open, moves, revision }))).to.deep.equal([
      { open: true, moves: 1, revision: 1 },
      { open: false, moves: 0, revision: 0 },
    ]);
    expect(await schemas()).to.deep.equal([]);
  });
});
