import { expect } from 'chai';
import type { StreamName } from '../../../src/application/ports/event-log.js';
import { LogCorrupt } from '../../../src/infrastructure/event-log/unreadable.js';
import { FoldedStreams } from '../../../src/infrastructure/folded-streams.js';
import { ListedInlineModels } from '../../../src/infrastructure/inline-models.js';
import { writeInlineRows } from '../../../src/infrastructure/projection-runner/inline-rows.js';
import { describeTable } from '../../../src/infrastructure/projection-runner/model-table.js';
import { type Instance, Rig } from './rig.js';
import { acme, door, type DoorEvent, doorStream, doors } from './samples.js';

const built = { type: 'door.built', wood: 'oak' } as const;
const opened = { type: 'door.opened' } as const;
const shut = { type: 'door.shut' } as const;

describe('inline read models', () => {
  let rig: Rig;
  beforeEach(async () => {
    rig = await Rig.make();
  });
  afterEach(() => rig.end());

  const instance = (): Instance => rig.instance({ projections: [], inline: [doors], aggregates: { door } });

  async function rows(): Promise<readonly object[]> {
    const held = await rig.pool.query('SELECT key, tenant, id, revision, wood, open, moves FROM doors_v1 ORDER BY key');
    return held.rows;
  }
  const row = (id: string, revision: number, wood: string | null, open: boolean, moves: number): object => ({
    key: `${acme}_${id}`,
    tenant: acme,
    id,
    revision,
    wood,
    open,
    moves,
  });

  /** Writes the row as the append would have. */
  async function writeAtAppend(stream: StreamName, revision: number, open: boolean): Promise<void> {
    const models = new ListedInlineModels([doors]);
    const state = { wood: 'oak', open, moves: revision };
    const [, id = ''] = stream.split('_');
    const client = await rig.pool.connect();
    const shape = { ...doors, key: ['key'] };
    await writeInlineRows(
      client,
      await describeTable(client, 'public', shape),
      models.rowsFor('door', acme, id, state, revision),
    );
    client.release();
  }

  it('name one row for each model of the category', () => {
    const models = new ListedInlineModels([doors, { ...doors, version: 2 }, { ...doors, category: 'gate' }]);

    expect(models.rowsFor('door', acme, 'a', { wood: null, open: true, moves: 1 }, 4)).to.deep.equal(
      ['doors_v1', 'doors_v2'].map((table) => ({
        table,
        key: `${acme}_a`,
        tenant: acme,
        id: 'a',
        revision: 4,
        columns: { wood: null, open: true, moves: 1 },
      })),
    );
    expect(models.rowsFor('window', acme, 'a', {}, 0)).to.deep.equal([]);
  });

  it('are brought to the head at start, whatever a crash cut short', async () => {
    const { catalog, inlineCatchUp, readModels } = instance();
    await catalog.ensure();
    await rig.append(doorStream('a'), built, opened);
    await rig.append(doorStream('b'), built);
    await writeAtAppend(doorStream('a'), 0, false);
    expect(await readModels.standing('doors')).to.equal('building');
    await inlineCatchUp.run();

    expect(await rows()).to.deep.equal([row('a', 1, 'oak', true, 1), row('b', 0, 'oak', false, 0)]);
    expect(await readModels.standing('doors')).to.equal('serving');
  });

  it('never go back: a row of a higher revision stays', async () => {
    const { catalog, inlineCatchUp } = instance();
    await catalog.ensure();
    await rig.append(doorStream('a'), built, opened, shut);
    await inlineCatchUp.run();
    await writeAtAppend(doorStream('a'), 1, true);

    expect(await rows()).to.deep.equal([row('a', 2, 'oak', false, 2)]);
  });

  it('are kept by the net while the service runs', async () => {
    const { runner, states } = instance();
    await runner.start();
    const position = await rig.append(doorStream('a'), built, opened);
    await rig.until(async () => states.position('public.doors_v1') === position || (await rows()).length === 1);

    expect(await rows()).to.deep.equal([row('a', 1, 'oak', true, 1)]);
  });

  it('set a stream aside that cannot be folded, and all others go on', async () => {
    const { catalog, inlineCatchUp, readModels, retry } = instance();
    await catalog.ensure();
    const bad = await rig.append(doorStream('a'), built);
    await rig.append(doorStream('a'), opened);
    await rig.append(doorStream('b'), built);
    rig.log.damage(bad, LogCorrupt);
    await inlineCatchUp.run();

    expect(await rows()).to.deep.equal([row('b', 0, 'oak', false, 0)]);
    expect(await readModels.standing('doors', acme)).to.equal('parked');
    rig.log.repair(bad);
    expect(await retry.retryParked('doors')).to.deep.include({ streams: 1, parked: [] });
    expect(await rows()).to.deep.equal([row('a', 1, 'oak', true, 1), row('b', 0, 'oak', false, 0)]);
  });

  it('are rebuilt and switched while rows are written at appends', async () => {
    const { catalog, inlineCatchUp, rebuilds, verifications } = instance();
    await catalog.ensure();
    for (let n = 0; n < 40; n += 1) await rig.append(doorStream(`${n}`), built);
    await inlineCatchUp.run();
    let rebuilding = true;
    let moves = 0;
    const writing = (async (): Promise<void> => {
      for (; rebuilding; moves += 1) {
        const stream = doorStream(`${moves % 40}`);
        const moved: DoorEvent = moves % 80 < 40 ? opened : shut;
        await rig.append(stream, moved);
        await writeAtAppend(stream, 1 + Math.floor(moves / 40), moved.type === 'door.opened');
      }
    })();
    const rebuilt = await rebuilds.rebuild('doors', { accept: false });
    rebuilding = false;
    await writing;

    expect(rebuilt).to.include({ switched: true, differences: 0, kind: 'inline' });
    expect(await verifications.verify('doors')).to.include({ differences: 0, rows: 40 });
  });

  it('fold a stream of any length, and refuse a category that no aggregate has', async () => {
    await rig.append(doorStream('long'), built, ...Array.from({ length: 450 }, () => opened));
    const streams = new FoldedStreams(rig.log, { door });

    expect(await streams.load('door', doorStream('long'))).to.deep.equal({
      state: { wood: 'oak', open: true, moves: 450 },
      revision: 450,
    });
    expect(await streams.load('door', doorStream('none'))).to.deep.equal({ state: door.initial, revision: -1 });
    const failure = await streams.load('gate', doorStream('x')).catch((error: Error) => error.message);
    expect(failure).to.equal('no aggregate has the category gate');
  });
});
