import { Counter, type Registry } from 'prom-client';
import type { Channel, NotificationKind } from '../application/notifications/kinds.js';
import type { Ending } from '../application/ports/outbox.js';
import { OutboxMeter } from '../application/ports/outbox-meter.js';

export class PrometheusOutboxMeter extends OutboxMeter {
  private readonly messages: Counter<'kind' | 'channel' | 'outcome'>;
  private readonly wording: Counter<'kind'>;

  constructor(registry: Registry) {
    super();
    this.messages = new Counter({
      name: 'annal_outbox_messages_total',
      help: 'Tries to deliver a message, by their outcome.',
      labelNames: ['kind', 'channel', 'outcome'],
      registers: [registry],
    });
    this.wording = new Counter({
      name: 'annal_outbox_wording_failures_total',
      help: 'Messages whose tenant template failed and the default stood in.',
      labelNames: ['kind'],
      registers: [registry],
    });
  }

  ended(kind: NotificationKind, channel: Channel, ending: Ending): void {
    this.messages.inc({ kind, channel, outcome: ending });
  }

  postponed(kind: NotificationKind, channel: Channel): void {
    this.messages.inc({ kind, channel, outcome: 'postponed' });
  }

  wordingFailed(kind: NotificationKind): void {
    this.wording.inc({ kind });
  }
}
