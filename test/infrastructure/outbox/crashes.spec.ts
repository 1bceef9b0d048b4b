import { expect } from 'chai';
import type { Transports } from '../../../src/application/notifications/delivery.js';
import { type Mail, MailTransport } from '../../../src/application/ports/mail-transport.js';
import type { RecordPoint } from '../../../src/infrastructure/outbox/outbox-writer.js';
import { Fenced } from '../../../src/infrastructure/projection-runner/checkpoints.js';
import { rejection } from '../../support/rejection.js';
import { acme, ada, newcomer, OutboxRig } from './rig.js';

class Caught extends MailTransport {
  readonly mails: Mail[] = [];
  after: () => Promise<void> = async () => undefined;
  async send(mail: Mail): Promise<void> {
    this.mails.push(mail);
    await this.after();
  }
}

const killed =
  (point: RecordPoint) =>
  (at: RecordPoint): void => {
    if (at === point) throw new Error('killed');
  };

describe('an outbox that is killed, doubled or cut off', () => {
  let rig: OutboxRig;
  let mail: Caught;
  let transports: Transports;
  beforeEach(async () => {
    rig = await OutboxRig.make();
    mail = new Caught();
    transports = { mail };
    await rig.person(ada, newcomer('ada@example.org'));
  });
  afterEach(() => rig.end());

  for (const point of ['sealed', 'begun', 'recorded', 'committed'] as const) {
    it(`sends once when it was killed after "${point}"`, async () => {
      await rig.asked(ada, 'ada@example.org');
      expect((await rejection(rig.instance({ faults: killed(point) }).follow())).message).to.equal('killed');

      const restarted = rig.instance({ transports });
      await restarted.follow();
      await restarted.deliver();

      expect(mail.mails).to.have.length(1);
      const token = new URL(mail.mails[0]?.link ?? '').searchParams.get('token') ?? '';
      expect(await rig.singleUse.peek(acme, 'verify-email', token, rig.clock.now())).to.include({ subject: ada });
    });
  }

  it('sends the same message id again when it was killed after sending', async () => {
    await rig.asked(ada, 'ada@example.org');
    const first = rig.instance({ transports });
    await first.follow();
    rig.outbox.end = async () => {
      throw new Error('killed');
    };
    await rejection(first.deliver());
    Reflect.deleteProperty(rig.outbox, 'end');

    const restarted = rig.instance({ transports });
    await restarted.deliver();
    expect(mail.mails, 'hidden while the first may still be at it').to.have.length(1);
    rig.clock.forward(15 * 60);
    await restarted.deliver();
    rig.clock.forward(15 * 60);
    await restarted.deliver();

    expect(mail.mails).to.have.length(2);
    expect(new Set(mail.mails.map(({ id }) => id)).size).to.equal(1);
  });

  it('does not send again what it sent itself while the database was away', async () => {
    await rig.asked(ada, 'ada@example.org');
    const instance = rig.instance({ transports });
    await instance.follow();
    rig.outbox.end = async () => {
      throw new Error('the database is away');
    };
    await rejection(instance.deliver());
    Reflect.deleteProperty(rig.outbox, 'end');
    rig.clock.forward(15 * 60);
    await instance.deliver();

    expect(mail.mails).to.have.length(1);
    expect((await rig.rows())[0]).to.include({ status: 'sent' });
  });

  it('says once what two instances read', async () => {
    await rig.asked(ada, 'ada@example.org');
    const slow = await rig.instance().prepare();
    const quick = rig.instance({ transports });
    await quick.follow();

    expect(await rejection(slow())).to.be.instanceOf(Fenced);
    await quick.deliver();
    expect(mail.mails).to.have.length(1);
  });

  it('says once what is handed to it again and again', async () => {
    await rig.asked(ada, 'ada@example.org');
    const instance = rig.instance({ transports });
    const rewound = 'update projection_checkpoints set position = null';
    for (let round = 0; round < 3; round += 1) {
      await instance.follow();
      await rig.database.pool.query(rewound);
    }
    // As after a restore: every position is of another history.
    rig.log.beginEpoch('m2');
    await instance.follow();
    await instance.deliver();

    expect(instance.parked).to.deep.equal([]);
    expect(mail.mails).to.have.length(1);
    const token = new URL(mail.mails[0]?.link ?? '').searchParams.get('token') ?? '';
    expect(await rig.singleUse.peek(acme, 'verify-email', token, rig.clock.now()), 'the link still works').to.exist;
  });

  it('gives every message to one of many deliverers', async () => {
    await rig.person(ada, {
      ...newcomer('a@example.org'),
      emails: Array.from({ length: 40 }, (_, index) => `${index}@example.org`).map((address) => ({
        address,
        claim: address as never,
        verified: true,
      })),
    });
    await rig.happened({ type: 'credentials.password-reset-requested', user: ada, at: rig.clock.now() });
    const instances = [rig.instance({ transports }), rig.instance({ transports }), rig.instance({ transports })];
    await instances[0]?.follow();
    await Promise.all(instances.map((instance) => instance.deliver()));

    expect(mail.mails).to.have.length(40);
    expect(new Set(mail.mails.map(({ to }) => to)).size).to.equal(40);
  });

  it('ends a message under way when it must stop, and sends it after the restart', async () => {
    await rig.asked(ada, 'ada@example.org');
    const instance = rig.instance({ transports });
    await instance.follow();
    const cutOff = new AbortController();
    const hanging = new (class extends MailTransport {
      send(_mail: Mail, signal: AbortSignal): Promise<void> {
        cutOff.abort();
        return new Promise((_, reject) => {
          if (signal.aborted) reject(new Error('cut off'));
          signal.addEventListener('abort', () => reject(new Error('cut off')));
        });
      }
    })();
    await rig.instance({ transports: { mail: hanging } }).delivery.deliverDue(cutOff.signal, cutOff.signal);
    expect(mail.mails).to.have.length(0);
    rig.clock.forward(60);
    await instance.deliver();
    expect(mail.mails).to.have.length(1);
  });
});
