import { expect } from 'chai';
import { firstValueFrom, filter } from 'rxjs';
import { advance, Fenced } from '../../../src/infrastructure/projection-runner/checkpoints.js';
import { liveSchema, modelId } from '../../../src/infrastructure/projection-runner/model-table.js';
import { inTransaction } from '../../../src/infrastructure/transaction.js';
import { facts, happen } from './histories.js';
import { type Instance, Rig } from './rig.js';
import { accounts } from './samples.js';

const rounds = process.env['ANNAL_TEST_FULL'] === '1' ? 100 : 12;
const model = modelId(liveSchema, accounts);

describe('two projectors at once', () => {
  let rig: Rig;
  beforeEach(async () => {
    rig = await Rig.make();
  });
  afterEach(() => rig.end());

  const duty = (instance: Instance): string => instance.runner.health(model).duty;

  /** Expires the lease, as 30 seconds without a sign of life would. */
  const sleepThroughTheLease = (): Promise<unknown> =>
    rig.pool.query("UPDATE projection_leases SET expires = clock_timestamp() - interval '1 second' WHERE model = $1", [
      model,
    ]);

  it('a holder that slept while another took over writes nothing', async () => {
    await happen(rig, facts(1, 40));
    const [sleeper, other] = [rig.instance(), rig.instance()];
    await sleeper.catalog.ensure();
    const old = await sleeper.leases.take(model);
    await sleepThroughTheLease();
    const taken = await other.leases.take(model);

    expect(taken?.token).to.equal(String(Number(old?.token) + 1));
    const by = { position: await rig.log.head(), events: 40, recordedAt: undefined, atHead: true, rate: 0 };
    const write = inTransaction(rig.pool, (client) => advance(client, old?.checkpoint as never, by));
    const failure = await write.then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(failure).to.be.instanceOf(Fenced);
    const { rows } = await rig.pool.query('SELECT position FROM projection_checkpoints WHERE model = $1', [model]);
    expect(rows).to.deep.equal([{ position: null }]);
  });

  it('a transaction of the old holder that is still open is waited for, and what it commits is not repeated', async () => {
    await happen(rig, facts(2, 10));
    const [old, next] = [rig.instance(), rig.instance()];
    await old.catalog.ensure();
    const lease = await old.leases.take(model);
    const by = { position: await rig.log.head(), events: 10, recordedAt: undefined, atHead: true, rate: 0 };
    let taken: ReturnType<typeof next.leases.take> | undefined;
    await inTransaction(rig.pool, async (client) => {
      await advance(client, lease?.checkpoint as never, by);
      await sleepThroughTheLease();
      taken = next.leases.take(model);
      await rig.waitsForALock();
    });

    expect((await taken)?.checkpoint.position).to.equal(await rig.log.head());
  });

  it('leave the same rows as one, however often the lead is taken away', async () => {
    const both = [
      rig.instance({ holder: 'one', lifetime: 60, patience: 15_000 }),
      rig.instance({ holder: 'two', lifetime: 60, patience: 15_000 }),
    ];
    for (const { runner } of both) await runner.start();
    for (let round = 0; round < rounds; round += 1) {
      await happen(rig, facts(round, 40));
      await sleepThroughTheLease();
    }
    const position = await rig.log.head();

    expect(await both[0]?.freshness.waitFor(position, ['accounts'])).to.equal('visible');
    expect(await both[1]?.freshness.waitFor(position, ['accounts'])).to.equal('visible');
    expect(await rig.accounts()).to.deep.equal(await rig.accountsByTheLog());
    const { rows } = await rig.pool.query('SELECT events::integer FROM projection_checkpoints WHERE model = $1', [
      model,
    ]);
    expect(rows).to.deep.equal([{ events: 40 * rounds }]);
  });

  it('hand the lead over as soon as the leader stops', async () => {
    const first = rig.instance({ holder: 'first', lifetime: 60_000 });
    await first.runner.start();
    await first.freshness.waitFor(await happen(rig, facts(3, 5)), ['accounts']);
    const second = rig.instance({ holder: 'second', lifetime: 60_000 });
    await second.announcements.listening();
    await second.runner.start();
    const heard = firstValueFrom(second.announcements.of(model).pipe(filter(({ position }) => position === undefined)));
    expect(duty(first)).to.equal('leading');
    await first.stop();
    await heard;
    const position = await happen(rig, facts(4, 5));

    expect(await second.freshness.waitFor(position, ['accounts'])).to.equal('visible');
    expect(duty(second)).to.equal('leading');
  });
});
