import { expect } from 'chai';
import { Registry } from 'prom-client';
import { type Mail, MailTransport } from '../../../src/application/ports/mail-transport.js';
import { DeliveryLoop } from '../../../src/infrastructure/outbox/delivery-loop.js';
import { OutboxMetrics } from '../../../src/infrastructure/outbox/outbox-metrics.js';
import { ada, newcomer, OutboxRig } from './rig.js';

/** Never polls within a spec. */
const pace = { poll: 600_000, least: 1, drain: 0 };

class Watched extends MailTransport {
  private waiting: (() => void)[] = [];
  private readonly begun: Mail[] = [];
  hang = false;
  cut = 0;

  send(mail: Mail, signal: AbortSignal): Promise<void> {
    this.begun.push(mail);
    for (const resume of this.waiting.splice(0)) resume();
    if (!this.hang) return Promise.resolve();
    return new Promise((_, reject) => {
      signal.addEventListener('abort', () => {
        this.cut += 1;
        reject(new Error('cut'));
      });
    });
  }

  async until(count: number): Promise<void> {
    while (this.begun.length < count) await new Promise<void>((resolve) => this.waiting.push(resolve));
  }
}

describe('the delivery loop', () => {
  let rig: OutboxRig;
  let mail: Watched;
  let loop: DeliveryLoop;
  beforeEach(async () => {
    rig = await OutboxRig.make();
    mail = new Watched();
    loop = new DeliveryLoop(rig.instance({ transports: { mail } }).delivery, rig.outbox, rig.clock, rig.lines, pace);
    await rig.person(ada, newcomer('ada@example.org'));
  });
  afterEach(() => rig.end());

  const queue = async (): Promise<void> => {
    await rig.asked(ada, 'ada@example.org');
    await rig.instance().follow();
  };

  it('begins at once when it is woken, and again after a stop', async () => {
    loop.start();
    await queue();
    loop.wake();
    await mail.until(1);
    await loop.stop();
    await queue();
    loop.start();
    await mail.until(2);
    await loop.stop();

    expect((await rig.rows()).map(({ status }) => status)).to.deep.equal(['sent', 'sent']);
  });

  it('cuts off a mail server that does not answer when it must stop', async () => {
    mail.hang = true;
    await queue();
    loop.start();
    await mail.until(1);
    await loop.stop();

    expect(mail.cut).to.equal(1);
    expect((await rig.rows())[0]).to.include({ status: 'waiting', attempts: 1 });
  });

  it('outlives a database that is away', async () => {
    const { take } = rig.outbox;
    let failed: () => void = () => undefined;
    const failure = new Promise<void>((resolve) => (failed = resolve));
    rig.outbox.take = async () => {
      failed();
      throw new Error('away');
    };
    await queue();
    loop.start();
    await failure;
    rig.outbox.take = take;
    while (!rig.lines.lines.some((line) => line.startsWith('delivery-interrupted'))) await new Promise(setImmediate);
    loop.wake();
    await mail.until(1);
    await loop.stop();

    expect((await rig.rows())[0]).to.include({ status: 'sent' });
  });

  it('asks for nothing more than once when nothing is waiting, and does not come back before the next poll', async () => {
    const { take, nextDue } = rig.outbox;
    const asked: unknown[] = [];
    let done: () => void = () => undefined;
    const round = new Promise<void>((resolve) => (done = resolve));
    rig.outbox.take = (...given) => {
      asked.push('take');
      return take.apply(rig.outbox, given);
    };
    rig.outbox.nextDue = async () => {
      const due = await nextDue.call(rig.outbox);
      asked.push(due);
      done();
      return due;
    };
    loop.start();
    await round;
    await loop.stop();

    expect(asked).to.deep.equal(['take', undefined]);
  });

  it('can be watched', async () => {
    const registry = new Registry();
    const metrics = new OutboxMetrics(registry, rig.outbox);
    await queue();
    metrics.ended('verify-email', 'mail', 'failed');
    metrics.postponed('verify-email', 'mail');
    metrics.wordingFailed('verify-email');

    const text = await registry.metrics();
    expect(text).to.contain('annal_outbox_messages_ended_total{kind="verify-email",channel="mail",ending="failed"} 1');
    expect(text)
      .to.contain('annal_outbox_waiting 1')
      .and.to.match(/annal_outbox_oldest_seconds \d/);
  });
});
