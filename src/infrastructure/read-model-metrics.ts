import { Gauge, type Registry } from 'prom-client';
import type { ReadModels } from '../application/ports/read-models.js';

/** Lag and parked events of every read model, asked for when the metrics are read. */
export function collectReadModels(registry: Registry, readModels: Pick<ReadModels, 'status'>): void {
  const gauge = (name: string, help: string): Gauge<'model'> =>
    new Gauge({ name, help, labelNames: ['model'], registers: [registry] });
  const lag = gauge('annal_read_model_lag_seconds', 'Age of the oldest event that a read model has not applied.');
  const behind = gauge('annal_read_model_lag_positions', 'Distance of a read model to the head of the log.');
  const parked = gauge('annal_read_model_parked_events', 'Events that a read model could not take and set aside.');
  new Gauge({
    name: 'annal_read_models_serving',
    help: 'Read models that may answer queries.',
    registers: [registry],
    async collect() {
      const all = await readModels.status();
      for (const one of all) {
        lag.set({ model: one.name }, one.lagMilliseconds / 1_000);
        behind.set({ model: one.name }, one.lag);
        parked.set({ model: one.name }, one.parkedEvents);
      }
      this.set(all.filter(({ standing }) => standing === 'serving').length);
    },
  });
}
