import { createTransport, type Transporter } from 'nodemailer';
import { type Mail, MailTransport, MessageRefused } from '../application/ports/mail-transport.js';

export type SmtpSettings = Readonly<{
  /**
   * `smtp://[user:password@]host[:port]` or `smtps://…` (TLS at once). Over `smtp:` STARTTLS is demanded, except
   * on loopback or with `?tls=off`; `?tls=required` demands it there as well.
   */
  url: string;
  /** The sender: `no-reply@example.org` or `Example <no-reply@example.org>`. */
  from: string;
  /** Certificates to trust besides the system's, PEM. */
  authorities?: string;
}>;

type Sender = Readonly<{ name: string; address: string }>;

/** Milliseconds. RFC 5321 section 4.5.3.2: who waits too shortly for an answer sends twice. */
const timeouts = { dnsTimeout: 30_000, connectionTimeout: 30_000, greetingTimeout: 60_000, socketTimeout: 600_000 };

/**
 * One address, and nothing that could be read as two or as a header: no spaces, controls, commas, brackets or quotes.
 */
const oneAddress = /^[^\s\p{Cc}\p{Cf},;:<>()[\]"\\@]{1,64}@[^\s\p{Cc}\p{Cf},;:<>()[\]"\\@]{1,255}$/u;
const loopback = /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/;

/** Hands mail to an SMTP server. Each message has a connection of its own, so that it can be cut off alone. */
export class NodemailerMailTransport extends MailTransport {
  private readonly transporter: Transporter;
  private readonly sender: Sender;

  /** @throws RangeError for a URL or sender that cannot work */
  constructor(settings: SmtpSettings) {
    super();
    this.sender = senderFrom(settings.from);
    this.transporter = createTransport(optionsFrom(settings));
  }

  async send(mail: Mail, signal: AbortSignal): Promise<void> {
    if (!oneAddress.test(mail.to)) throw new MessageRefused('not an address');
    try {
      await this.transporter.sendMail({ ...this.messageFrom(mail), signal });
    } catch (error) {
      throw isRecipientRefused(error) ? new MessageRefused(`recipient refused ${error.responseCode}`) : error;
    }
  }

  private messageFrom({ id, to, subject, text, html, locale }: Mail) {
    const { name, address } = this.sender;
    return {
      // The same at every try: a receiver that got the message and could not say so recognises it.
      messageId: `<${id}@${address.slice(address.indexOf('@') + 1)}>`,
      from: { name, address },
      to: { name: '', address: to },
      // The envelope is said in so many words, so that nothing in a header can add a recipient.
      envelope: { from: address, to: [to] },
      subject,
      text,
      html,
      // RFC 3834 section 5: no answering machine may answer. RFC 3282 names the language.
      headers: { 'Auto-Submitted': 'auto-generated', 'Content-Language': locale },
      disableFileAccess: true,
      disableUrlAccess: true,
    };
  }
}

function senderFrom(from: string): Sender {
  const [, name = '', address = from] = /^([^<>]*?)\s*<([^<>]+)>$/.exec(from.trim()) ?? [];
  if (!oneAddress.test(address)) throw new RangeError('the sender must be one e-mail address, with or without a name');
  return { name, address };
}

function optionsFrom({ url, authorities }: SmtpSettings) {
  const parsed = URL.parse(url);
  if (!parsed || (parsed.protocol !== 'smtp:' && parsed.protocol !== 'smtps:')) {
    throw new RangeError('the SMTP server must be given as smtp://… or smtps://…');
  }
  const secure = parsed.protocol === 'smtps:';
  const tls = parsed.searchParams.get('tls') ?? (loopback.test(parsed.hostname) ? 'off' : 'required');
  if (tls !== 'off' && tls !== 'required') throw new RangeError('tls is off or required');
  return {
    host: parsed.hostname.replace(/^\[|\]$/g, ''),
    port: parsed.port === '' ? (secure ? 465 : 587) : Number(parsed.port),
    secure,
    ignoreTLS: tls === 'off',
    requireTLS: tls === 'required' && !secure,
    ...(parsed.username !== '' && {
      auth: { user: decodeURIComponent(parsed.username), pass: decodeURIComponent(parsed.password) },
    }),
    ...(authorities !== undefined && { tls: { ca: authorities } }),
    ...timeouts,
  };
}

type SmtpError = Error & Readonly<{ responseCode: number; command: string; response?: string }>;

/**
 * The mailbox does not exist or will never take mail. Other refusals (policy, relaying, sign-in) are the operator's to
 * mend.
 */
const noSuchMailbox = new Set([550, 551, 553]);
const policy = /^\d{3}[ -][45]\.7\./;

const isRecipientRefused = (error: unknown): error is SmtpError =>
  error instanceof Error &&
  'command' in error &&
  error.command === 'RCPT TO' &&
  'responseCode' in error &&
  noSuchMailbox.has(Number(error.responseCode)) &&
  !('response' in error && policy.test(String(error.response)));
