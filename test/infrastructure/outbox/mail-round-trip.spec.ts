import { expect } from 'chai';
import { NodemailerMailTransport } from '../../../src/infrastructure/nodemailer-mail-transport.js';
import type { ClaimId, CredentialId, UserId } from '../../../src/domain/values.js';
import { personal, secret } from '../../../src/domain/values.js';
import { MailServer } from '../../support/mail-server.js';
import { acme, ada, asked, claimOf, type Instance, newcomer, OutboxRig, start } from './rig.js';

const grace = '018f6b1e-0000-7000-8000-0000000000ce' as UserId;

describe('from an event to a mail', () => {
  let rig: OutboxRig;
  let server: MailServer;
  let instance: Instance;
  beforeEach(async () => {
    server = await new MailServer().start();
    rig = await OutboxRig.make();
    const mail = new NodemailerMailTransport({ url: server.url, from: 'no-reply@id.example.org' });
    instance = rig.instance({ transports: { mail } });
    await rig.person(ada, newcomer('ada@example.org', 'en'));
    await rig.person(grace, newcomer('grace@example.org', 'de-AT'));
  });
  afterEach(async () => {
    await server.stop();
    await rig.end();
  });

  const sent = async () => {
    await instance.follow();
    await instance.deliver();
    return server.received;
  };

  it('speaks the language of the person', async () => {
    await rig.asked(ada, 'ada@example.org');
    await rig.asked(grace, 'grace@example.org');

    const mails = await sent();
    const english = mails.find(({ to }) => to?.[0]?.address === 'ada@example.org');
    const german = mails.find(({ to }) => to?.[0]?.address === 'grace@example.org');
    expect(english?.subject).to.equal('Confirm your e-mail address for Acme');
    expect(english?.text).to.match(/valid for 24 hours[^]*valid for 10 minutes: \d{6}\n/);
    expect(german?.subject).to.equal('Bestätigen Sie Ihre E-Mail-Adresse für Acme');
    expect(german?.text).to.match(/gilt 24 Stunden[^]*gilt 10 Minuten: \d{6}\n/);
    expect(german?.html).to.contain('<html lang="de">');
    const link = /https:\S+/.exec(english?.text ?? '')?.[0] ?? '';
    expect(english?.html).to.contain(`href="${link}"`);
  });

  it('sends a link and a code of which each proves the address, and only one of them once', async () => {
    await rig.asked(ada, 'ada@example.org');
    const [mail] = await sent();
    const token = /token=(\w+)/.exec(mail?.text ?? '')?.[1] ?? '';
    const code = /\b(\d{6})\b/.exec(mail?.text ?? '')?.[1] ?? '';
    const confirm = { tenant: acme, kind: 'verify-email', at: rig.clock.now() } as const;

    const byCode = await rig.singleUse.consume({ ...confirm, commandId: 'one', subject: ada, code });
    const byLink = await rig.singleUse.consume({ ...confirm, commandId: 'two', token });
    expect(byCode).to.deep.include({ consumed: true, payload: asked('ada@example.org') });
    expect(byLink).to.include({ consumed: false, refusal: 'token-used' });
  });

  it('asks the new address and tells the old one', async () => {
    const next = { kind: 'email', value: personal(ada, 'new@example.org'), claim: claimOf('new@example.org') } as const;
    const old = {
      kind: 'email',
      value: personal(ada, 'ada@example.org'),
      claim: 'old' as ClaimId,
      verified: true,
    } as const;
    await rig.happened(
      { type: 'user.identifier-change-requested', user: ada, at: start, ...next, credentials: 2 },
      { type: 'user.identifier-changed', user: ada, at: start, ...next, verified: true, previous: old },
    );

    const mails = await sent();
    expect(mails.map(({ to, subject }) => [to?.[0]?.address, subject])).to.have.deep.members([
      ['new@example.org', 'Confirm your e-mail address for Acme'],
      ['ada@example.org', 'Your e-mail address at Acme was changed'],
    ]);
  });

  it('tells every proved address when a password was reset, and never the others', async () => {
    await rig.person(ada, {
      ...newcomer('first@example.org'),
      emails: ['first@example.org', 'second@example.org', 'unproved@example.org'].map((address, index) => ({
        address,
        claim: claimOf(address),
        verified: index < 2,
      })),
    });
    const credential = 'credential' as CredentialId;
    await rig.happened({
      type: 'credentials.password-reset',
      user: ada,
      at: start,
      credential,
      verifier: secret(credential, 'hash' as never),
      policyRevision: 0,
    });

    const mails = await sent();
    expect(mails.map(({ to }) => to?.[0]?.address)).to.have.members(['first@example.org', 'second@example.org']);
    expect(mails[0]?.text).to.contain('Hello Ada,').and.to.contain('reset on January 1, 2026');
    expect(mails[0]?.text).to.contain('https://id.example.org/t/acme/reset-password\n');
  });

  it('keeps nothing of what a message said once it has been sent', async () => {
    await rig.asked(ada, 'ada@example.org');
    await sent();

    const { rows } = await rig.database.pool.query('select m::text as row from outbox_messages m');
    expect(await rig.rows()).to.deep.include({
      status: 'sent',
      kind: 'verify-email',
      attempts: 1,
      content: null,
      reason: null,
    });
    expect(rows[0].row).not.to.contain('ada@').and.not.to.match(/token/);
    expect(rig.lines.lines).to.deep.equal([]);
  });
});
