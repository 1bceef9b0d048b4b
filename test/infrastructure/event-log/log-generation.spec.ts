import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { catalogue } from '../../../src/domain/catalogue.js';
import { logGeneration } from '../../../src/infrastructure/event-log/log-generation.js';
import { inlineModels } from '../../../src/projections/inline-models.js';
import { tableName } from '../../../src/projections/projection.js';

type Generation = Readonly<{ generation: number; events: readonly string[]; inlineModels: readonly string[] }>;

describe('the generation of what is written to the log', () => {
  it('is raised whenever the catalogue or the inline models change', () => {
    const recorded = JSON.parse(readFileSync('test/fixtures/log-generation.json', 'utf8')) as Generation;
    const written: Generation = {
      generation: logGeneration,
      events: Object.entries(catalogue)
        .map(([type, { version }]) => `${type} v${version}`)
        .sort(),
      inlineModels: inlineModels.map(tableName).sort(),
    };
    expect(written, 'raise logGeneration and record the new generation').to.deep.equal(recorded);
  });
});
