import { parseArgs } from 'node:util';
import { EventStoreDbServer } from './server.js';

// Runs the test server as a process of its own, so that a test can kill it: main.js --port 2113 --data events.jsonl
const { values } = parseArgs({ options: { port: { type: 'string', default: '2113' }, data: { type: 'string' } } });
const server = new EventStoreDbServer({
  port: Number(values.port),
  ...(values.data === undefined ? {} : { dataFile: values.data }),
});
await server.start();
process.stdout.write(`${server.connectionString}\n`);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void server.stop());
