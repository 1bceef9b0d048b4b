import { Gauge, type Registry } from 'prom-client';
import type { ReadModelState, ReadModels } from '../../application/ports/read-models.js';

type Measure = Readonly<{ name: string; help: string; of: (state: ReadModelState) => number }>;

const measures: readonly Measure[] = [
  {
    name: 'annal_read_model_lag_positions',
    help: 'Distance to the head of the log in positions: events on PostgreSQL, bytes on EventStoreDB.',
    of: ({ lag }) => lag,
  },
  {
    name: 'annal_read_model_lag_seconds',
    help: 'Age of the oldest event that is not applied.',
    of: ({ lagMilliseconds }) => lagMilliseconds / 1000,
  },
  { name: 'annal_read_model_events', help: 'Events applied since it was built.', of: ({ events }) => events },
  { name: 'annal_read_model_parked_events', help: 'Events set aside.', of: ({ parkedEvents }) => parkedEvents },
  {
    name: 'annal_read_model_serving',
    help: 'Whether queries may answer from it: 0 while it is built or events are set aside.',
    of: ({ standing }) => (standing === 'serving' ? 1 : 0),
  },
  {
    name: 'annal_read_model_leading',
    help: 'Whether this process applies its events.',
    of: ({ duty }) => (duty === 'leading' ? 1 : 0),
  },
];

/** Prometheus metrics of every read model, read when they are asked for. */
export class ReadModelMetrics {
  private looking: Promise<readonly ReadModelState[]> | undefined;

  constructor(
    registry: Registry,
    private readonly readModels: Pick<ReadModels, 'status'>,
  ) {
    for (const { name, help, of } of measures) {
      const gauge = new Gauge({
        name,
        help,
        labelNames: ['model'],
        registers: [registry],
        collect: async () => {
          for (const state of await this.look()) gauge.set({ model: state.name }, of(state));
        },
      });
    }
  }

  /** One look for all gauges. Where the database is away, the last known values stand. */
  private look(): Promise<readonly ReadModelState[]> {
    this.looking ??= this.readModels
      .status()
      .catch(() => [])
      .finally(() => {
        this.looking = undefined;
      });
    return this.looking;
  }
}
