import { expect } from 'chai';
import type { UserId } from '../../../src/domain/values.js';
import { NodemailerMailTransport } from '../../../src/infrastructure/nodemailer-mail-transport.js';
import { MailServer } from '../../support/mail-server.js';
import { ada, type Instance, newcomer, OutboxRig } from './rig.js';

/** FI-17 in the full run. */
const many = process.env['ANNAL_TEST_FULL'] ? 10_000 : 100;
const personNumber = (index: number): UserId => `018f6b1e-0000-7000-8000-${String(index).padStart(12, '0')}` as UserId;

describe('a mail server in trouble', () => {
  let rig: OutboxRig;
  let server: MailServer;
  let mail: NodemailerMailTransport;
  let instance: Instance;
  beforeEach(async () => {
    rig = await OutboxRig.make();
    server = await new MailServer().start();
    mail = new NodemailerMailTransport({ url: server.url, from: 'no-reply@id.example.org' });
    instance = rig.instance({ transports: { mail }, limits: { concurrency: 24 } });
    await rig.person(ada, newcomer('ada@example.org'));
  });
  afterEach(async () => {
    await server.stop();
    await rig.end();
  });

  const pass = async (seconds: number, rounds: number): Promise<void> => {
    for (let round = 0; round < rounds; round += 1) {
      rig.clock.forward(seconds);
      await instance.deliver();
    }
  };
  const addressees = (): (string | undefined)[] => server.received.map(({ to }) => to?.[0]?.address);

  it(`loses and doubles none of ${many} messages while it is down for an hour`, async function () {
    this.timeout(90 * many);
    for (let index = 0; index < many; index += 1) {
      await rig.person(personNumber(index), newcomer(`person-${index}@example.org`));
      await rig.asked(personNumber(index), `person-${index}@example.org`);
    }
    await server.stop();
    await instance.follow();
    await pass(1_800, 2);
    expect((await rig.rows()).filter(({ status }) => status === 'waiting')).to.have.length(many);

    await server.start();
    await pass(450, 3);

    const expected = Array.from({ length: many }, (_, index) => `person-${index}@example.org`);
    expect(addressees().toSorted()).to.deep.equal(expected.toSorted());
    expect(new Set(server.received.map(({ messageId }) => messageId)).size).to.equal(many);
    expect((await rig.rows()).every(({ status, content }) => status === 'sent' && content === null)).to.equal(true);
    // Every one came without its code, which had ended by then.
    expect(
      server.received.every(({ text }) => (text ?? '').includes('token=') && !/: \d{6}\n/.test(text ?? '')),
    ).to.equal(true);
  });

  it('repeats an answer that was lost under the same message id', async () => {
    let lost = 1;
    server.message = () => (lost-- > 0 ? 'accept-silently' : 'accept');
    await rig.asked(ada, 'ada@example.org');
    await instance.follow();
    await pass(60, 3);

    expect(server.received).to.have.length(2);
    expect(new Set(server.received.map(({ messageId }) => messageId)).size).to.equal(1);
  });

  it('tries again after answers that promise nothing, with growing pauses', async () => {
    const tries: string[] = [];
    server.message = () => {
      tries.push(rig.clock.now());
      return { refuse: 451, text: 'try again later' };
    };
    await rig.asked(ada, 'ada@example.org');
    await instance.follow();
    await pass(1, 60);

    const seconds = tries.map((at) => Date.parse(at) / 1000);
    const pauses = seconds.slice(1).map((second, index) => second - (seconds[index] ?? 0));
    expect(pauses[0]).to.be.within(3, 6);
    expect(pauses[1]).to.be.within(5, 11);
    expect(pauses[2]).to.be.within(10, 21);
    expect(rig.lines.lines.join('\n'))
      .to.match(/message-postponed/)
      .and.not.to.match(/ada@|token/);
  });

  it('gives up with an alarm when the message is worth nothing any more', async () => {
    await server.stop();
    await rig.asked(ada, 'ada@example.org');
    await instance.follow();
    await pass(900, 100);

    expect((await rig.rows())[0]).to.include({ status: 'failed', content: null, reason: 'expired' });
    expect(rig.watch.seen.at(-1)).to.equal('verify-email failed');
    expect(rig.lines.lines.at(-1))
      .to.match(/^message-failed/)
      .and.not.to.match(/ada@/);
  });

  it('gives up at once where the mailbox does not exist', async () => {
    server.recipient = () => ({ refuse: 550, text: '5.1.1 no such user' });
    await rig.asked(ada, 'ada@example.org');
    await instance.follow();
    await pass(1, 1);

    expect((await rig.rows())[0]).to.include({ status: 'failed', attempts: 1, reason: 'recipient refused 550' });
  });

  it('keeps messages to one address in order, and does not let them hold up others', async () => {
    const grace = personNumber(1);
    await rig.person(grace, newcomer('grace@example.org'));
    let busy = 1;
    server.recipient = (address) =>
      address.startsWith('ada') && busy-- > 0 ? { refuse: 451, text: 'busy' } : 'accept';
    instance = rig.instance({ transports: { mail }, limits: { concurrency: 1 } });
    await rig.asked(ada, 'ada@example.org');
    await rig.happened({ type: 'credentials.password-reset-requested', user: ada, at: rig.clock.now() });
    await rig.asked(grace, 'grace@example.org');
    await instance.follow();
    await pass(1, 1);
    expect(addressees()).to.deep.equal(['grace@example.org']);

    await pass(60, 2);
    expect(server.received.slice(1).map(({ subject }) => subject)).to.deep.equal([
      'Confirm your e-mail address for Acme',
      'Reset your password for Acme',
    ]);
  });
});
