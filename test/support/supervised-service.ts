// A service in a process of its own: node supervised-service.js <data directory>. Prints `creating` when it begins a
// cluster and `ready <postmaster pid>` when it has written a row; SIGTERM stops it in order, SIGHUP makes it exit with
// code 3 and no goodbye, anything else is a crash.
import pg from 'pg';
import { clusterDirectory } from '../../src/infrastructure/postgres-supervisor/cluster.js';
import { PostgresSupervisor } from '../../src/infrastructure/postgres-supervisor/postgres-supervisor.js';
import { readPostmaster } from '../../src/infrastructure/postgres-supervisor/process-table.js';
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
const idle = setInterval(() => undefined, 60_000);
process.once('SIGTERM', () => {
  clearInterval(idle);
  void client.end().then(() => supervisor.stop());
});
process.once('SIGHUP', () => process.exit(3));
process.stdout.write(`ready ${readPostmaster(clusterDirectory(dataDirectory))?.pid}\n`);
