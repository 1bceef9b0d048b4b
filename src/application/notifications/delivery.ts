import { type Instant, instant, milliseconds, plusSeconds } from '../../domain/values.js';
import type { Clock } from '../ports/clock.js';
import type { Entropy } from '../ports/entropy.js';
import { MessageRefused, type MailTransport, type TextMessageTransport } from '../ports/mail-transport.js';
import type { OperatorLog } from '../ports/operator-log.js';
import type { Ending, MessageContent, Outbox, OutboxMessageId, WaitingMessage } from '../ports/outbox.js';
import type { OutboxMeter } from '../ports/outbox-meter.js';
import { backOff } from './back-off.js';
import type { NotificationTemplates } from './notification-templates.js';
import type { RenderedParts } from './template.js';
import { variablesOf } from './variables.js';

export type Transports = Readonly<{ mail: MailTransport; 'text-message'?: TextMessageTransport }>;

export type DeliveryLimits = Readonly<{
  /** Messages under way at once. */
  concurrency: number;
  /**
   * A try is cut off after that many seconds. RFC 5321 section 4.5.3.2.6: too short a wait for the last answer doubles
   * messages.
   */
  trySeconds: number;
  /** Seconds a taken message stays hidden; well above `trySeconds`, so that no second try runs beside the first. */
  hiddenSeconds: number;
}>;

export const deliveryLimits: DeliveryLimits = { concurrency: 8, trySeconds: 11 * 60, hiddenSeconds: 15 * 60 };

/**
 * Takes messages out of the outbox and hands them to their transport until it has them, or they are worth nothing any
 * more.
 */
export class Delivery {
  /** Handed over, but not yet on record as such because the database failed in between. */
  private readonly handedOver = new Set<OutboxMessageId>();

  constructor(
    private readonly outbox: Outbox,
    private readonly templates: NotificationTemplates,
    private readonly transports: Transports,
    private readonly clock: Clock,
    private readonly entropy: Entropy,
    private readonly meter: OutboxMeter,
    private readonly log: OperatorLog,
    private readonly limits: DeliveryLimits = deliveryLimits,
  ) {}

  /**
   * Delivers everything that is due, a few at a time. After `stop` none is begun; `cutOff` ends those under way.
   * @throws what the outbox throws
   */
  async deliverDue(stop: AbortSignal, cutOff: AbortSignal): Promise<void> {
    const crew: Promise<PromiseSettledResult<void>[]>[] = [];
    // Whoever finds a message calls for help before delivering it, so that looking in vain costs one statement.
    const worker = async (): Promise<void> => {
      while (!stop.aborted) {
        const now = this.clock.now();
        const message = await this.outbox.take(now, plusSeconds(now, this.limits.hiddenSeconds));
        if (!message) return;
        if (crew.length < this.limits.concurrency) join();
        await this.deliver(message, now, cutOff);
      }
    };
    const join = (): void => void crew.push(Promise.allSettled([worker()]));
    join();
    const ends: PromiseSettledResult<void>[] = [];
    for (const each of crew) ends.push(...(await each));
    const broken = ends.find((end) => end.status === 'rejected');
    if (broken) throw broken.reason;
  }

  private async deliver(message: WaitingMessage, now: Instant, cutOff: AbortSignal): Promise<void> {
    if (this.handedOver.has(message.id)) return this.end(message, 'sent');
    if (message.content === 'erased') return this.end(message, 'withdrawn');
    if (message.content === 'damaged') return this.end(message, 'failed', 'damaged');
    if (now >= message.expiresAt) return this.end(message, 'failed', 'expired');

    const failure = await this.attempt(message, message.content, now, cutOff);
    if (failure === undefined) {
      this.handedOver.add(message.id);
      return this.end(message, 'sent');
    }
    if (failure instanceof MessageRefused) return this.end(message, 'failed', failure.reason);
    return this.postpone(message, failure);
  }

  private async attempt(
    message: WaitingMessage,
    content: MessageContent,
    now: Instant,
    cutOff: AbortSignal,
  ): Promise<unknown> {
    const { tenant, kind, channel } = message;
    try {
      const { locale, parts } = await this.templates.render({ tenant, kind, channel, content, now });
      const signal = AbortSignal.any([cutOff, AbortSignal.timeout(this.limits.trySeconds * 1000)]);
      await this.hand(message, content, locale, parts, signal);
      return undefined;
    } catch (error) {
      return error ?? new Error('unknown');
    }
  }

  private hand(
    { id, tenant, user, kind, channel }: WaitingMessage,
    content: MessageContent,
    locale: string,
    { subject = '', text = '', html = '', short = '' }: RenderedParts,
    signal: AbortSignal,
  ): Promise<void> {
    const { link, code } = variablesOf(content, locale, this.clock.now());
    const outgoing = {
      id,
      tenant,
      user,
      kind,
      to: content.to,
      ...(typeof link === 'string' && { link }),
      ...(typeof code === 'string' && { code }),
    };
    if (channel === 'mail') return this.transports.mail.send({ ...outgoing, locale, subject, text, html }, signal);

    const telephone = this.transports['text-message'];
    if (!telephone) throw new Error('there is no transport for text messages');
    return telephone.send({ ...outgoing, text: short }, signal);
  }

  private async end(message: WaitingMessage, ending: Ending, reason?: string): Promise<void> {
    await this.outbox.end(message, ending, this.clock.now(), reason);
    this.handedOver.delete(message.id);
    this.meter.ended(message.kind, message.channel, ending);
    if (ending === 'failed') this.log.error('message-failed', this.fields(message, reason));
  }

  private async postpone(message: WaitingMessage, failure: unknown): Promise<void> {
    const now = this.clock.now();
    const [draw = 0] = this.entropy.bytes(1);
    const again = plusSeconds(now, backOff(message.attempts, draw / 256));
    const reason = failureName(failure);
    // A last try just before the message is worth nothing beats none.
    const last = instant(milliseconds(message.expiresAt) - 60_000);
    const next = again >= last && now < last ? last : again;
    await this.outbox.postpone(message, next, reason);
    this.meter.postponed(message.kind, message.channel);
    this.log.warn('message-postponed', this.fields(message, reason));
  }

  private fields({ id, tenant, kind, channel, attempts }: WaitingMessage, reason: string | undefined) {
    return { message: id, tenant, kind, channel, attempts, reason };
  }
}

/** Names a failure without quoting it: servers repeat addresses in their answers. */
function failureName(failure: unknown): string {
  if (!(failure instanceof Error)) return 'unknown';
  const code = 'code' in failure && typeof failure.code === 'string' ? ` ${failure.code}` : '';
  const answer =
    'responseCode' in failure && typeof failure.responseCode === 'number' ? ` ${failure.responseCode}` : '';
  return `${failure.name}${code}${answer}`;
}
