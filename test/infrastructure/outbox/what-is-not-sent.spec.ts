import { expect } from 'chai';
import { LogUnavailable } from '../../../src/application/ports/event-log.js';
import type { UserId } from '../../../src/domain/values.js';
import { LogCorrupt } from '../../../src/infrastructure/event-log/unreadable.js';
import { rejection } from '../../support/rejection.js';
import { acme, ada, claimOf, type Instance, newcomer, OutboxRig } from './rig.js';

const grace = '018f6b1e-0000-7000-8000-0000000000ce' as UserId;
const key = { tenant: acme, scope: 'person', id: ada } as const;

describe('messages that are not sent', () => {
  let rig: OutboxRig;
  let instance: Instance;
  beforeEach(async () => {
    rig = await OutboxRig.make();
    instance = rig.instance();
    await rig.person(ada, newcomer('ada@example.org'));
    await rig.person(grace, newcomer('grace@example.org'));
  });
  afterEach(() => rig.end());

  const arrived = async (): Promise<readonly string[]> => {
    await instance.deliver();
    return (await rig.mailbox.list(10)).map(({ to }) => to);
  };
  const outcomes = async () => (await rig.database.pool.query('select outcome from outbox_events')).rows;

  it('to nobody: an account that never came into being or is gone', async () => {
    rig.people.known.delete(ada);
    await rig.asked(ada, 'ada@example.org');
    await instance.follow();

    expect(await rig.rows()).to.deep.equal([]);
  });

  it('to somebody who was erased before, after, or while the message waited', async () => {
    await rig.asked(ada, 'ada@example.org');
    await instance.follow();
    await rig.vault.destroyKey(key);
    await rig.asked(ada, 'ada@example.org');
    await instance.follow();
    expect(instance.parked.map(({ error }) => error).join()).to.match(/^KeyMissing/);
    rig.people.known.delete(ada);
    await rig.asked(ada, 'ada@example.org');
    await instance.follow();

    expect(await arrived()).to.deep.equal([]);
    expect((await rig.database.pool.query('select from parked_events')).rowCount).to.equal(0);
    expect((await rig.rows()).map(({ status, content }) => [status, content])).to.deep.equal([['withdrawn', null]]);
  });

  it('to somebody whose messages were destroyed', async () => {
    await rig.asked(ada, 'ada@example.org');
    await rig.asked(grace, 'grace@example.org');
    await instance.follow();
    await instance.deliver();
    await rig.asked(ada, 'ada@example.org');
    await instance.follow();
    await rig.outbox.forget(acme, ada);

    expect(await arrived()).to.deep.equal(['grace@example.org']);
    expect(await rig.rows()).to.have.length(1);
  });

  it('about what happened too long ago, which is on record', async () => {
    await rig.asked(ada, 'ada@example.org');
    rig.clock.forward(86_400);
    await instance.follow();

    expect(await arrived()).to.deep.equal([]);
    expect(await outcomes()).to.deep.equal([{ outcome: 'expired' }]);
  });

  it('to an address that has been proved or given up since', async () => {
    await rig.asked(ada, 'given-up@example.org');
    await rig.asked(grace, 'grace@example.org');
    const [email] = newcomer('grace@example.org').emails;
    if (email) await rig.person(grace, { ...newcomer(''), emails: [{ ...email, verified: true }] });
    await instance.follow();

    expect(await arrived()).to.deep.equal([]);
  });

  it('never for want of an answer: what cannot be looked up now is asked again', async () => {
    await rig.asked(ada, 'ada@example.org');
    for (const failure of [
      new Error('timeout exceeded when trying to connect'),
      new TypeError('fetch failed', { cause: new Error('ECONNREFUSED') }),
      new LogUnavailable('the log does not answer'),
    ]) {
      rig.people.failure = failure;
      expect(await rejection(instance.follow())).to.equal(failure);
    }
    rig.people.failure = undefined;
    await instance.follow();

    expect(instance.parked).to.deep.equal([]);
    expect(await arrived()).to.deep.equal(['ada@example.org']);
  });

  it('yet, where an event cannot be told: it is set aside alone and told by the next leader that can', async () => {
    await rig.asked(ada, 'ada@example.org');
    rig.people.failure = new TypeError('a fault of this version');
    await instance.follow();
    rig.people.failure = undefined;
    await rig.asked(grace, 'grace@example.org');
    const [damaged] = (await rig.log.readAll(undefined, 1)).events;
    if (damaged) rig.log.damage(damaged.position, LogCorrupt);
    await instance.follow();
    expect(instance.parked.map(({ type }) => type)).to.deep.equal(['user.verification-requested']);
    expect(await arrived()).to.deep.equal(['grace@example.org']);

    if (damaged) rig.log.repair(damaged.position);
    await rig.instance().follow();
    expect(await arrived()).to.deep.equal(['ada@example.org', 'grace@example.org']);
    const { rowCount } = await rig.database.pool.query('select from parked_events');
    expect(rowCount).to.equal(0);
  });

  it('when the stored bytes were changed or moved', async () => {
    await rig.asked(ada, 'ada@example.org');
    await rig.asked(grace, 'grace@example.org');
    await instance.follow();
    await rig.database.pool.query(
      `update outbox_messages set content = (select content from outbox_messages where subject = $2)
        where subject = $1`,
      [ada, grace],
    );

    expect(await arrived()).to.deep.equal(['grace@example.org']);
    expect((await rig.rows())[0]).to.include({ status: 'failed', reason: 'damaged' });
  });

  it('to a telephone where there is nothing to send text messages with', async () => {
    const claim = claimOf('+49301234567');
    const phones = [{ address: '+49301234567', claim, verified: false }];
    await rig.person(ada, { ...newcomer('ada@example.org'), phones });
    await rig.asked(ada, '+49301234567', 'phone');
    await rig.instance({ channels: ['mail'] }).follow();
    expect(await arrived()).to.deep.equal([]);

    await rig.asked(ada, '+49301234567', 'phone');
    await instance.follow();
    expect(await arrived()).to.deep.equal(['+49301234567']);
    const [message] = await rig.mailbox.list(1);
    expect(message).to.include({ channel: 'text-message', kind: 'verify-phone' });
    expect(message?.text).to.match(
      /^Acme: \d{6} is your code, valid for 10 minutes\. https:\S+verify-phone\?token=\w+$/,
    );
  });

  it('and their records go when they cannot come up again', async () => {
    await rig.asked(ada, 'ada@example.org');
    await instance.follow();
    await instance.deliver();
    expect(await rig.outbox.expire(rig.clock.now())).to.equal(0);
    rig.clock.forward(400 * 86_400);
    await rig.database.pool.query("update outbox_events set recorded_at = '2026-01-01'");

    expect(await rig.outbox.expire(rig.clock.now())).to.equal(2);
  });
});
