import { expect } from 'chai';
import type { Transactor } from '../../src/application/transactor.js';
import { add, context, Installation, tally, type TallyCommand, tenant } from './tally.js';

describe('what the transactor reads', () => {
  let installation: Installation;
  let transactor: Transactor;

  beforeEach(() => {
    installation = new Installation();
    transactor = installation.process();
  });

  const run = (id: string, by = transactor) => by.transact(tally, 'one', context(id), add(1));
  const load = (by = transactor) => by.load(tally, tenant, 'one');

  it('is the tail of the stream, each event once', async () => {
    await run('c1');
    await installation.elsewhere(3);
    expect((await load()).revision).to.equal(3);
    expect(installation.log.eventsRead()).to.equal(3);
    expect((await load()).revision).to.equal(3);
    expect(installation.log.eventsRead()).to.equal(0);
  });

  it('is one page where nothing is new', async () => {
    await run('c1');
    installation.log.pages = [];
    await run('c2');
    expect(installation.log.pages).to.deep.equal([0]);
  });

  describe('for a fresh command', () => {
    const fresh = (id: string, command: TallyCommand = add(1), by = transactor) =>
      by.transact(tally, 'one', { ...context(id), fresh: true }, command);

    it('is nothing where the append itself confirms what is at hand', async () => {
      expect(await fresh('c1')).to.deep.include({ revision: 0, state: { total: 1, refusals: 0 } });
      expect(await fresh('c2')).to.deep.include({ revision: 1, state: { total: 2, refusals: 0 } });
      expect(installation.log.pages).to.deep.equal([]);
    });

    it('is the tail where others were faster', async () => {
      await fresh('c1');
      await installation.elsewhere(3);
      expect(await fresh('c2')).to.deep.include({ revision: 4, state: { total: 5, refusals: 0 } });
      expect(await fresh('c3', add(1), installation.process())).to.deep.include({ revision: 5, repeated: false });
      expect((await load(installation.process())).state.total).to.equal(6);
    });

    it('is the tail before a refusal, and before it is said that nothing is to be done', async () => {
      for (const command of ['Refuse', 'RefuseSilently', 'AddNothing'] as const) {
        await fresh(`${command}-1`);
        await installation.elsewhere(1, `${command}-elsewhere`);
        installation.log.pages = [];
        const seen = await fresh(`${command}-2`, { type: command }).catch((error: unknown) => error);
        expect(installation.log.pages, command).to.deep.equal([1]);
        expect(seen, command).to.not.equal(undefined);
      }
    });

    it('is not needed to know that a step was taken before in the same try', async () => {
      await fresh('c1');
      expect(await fresh('c1')).to.include({ repeated: true });
      expect((await load()).state.total).to.equal(1);
    });
  });

  it('is no snapshot where the stream is new or short', async () => {
    await load();
    await installation.elsewhere(7);
    await load();
    await load(installation.process());
    expect(installation.snapshots.loads).to.equal(0);
  });

  it('is at most a snapshot and 50 events after a restart, however long the stream (P5)', async () => {
    for (let length = 1; length <= 130; length++) {
      await installation.elsewhere(1, `at-${length}`);
      const { state } = await load(installation.process());
      expect(state.total).to.equal(length);
      expect(installation.log.eventsRead(), `after ${length} events`).to.be.at.most(50);
      expect(installation.snapshots.loads).to.be.at.most(1);
    }
  });

  it('is at most a snapshot and 50 events for a process that others left behind (P5)', async () => {
    for (const ahead of [1, 9, 10, 11, 39, 40, 41, 50, 90, 200]) {
      await load();
      await installation.elsewhere(ahead, `ahead-${ahead}`);
      const { revision } = await load();
      expect(installation.log.eventsRead(), `${ahead} behind`).to.be.at.most(50);
      expect(installation.snapshots.loads, `${ahead} behind`).to.be.at.most(1);
      expect((await load(installation.process())).revision).to.equal(revision);
      installation.log.eventsRead();
      installation.snapshots.loads = 0;
    }
  });

  it('is everything, page by page, where no snapshot is left', async () => {
    installation.snapshots.failing = true;
    await installation.elsewhere(120);
    expect((await load()).state.total).to.equal(120);
    expect(installation.log.pages).to.deep.equal([8, 50, 50, 12]);
  });

  it('is a snapshot once: the state is cached although nothing follows it', async () => {
    await installation.elsewhere(40);
    await load();
    installation.log.eventsRead();
    await load();
    expect(installation.snapshots.loads).to.equal(1);
    expect(installation.log.eventsRead()).to.equal(0);
  });

  it('says on what position a state stands that comes from a snapshot', async () => {
    await installation.elsewhere(40);
    expect(await load()).to.have.property('position', 'm1.40');
  });

  it('is read again by a schema of its own', async () => {
    await installation.elsewhere(45);
    const next = { ...tally, schema: 2 };
    const { state } = await installation.process().load(next, tenant, 'one');
    expect(state.total).to.equal(45);
    expect(installation.log.eventsRead()).to.equal(45);
  });

  describe('when snapshots cannot be saved', () => {
    it('fails no command', async () => {
      installation.snapshots.failing = true;
      for (let number = 1; number <= 45; number++) await run(`c${number}`);
      expect((await load()).state.total).to.equal(45);
    });

    it('tries again with the next command, so that the way back stays short (P5)', async () => {
      installation.snapshots.failing = true;
      for (let number = 1; number <= 45; number++) await run(`c${number}`);
      installation.snapshots.failing = false;
      await run('c46');
      installation.log.eventsRead();
      expect((await load(installation.process())).state.total).to.equal(46);
      expect(installation.log.pages).to.deep.equal([8, 0]);
    });
  });

  describe('is forgotten', () => {
    it('when it is asked to', async () => {
      await run('c1');
      transactor.forget('tally', tenant, 'one');
      installation.log.eventsRead();
      expect((await load()).state.total).to.equal(1);
      expect(installation.log.eventsRead()).to.equal(1);
    });

    it('by those, too, who were reading it at that moment', async () => {
      await installation.elsewhere(1);
      installation.log.pause = async () => transactor.forget('tally', tenant, 'one');
      await load();
      installation.log.eventsRead();
      await load();
      expect(installation.log.eventsRead()).to.equal(1);
    });

    it('when more streams are in use than may be cached', async () => {
      const small = installation.process(1);
      await run('c1', small);
      await small.transact(tally, 'two', context('c2'), add(1));
      installation.log.eventsRead();
      expect((await load(small)).state.total).to.equal(1);
      expect(installation.log.eventsRead()).to.equal(1);
    });
  });

  it('is not taken for the newest by those who read slowly', async () => {
    await run('c1');
    await installation.elsewhere(1);
    installation.log.pause = () => run('c2');
    expect((await load()).revision).to.equal(1);
    installation.log.eventsRead();
    expect((await load()).revision).to.equal(2);
    expect(installation.log.eventsRead()).to.equal(0);
  });
});
