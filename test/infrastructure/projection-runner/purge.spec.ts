import { expect } from 'chai';
import { ReadModelPurge } from '../../../src/infrastructure/projection-runner/purge.js';
import type { Projection } from '../../../src/projections/projection.js';
import { Rig } from './rig.js';
import { account, type AccountEvent, accounts, acme, globex } from './samples.js';

const ann = account('ann');
const opened = { type: 'account.opened', name: 'Ann', team: 'red', tags: [] } as const;

describe('a purge', () => {
  let rig: Rig;
  beforeEach(async () => {
    rig = await Rig.make();
  });
  afterEach(() => rig.end());

  async function names(schemaAndTable = 'accounts_v1'): Promise<readonly (string | null)[]> {
    const { rows } = await rig.pool.query<{ name: string | null }>(
      `SELECT name FROM ${schemaAndTable} ORDER BY tenant, id`,
    );
    return rows.map(({ name }) => name);
  }

  it('empties what is personal of one person, and nothing else', async () => {
    const { runner, freshness } = rig.instance();
    await runner.start();
    await rig.append(ann, opened);
    await rig.append(account('bea'), { ...opened, name: 'Bea' });
    await freshness.waitFor(await rig.append(account('ann', globex), { ...opened, name: 'Other' }), ['accounts']);

    expect(await new ReadModelPurge(rig.pool).purge(acme, ann)).to.equal(1);
    expect(await new ReadModelPurge(rig.pool).purge(acme, ann)).to.equal(1);
    expect(await names()).to.deep.equal([null, 'Bea', 'Other']);
    const { rows } = await rig.pool.query(
      'SELECT team, changed_at IS NOT NULL AS changed FROM accounts_v1 WHERE id = $1',
      [ann],
    );
    expect(rows).to.deep.equal([{ team: 'red', changed: true }]);
  });

  it('holds for events that come later or are still readable, and for every rebuild', async () => {
    const { runner, freshness, rebuilds, verifications } = rig.instance();
    await runner.start();
    await freshness.waitFor(await rig.append(ann, opened), ['accounts']);
    await new ReadModelPurge(rig.pool).purge(acme, ann);
    await rig.append(ann, { type: 'account.renamed', name: 'Anna' });
    await freshness.waitFor(await rig.append(account('bea'), opened), ['accounts']);

    expect(await names()).to.deep.equal([null, 'Ann']);
    expect(await verifications.verify('accounts')).to.include({ differences: 0, rows: 2 });
    expect(await rebuilds.rebuild('accounts', { accept: false })).to.include({ switched: true });
    expect(await names()).to.deep.equal([null, 'Ann']);
  });

  it('makes pages void that were read before', async () => {
    await rig.append(ann, opened);
    const purged: number[] = [];
    const { runner, freshness } = rig.instance({
      faults: async (point) => {
        // The handlers have put the name into rows in memory; the purge ends before these are written.
        if (point === 'begun' && purged.length === 0) purged.push(await new ReadModelPurge(rig.pool).purge(acme, ann));
      },
    });
    await runner.start();

    expect(await freshness.waitFor(await rig.log.head(), ['accounts'])).to.equal('visible');
    expect(purged).to.deep.equal([0]);
    expect(await names()).to.deep.equal([null]);
  });

  it('reaches tables that are being built', async () => {
    const { runner, freshness, catalog } = rig.instance();
    await runner.start();
    await freshness.waitFor(await rig.append(ann, opened), ['accounts']);
    await rig.pool.query(
      `CREATE SCHEMA rebuild_1; CREATE TABLE rebuild_1.accounts_v1 AS TABLE accounts_v1;
       INSERT INTO projection_checkpoints (model, name, version, shape, personal)
       SELECT 'rebuild_1.accounts_v1', name, version, shape, personal FROM projection_checkpoints WHERE name = 'accounts'`,
    );

    expect(await new ReadModelPurge(rig.pool).purge(acme, ann)).to.equal(2);
    expect(await names('rebuild_1.accounts_v1')).to.deep.equal([null]);
    expect(catalog.all).to.have.length(1);
  });

  it('is refused a read model that could not be purged', async () => {
    const stubborn: Projection<AccountEvent> = {
      ...accounts,
      personal: { subject: 'owner', columns: ['name', 'tags'] },
    };
    const failure = await rig
      .instance({ projections: [stubborn] })
      .catalog.ensure()
      .catch((error: Error) => error.message);

    expect(failure).to.equal('accounts cannot be purged: it lacks owner; must be nullable: tags');
  });
});
