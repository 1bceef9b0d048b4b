import { expect } from 'chai';
import { type Mail, MessageRefused } from '../../src/application/ports/mail-transport.js';
import type { TenantId, UserId } from '../../src/domain/values.js';
import { NodemailerMailTransport } from '../../src/infrastructure/nodemailer-mail-transport.js';
import { MailServer } from '../support/mail-server.js';
import { rejection } from '../support/rejection.js';

const mail: Mail = {
  id: '018f6b1e-0000-5000-8000-000000000001',
  tenant: 'acme' as TenantId,
  user: 'ada' as UserId,
  kind: 'verify-email',
  to: 'ada@example.org',
  locale: 'de',
  subject: 'Bestätigen Sie Ihre Adresse für Müller & Söhne 🔑',
  text: 'Grüße\n.\nEnde\n',
  html: '<p>Grüße</p>',
};
const from = 'no-reply@id.example.org';
const never = new AbortController().signal;

describe('mail over SMTP', () => {
  let server: MailServer;
  let transport: NodemailerMailTransport;
  beforeEach(async () => {
    server = await new MailServer().start();
    transport = new NodemailerMailTransport({ url: server.url, from: `Müller <${from}>` });
  });
  afterEach(() => server.stop());

  it('arrives as it was written, with a stable id and for nobody else', async () => {
    await transport.send(mail, never);

    const [received] = server.received;
    expect(received).to.deep.include({
      subject: mail.subject,
      messageId: `<${mail.id}@id.example.org>`,
      from: { name: 'Müller', address: from },
      to: [{ name: '', address: mail.to }],
    });
    expect(received?.text?.trim()).to.equal(mail.text.trim());
    expect(received?.html?.trim()).to.equal(mail.html);
    const headers = Object.fromEntries(received?.headers.map(({ key, value }) => [key, value]) ?? []);
    expect(headers).to.include({ 'auto-submitted': 'auto-generated', 'content-language': 'de' });
    expect(server.envelopes).to.deep.equal([[mail.to]]);
  });

  it('never lets a subject bring headers or recipients along', async () => {
    await transport.send({ ...mail, subject: 'Hello\r\nBcc: eve@example.org\r\n\r\n<b>body</b>' }, never);

    expect(server.envelopes).to.deep.equal([[mail.to]]);
    expect(server.received[0]?.headers.map(({ key }) => key)).not.to.include('bcc');
    expect(server.received[0]?.html?.trim()).to.equal(mail.html);
  });

  for (const to of [
    'ada@example.org, eve@example.org',
    'ada@example.org\r\nRCPT TO:<eve@example.org>',
    'Eve <eve@example.org>',
    '"eve@example.org" ada@example.org',
    'ada@example.org ',
    'ada',
    '',
  ]) {
    it(`refuses to write to ${JSON.stringify(to)}`, async () => {
      expect(await rejection(transport.send({ ...mail, to }, never))).to.be.instanceOf(MessageRefused);
      expect(server.received).to.deep.equal([]);
    });
  }

  it('takes an unknown mailbox for final, and everything else for a passing trouble', async () => {
    const answers = async (refuse: number, text: string): Promise<Error> => {
      server.recipient = () => ({ refuse, text });
      return rejection(transport.send(mail, never));
    };

    expect(await answers(550, '5.1.1 no such user ada@example.org')).to.be.instanceOf(MessageRefused);
    expect((await answers(550, 'no such user ada@example.org')).message).not.to.contain('ada@');
    expect(await answers(450, '4.2.1 come back later')).not.to.be.instanceOf(MessageRefused);
    expect(await answers(550, '5.7.1 relaying denied')).not.to.be.instanceOf(MessageRefused);
    server.recipient = () => 'accept';
    server.message = () => ({ refuse: 554, text: 'looks like spam' });
    expect(await rejection(transport.send(mail, never))).not.to.be.instanceOf(MessageRefused);
  });

  it('cuts the line when it is told to', async () => {
    const stop = new AbortController();
    server.message = () => {
      stop.abort();
      return new Promise(() => undefined);
    };

    expect(await rejection(transport.send(mail, stop.signal))).to.be.instanceOf(Error);
  });

  it('does not speak in clear where TLS is demanded', async () => {
    const strict = new NodemailerMailTransport({ url: `${server.url}?tls=required`, from });

    expect(await rejection(strict.send(mail, never))).to.be.instanceOf(Error);
    expect(server.received).to.deep.equal([]);
  });

  it('refuses settings that cannot work', () => {
    const make =
      (url: string, sender = from) =>
      () =>
        new NodemailerMailTransport({ url, from: sender });

    expect(make('http://localhost')).to.throw(RangeError);
    expect(make('smtp://localhost?tls=perhaps')).to.throw(RangeError);
    expect(make('smtp://localhost', 'Annal <no-reply@example.org>, eve@example.org')).to.throw(RangeError);
  });
});
