import { expect } from 'chai';
import { HashingBusy } from '../../src/application/ports/password-hasher.js';
import { AdmissionControl } from '../../src/infrastructure/admission-control.js';

type Work = Readonly<{ name: string; finish: () => void }>;

/** Works that end when told to, in the order in which they were started. */
function workshop(gate: AdmissionControl) {
  const started: Work[] = [];
  const run = (name: string): Promise<string> =>
    gate.run(() => new Promise((resolve) => started.push({ name, finish: () => resolve(name) })));

  return { started, run };
}

const refused = (attempt: Promise<unknown>): Promise<unknown> =>
  attempt.then(
    () => undefined,
    (error: unknown) => error,
  );
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('admission control', () => {
  it('runs no more at once than allowed, and the others in the order in which they came', async () => {
    const gate = new AdmissionControl({ concurrency: 2, queue: 10, deadlineMs: 60_000 });
    const { started, run } = workshop(gate);
    const done: string[] = [];
    const all = ['a', 'b', 'c', 'd', 'e'].map((name) => run(name).then((result) => done.push(result)));
    const seen: number[] = [];

    await settled();
    for (let next = 0; next < all.length; next += 1) {
      seen.push(gate.load().running);
      started[next]?.finish();
      await settled();
    }
    await Promise.all(all);

    expect(started.map(({ name }) => name)).to.deep.equal(['a', 'b', 'c', 'd', 'e']);
    expect(done).to.deep.equal(['a', 'b', 'c', 'd', 'e']);
    expect(seen).to.deep.equal([2, 2, 2, 2, 1]);
    expect(gate.load()).to.deep.equal({ running: 0, waiting: 0 });
  });

  it('refuses at once what finds the queue full, and says when to come again', async () => {
    const gate = new AdmissionControl({ concurrency: 1, queue: 2, deadlineMs: 60_000 });
    const { started, run } = workshop(gate);
    const admitted = ['a', 'b', 'c'].map(run);

    const error = await refused(run('d'));

    expect(error).to.be.instanceOf(HashingBusy).with.property('retryAfterSeconds', 1);
    for (let next = 0; next < admitted.length; next += 1) {
      await settled();
      started[next]?.finish();
    }
    expect(await Promise.all(admitted)).to.deep.equal(['a', 'b', 'c']);
  });

  it('lets nobody set out for a work whom it would refuse there, however many set out at once', async () => {
    const gate = new AdmissionControl({ concurrency: 1, queue: 1, deadlineMs: 60_000 });
    const { started, run } = workshop(gate);
    let setOut = 0;
    const ways = ['a', 'b', 'c', 'd'].map((name) =>
      gate.admit(async () => {
        setOut += 1;
        await settled();
        return run(name);
      }),
    );
    const outcomes = Promise.all(ways.map(refused));
    expect(setOut).to.equal(2);
    await settled();
    expect(await refused(gate.admit(async () => undefined))).to.be.instanceOf(HashingBusy);
    for (const place of [0, 1]) {
      await settled();
      started[place]?.finish();
    }

    expect((await outcomes).map((outcome) => outcome instanceof HashingBusy)).to.deep.equal([false, false, true, true]);
    expect(await gate.admit(async () => 'again')).to.equal('again');
  });

  it('refuses on arrival whoever would wait for half the deadline', async () => {
    let now = 0;
    const gate = new AdmissionControl({ concurrency: 1, queue: 1_000, deadlineMs: 6_000 }, () => now);
    const { started, run } = workshop(gate);
    // Learn that a work takes 1,000 ms.
    for (let round = 0; round < 100; round += 1) {
      const work = run('slow');
      await settled();
      now += 1_000;
      started.at(-1)?.finish();
      await work;
    }
    const outcomes = ['a', 'b', 'c', 'd', 'e'].map((name) => refused(run(name)));

    expect(gate.load()).to.deep.equal({ running: 1, waiting: 3 });
    expect(await outcomes[4])
      .to.be.instanceOf(HashingBusy)
      .with.property('retryAfterSeconds', 4);
    for (let next = 100; next < 104; next += 1) {
      started[next]?.finish();
      await settled();
    }
    expect(await Promise.all(outcomes.slice(0, 4))).to.deep.equal([undefined, undefined, undefined, undefined]);
  });

  it('does not start what waited longer than the deadline because works became slow', async () => {
    let now = 0;
    const gate = new AdmissionControl({ concurrency: 1, queue: 10, deadlineMs: 1_000 }, () => now);
    const { started, run } = workshop(gate);
    const first = run('first');
    const late = refused(run('late'));
    await settled();
    now = 1_001;
    started[0]?.finish();

    expect(await first).to.equal('first');
    expect(await late).to.be.instanceOf(HashingBusy);
    expect(started).to.have.length(1);
    expect(gate.load()).to.deep.equal({ running: 0, waiting: 0 });
  });

  it('frees the place of a work that fails', async () => {
    const gate = new AdmissionControl({ concurrency: 1, queue: 0, deadlineMs: 1_000 });
    const failure = await refused(gate.run(() => Promise.reject(new Error('broken'))));

    expect(failure).to.have.property('message', 'broken');
    expect(await gate.run(() => Promise.resolve('next'))).to.equal('next');
  });
});
