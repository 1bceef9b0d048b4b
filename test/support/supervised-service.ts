// A service in a process of its own: node supervised-service.js <data directory>. Prints `creating` when it begins a
// cluster and `ready <postmaster pid>` when it has written a row; SIGTERM stops it in order, anything else is a crash.
import pg from 'pg';
import { PostgresSupervisor } from '../../src/infrastructure/postgres-supervisor/postgres-supervisor.js';
import { binarySources } from './test-database.js';

const [, , dataDirectory] = process.argv;
if (dataDirectory === undefined) throw new Error('Which data directory?');

const supervisor = new PostgresSupervisor({
  dataDirectory,
  binarySources: binarySources(),
  log: (message) => {
    if (message.startsWith('Creating')) process.stdout.write('creating\n');
  },
});

const { connection } = await supervisor.start();
const client = new pg.Client(connection);
await client.connect();
await client.query('CREATE TABLE IF NOT EXISTS facts (id integer)');
await client.query('INSERT INTO facts VALUES (1)');
const { rows } = await client.query<{ pid: number }>(
  "SELECT split_part(pg_read_file('postmaster.pid'), E'\\n', 1)::integer AS pid",
);
const idle = setInterval(() => undefined, 60_000);
process.once('SIGTERM', () => {
  clearInterval(idle);
  void client.end().then(() => supervisor.stop());
});
process.stdout.write(`ready ${rows[0]?.pid}\n`);
