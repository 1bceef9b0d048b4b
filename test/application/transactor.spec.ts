import { expect } from 'chai';
import { CommandRejected } from '../../src/application/command-rejected.js';
import { LogUnavailable, type Position, RevisionConflict } from '../../src/application/ports/event-log.js';
import type { Prepare, Transactor } from '../../src/application/transactor.js';
import { rejection } from '../support/rejection.js';
import { add, context, Installation, stream, type Tally, tally, type TallyCommand, tenant } from './tally.js';

describe('the transactor', () => {
  let installation: Installation;
  let transactor: Transactor;

  beforeEach(() => {
    installation = new Installation();
    transactor = installation.process();
  });

  const run = (id: string, command: TallyCommand | Prepare<Tally, TallyCommand>, by = transactor) =>
    by.transact(tally, 'one', context(id), command);
  const load = (by = transactor) => by.load(tally, tenant, 'one');
  const recorded = async () => (await installation.log.read(stream, 0, 1_000)).map(({ event }) => event);
  const at = (index: number) => `m1.${index}` as Position;

  describe('carries commands out', () => {
    it('and answers with the state, its revision and its position', async () => {
      expect(await run('c1', { type: 'AddTwice', by: 2 })).to.deep.equal({
        state: { total: 4, refusals: 0 },
        revision: 1,
        position: at(2),
        repeated: false,
      });
      expect(await load()).to.deep.equal({ state: { total: 4, refusals: 0 }, revision: 1, position: at(2) });
    });

    it('on the revision that was decided on, with the rows that follow from it', async () => {
      await run('c1', add(2));
      await run('c2', add(3));
      const [, { stream: of, expectedRevision, events, context: with_, inline } = expect.fail()] =
        installation.log.appends;
      expect({ of, expectedRevision, events, with_, inline }).to.deep.equal({
        of: stream,
        expectedRevision: 0,
        events: [{ type: 'tally.added', by: 3 }],
        with_: context('c2'),
        inline: [{ table: 'tallies', key: 't1_one', tenant, id: 'one', revision: 1, columns: { total: 5 } }],
      });
    });

    it('and records nothing where there is nothing to record', async () => {
      expect(await run('c1', { type: 'AddNothing' })).to.deep.equal({
        state: tally.initial,
        revision: -1,
        repeated: false,
      });
      await run('c2', add(1));
      expect(await run('c3', { type: 'AddNothing' })).to.include({ revision: 0, position: at(1), repeated: false });
      expect(installation.log.appends).to.have.length(1);
    });

    it('each stream by itself', async () => {
      await transactor.transact(tally, 'other', context('c1'), add(5));
      await run('c1', add(1));
      expect((await load()).state.total).to.equal(1);
    });
  });

  describe('refuses commands', () => {
    it('after the facts that go with the refusal are recorded', async () => {
      await run('c1', add(1));
      const refused = await rejection(run('c2', { type: 'Refuse' }));
      expect(refused)
        .to.be.instanceOf(CommandRejected)
        .and.to.deep.include({ code: 'not-now', details: { position: at(2) } });
      expect(await recorded()).to.deep.equal([{ type: 'tally.added', by: 1 }, { type: 'tally.refused' }]);
      expect((await load()).state).to.deep.equal({ total: 1, refusals: 1 });
    });

    it('without facts, and says on what position', async () => {
      expect(await rejection(run('c1', { type: 'RefuseSilently' }))).to.deep.include({ code: 'not-ever', details: {} });
      await run('c2', add(1));
      const refused = await rejection(run('c3', { type: 'RefuseSilently' }));
      expect(refused).to.deep.include({ code: 'not-ever', details: { position: at(1) } });
      expect(installation.log.appends).to.have.length(1);
    });

    it('not with the refusal, where its facts could not be recorded', async () => {
      installation.log.losing = 'request';
      expect(await rejection(run('c1', { type: 'Refuse' }))).to.be.instanceOf(LogUnavailable);
    });

    it('and lets whatever the preparation throws through', async () => {
      const prepare = () => Promise.reject(new Error('no hash today'));
      expect(await rejection(run('c1', prepare))).to.have.property('message', 'no hash today');
      expect(await run('c2', add(1))).to.have.property('revision', 0);
    });
  });

  describe('knows repeated commands', () => {
    it('by their id, appends nothing and confirms the rows once more', async () => {
      await run('c1', add(2));
      await run('c2', add(3));
      expect(await run('c1', add(2))).to.deep.equal({
        state: { total: 5, refusals: 0 },
        revision: 1,
        position: at(1),
        repeated: true,
      });
      expect(installation.log.appends).to.have.length(2);
      const row = { table: 'tallies', key: 't1_one', tenant, id: 'one', revision: 1, columns: { total: 5 } };
      expect(installation.log.confirmed).to.deep.equal([[row]]);
    });

    it('without asking again what they are', async () => {
      await run('c1', add(2));
      expect(await run('c1', () => expect.fail('prepared again'))).to.have.property('repeated', true);
    });

    it('as those of another process, too', async () => {
      await installation.elsewhere(3);
      expect(await run('elsewhere-2', add(1))).to.deep.include({ position: at(2), repeated: true, revision: 2 });
    });

    it('that were refused with facts: they are refused again, and not taken for done', async () => {
      await rejection(run('c1', { type: 'Refuse' }));
      await run('c2', add(1));
      for (const process of [transactor, installation.process()]) {
        const refused = await rejection(run('c1', { type: 'Refuse' }, process));
        expect(refused)
          .to.be.instanceOf(CommandRejected)
          .and.to.deep.include({ code: 'not-now', details: { position: at(1) } });
      }
      expect((await load()).state.refusals).to.equal(1);
    });

    it('that were refused are decided anew: they were not carried out', async () => {
      await rejection(run('c1', { type: 'Refuse' }));
      expect(await run('c1', add(1))).to.deep.include({ state: { total: 1, refusals: 1 }, repeated: false });
      expect(await run('c1', add(1))).to.have.property('repeated', true);
    });

    it('after a restart, when a snapshot stands before them', async () => {
      await rejection(run('refused', { type: 'Refuse' }));
      await run('done', add(1));
      await installation.elsewhere(45);
      for (const process of [installation.process(), installation.process()]) {
        expect(await run('done', add(1), process)).to.deep.include({ position: at(2), repeated: true });
        expect(await rejection(run('refused', { type: 'Refuse' }, process))).to.have.property('code', 'not-now');
      }
      expect((await load()).state).to.deep.equal({ total: 46, refusals: 1 });
    });

    it('as long as no more than 63 others came after them', async () => {
      await run('c0', add(1));
      await installation.elsewhere(63);
      expect(await run('c0', add(1))).to.have.property('repeated', true);
      await run('c64', add(1));
      expect(await run('c0', add(1))).to.have.property('repeated', false);
    });
  });

  describe('meets other writers', () => {
    it('and sees what they wrote before it decides, refusals and no-ops included', async () => {
      await load();
      const decisions: readonly TallyCommand[] = [add(1), { type: 'AddNothing' }, { type: 'RefuseSilently' }];
      for (const [index, command] of decisions.entries()) {
        await installation.elsewhere(1, `other-${index}`);
        let seen: Tally | undefined;
        await run(`c${index}`, (state) => {
          seen = state;
          return command;
        }).catch((error: unknown) => expect(error).to.be.instanceOf(CommandRejected));
        expect(seen?.total).to.equal((await recorded()).length - (command.type === 'Add' ? 1 : 0));
      }
    });

    it('prepares again on the new state after a conflict, and records once', async () => {
      await run('c1', add(1));
      installation.log.interruption = () => installation.elsewhere(2);
      const seen: number[] = [];
      const outcome = await run('c2', ({ total }) => {
        seen.push(total);
        return add(total);
      });
      expect(seen).to.deep.equal([1, 3]);
      expect(outcome).to.deep.include({ state: { total: 6, refusals: 0 }, revision: 3, repeated: false });
    });

    it('finds its own command in what they wrote: another process was first with it', async () => {
      installation.log.interruption = () => run('same', add(1), installation.process());
      expect(await run('same', add(1))).to.deep.include({ state: { total: 1, refusals: 0 }, repeated: true });
      expect(await recorded()).to.have.length(1);
    });

    it('finds its own refusal in what they wrote, and refuses', async () => {
      installation.log.interruption = () => rejection(run('same', { type: 'Refuse' }, installation.process()));
      expect(await rejection(run('same', { type: 'Refuse' }))).to.have.property('code', 'not-now');
      expect(await recorded()).to.have.length(1);
    });

    it('gives up when it never gets through, and goes on with the next command', async () => {
      let others = 0;
      const interrupt = (): void => {
        installation.log.interruption = () => installation.elsewhere(1, `other-${++others}`);
      };
      const error = await rejection(
        run('c1', () => {
          interrupt();
          return add(100);
        }),
      );
      expect(error).to.be.instanceOf(RevisionConflict);
      expect(others).to.equal(20);
      expect(installation.pause.conflicts, 'rests in between').to.deep.equal([...Array(19).keys()].map((n) => n + 1));
      installation.log.interruption = undefined;
      expect(await run('c2', add(1))).to.deep.include({ state: { total: 21, refusals: 0 } });
    });

    it('lets the commands of one process take turns, so that they do not meet each other', async () => {
      const outcomes = await Promise.all(
        Array.from({ length: 30 }, (_, index) => run(`c${index}`, ({ total }) => add(total + 1))),
      );
      expect(outcomes.map(({ revision }) => revision)).to.deep.equal(Array.from({ length: 30 }, (_, index) => index));
      expect((await load()).state.total).to.equal(2 ** 30 - 1);
    });
  });

  describe('outlives a log that does not answer', () => {
    for (const losing of ['request', 'answer'] as const) {
      it(`where the ${losing} got lost: the same command afterwards completes, once`, async () => {
        await run('c1', add(1));
        installation.log.losing = losing;
        expect(await rejection(run('c2', add(2)))).to.be.instanceOf(LogUnavailable);
        expect(await run('c2', add(2))).to.deep.include({
          state: { total: 3, refusals: 0 },
          revision: 1,
          position: at(2),
          repeated: losing === 'answer',
        });
        expect(await recorded()).to.have.length(2);
      });

      it(`where the ${losing} got lost: another process completes it, once`, async () => {
        installation.log.losing = losing;
        await rejection(run('c1', { type: 'AddTwice', by: 1 }));
        await run('c1', { type: 'AddTwice', by: 1 }, installation.process());
        expect(await recorded()).to.have.length(2);
      });

      it(`where the ${losing} got lost: a refusal stays one, and leaves its fact once`, async () => {
        installation.log.losing = losing;
        expect(await rejection(run('c1', { type: 'Refuse' }))).to.be.instanceOf(LogUnavailable);
        expect(await rejection(run('c1', { type: 'Refuse' }))).to.have.property('code', 'not-now');
        expect(await recorded()).to.have.length(1);
      });
    }

    it('and lets those that wait for their turn have it', async () => {
      installation.log.losing = 'request';
      const [first, second] = await Promise.allSettled([run('c1', add(1)), run('c2', add(2))]);
      expect([first.status, second.status]).to.deep.equal(['rejected', 'fulfilled']);
      expect((await load()).state.total).to.equal(2);
    });
  });

  it('holds no turn for a stream that is idle, however many there were', async () => {
    const works = Array.from({ length: 300 }, (_, index) =>
      transactor.transact(
        tally,
        `s${index % 100}`,
        context(`c${index}`),
        index % 3 === 0 ? { type: 'Refuse' } : add(1),
      ),
    );
    expect(transactor.busyStreams).to.equal(100);
    await Promise.allSettled(works);
    expect(transactor.busyStreams).to.equal(0);
  });
});
