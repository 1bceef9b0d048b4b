import { Counter, Gauge, type Registry } from 'prom-client';
import type { Channel, NotificationKind } from '../../application/notifications/kinds.js';
import type { Ending, Outbox } from '../../application/ports/outbox.js';
import { OutboxMeter } from '../../application/ports/outbox-meter.js';

const labels = ['kind', 'channel'] as const;

/**
 * Prometheus metrics of messages. Alarms: any growth of `…ended_total{ending="failed"}`, and an oldest message that is
 * minutes old.
 */
export class OutboxMetrics extends OutboxMeter {
  private readonly endings: Counter;
  private readonly postponements: Counter;
  private readonly wordings: Counter;

  constructor(registry: Registry, outbox: Pick<Outbox, 'backlog'>) {
    super();
    const registers = [registry];
    this.endings = new Counter({
      name: 'annal_outbox_messages_ended_total',
      help: 'Messages by how they ended: sent, failed, or withdrawn because the person is gone.',
      labelNames: [...labels, 'ending'],
      registers,
    });
    this.postponements = new Counter({
      name: 'annal_outbox_messages_postponed_total',
      help: 'Tries that failed and will be repeated.',
      labelNames: labels,
      registers,
    });
    this.wordings = new Counter({
      name: 'annal_outbox_wordings_failed_total',
      help: 'Messages in which a default stood in for a wording of the tenant that failed.',
      labelNames: ['kind'],
      registers,
    });
    this.addBacklog(registry, outbox);
  }

  ended(kind: NotificationKind, channel: Channel, ending: Ending): void {
    this.endings.inc({ kind, channel, ending });
  }

  postponed(kind: NotificationKind, channel: Channel): void {
    this.postponements.inc({ kind, channel });
  }

  wordingFailed(kind: NotificationKind): void {
    this.wordings.inc({ kind });
  }

  /** Read when the metrics are: both gauges from one look. */
  private addBacklog(registry: Registry, outbox: Pick<Outbox, 'backlog'>): void {
    const registers = [registry];
    const oldest = new Gauge({
      name: 'annal_outbox_oldest_seconds',
      help: 'How long the oldest waiting message has waited.',
      registers,
    });
    const waiting = new Gauge({
      name: 'annal_outbox_waiting',
      help: 'Messages that wait to be sent.',
      registers,
      collect: async () => {
        // Where the database is away, the last known values stand.
        const backlog = await outbox.backlog().catch(() => undefined);
        if (!backlog) return;
        waiting.set(backlog.waiting);
        oldest.set(backlog.oldestSeconds);
      },
    });
  }
}
