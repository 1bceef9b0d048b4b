import { writeMissingSamples } from './event-samples.js';
import { exampleEvents } from './example-events.js';

const written = await writeMissingSamples(Object.values(exampleEvents));
process.stdout.write(written.length === 0 ? 'no sample was missing\n' : `${written.join('\n')}\n`);
