import { expect } from 'chai';
import { Registry } from 'prom-client';
import { ReadModelMetrics } from '../../../src/infrastructure/projection-runner/read-model-metrics.js';
import { facts, happen } from './histories.js';
import { Rig } from './rig.js';

describe('metrics of read models', () => {
  let rig: Rig;
  beforeEach(async () => {
    rig = await Rig.make();
  });
  afterEach(() => rig.end());

  it('are as of the moment in which they are asked for', async () => {
    const { runner, freshness, readModels } = rig.instance();
    const registry = new Registry();
    const metrics = new ReadModelMetrics(registry, readModels);
    await happen(rig, facts(1, 12));
    await runner.start();
    await freshness.waitFor(await rig.log.head(), ['accounts']);
    const lines = (await registry.metrics()).split('\n').filter((line) => line.startsWith('annal_'));

    expect(metrics).to.be.instanceOf(ReadModelMetrics);
    expect(lines).to.deep.equal([
      'annal_read_model_lag_positions{model="accounts"} 0',
      'annal_read_model_lag_seconds{model="accounts"} 0',
      'annal_read_model_events{model="accounts"} 12',
      'annal_read_model_parked_events{model="accounts"} 0',
      'annal_read_model_serving{model="accounts"} 1',
      'annal_read_model_leading{model="accounts"} 1',
    ]);
  });
});
