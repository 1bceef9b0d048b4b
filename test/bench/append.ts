import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { connectionConfig, Database } from '../../src/infrastructure/database.js';
import { ControlRow } from '../../src/infrastructure/event-log/control-row.js';
import type { EngineAppend } from '../../src/infrastructure/event-log/log-engine.js';
import {
  type BatchAnswer,
  callAppend,
  decodeAnswer,
  encodeBatch,
} from '../../src/infrastructure/event-log/postgres/append-batch.js';
import { PostgresLogEngine } from '../../src/infrastructure/event-log/postgres/postgres-log-engine.js';
import { appendSession } from '../../src/infrastructure/event-log/postgres/sessions.js';
import { migrate } from '../../src/infrastructure/migrations/migrate.js';
import { BenchServer } from './bench-server.js';

/** Appends of one event per second, medians of runs that took turns. */
export type AppendRow = Readonly<{
  writers: number;
  groupCommit: number;
  /** The same work and promises, one append per transaction, on up to 16 connections. */
  oneEach: number;
  /** One transaction per append that promises neither order nor density: positions from a sequence, no lock. */
  unordered: number;
  /** Group commit by one append per transaction. */
  ratio: number;
  target: number;
  ratioToUnordered: number;
}>;

const targets = [
  { writers: 1, target: 0.8 },
  { writers: 16, target: 1 },
  { writers: 64, target: 4 },
  { writers: 512, target: 6 },
];
const runs = 3;
const runMilliseconds = 1_500;
const connections = 16;
const fingerprint = 'bench';
const data = Buffer.from(JSON.stringify({ text: 'x'.repeat(240) }));
const metadata = Buffer.from(JSON.stringify({ text: 'y'.repeat(340) }));
const tenants = Array.from({ length: 100 }, () => randomUUID());
const categories = ['user', 'credentials', 'signin', 'session', 'grant', 'client', 'claim', 'role', 'group', 'job'];

type Appender = (append: EngineAppend) => Promise<unknown>;

/** Group commit against one transaction per append, on a server of its own that syncs to disk. Takes about a minute. */
export async function benchAppend(): Promise<readonly AppendRow[]> {
  const server = await BenchServer.start();
  try {
    return await onServer(await server.database());
  } finally {
    await server.stop();
  }
}

async function onServer(config: pg.PoolConfig): Promise<readonly AppendRow[]> {
  const database = new Database(config);
  await migrate(database);
  await database.pool.query(unorderedTables);
  const engine = new PostgresLogEngine(database, new ControlRow(database.pool, fingerprint));
  await engine.start();
  // Writers queue for a connection as long as it takes.
  const pool = new pg.Pool({ ...connectionConfig(config, 'bench'), max: connections, connectionTimeoutMillis: 0 });
  await prepare(pool);

  const oneEach: Appender = async (append) => {
    const values = [...encodeBatch(fingerprint, 0n, [append])];
    const { rows } = await pool.query<BatchAnswer>({ name: 'one', text: callAppend, values });
    const [answer] = rows;
    if (answer === undefined || decodeAnswer([append], answer)[0] === 'conflict')
      throw new Error('nothing was appended');
  };
  const unordered: Appender = async ({ stream, events: [event] }) => {
    const [category, tenant] = stream.split(/[-_](.*)_/);
    await pool.query({
      name: 'unordered',
      text: unorderedAppend,
      values: [stream, event?.id, category, tenant, event?.type, data, metadata],
    });
  };

  const rows: AppendRow[] = [];
  for (const { writers, target } of targets) {
    const measured = await takeTurns([(append) => engine.append(append), oneEach, unordered], writers);
    const [groupCommit = 0, one = 0, free = 0] = measured;
    rows.push({
      writers,
      groupCommit: Math.round(groupCommit),
      oneEach: Math.round(one),
      unordered: Math.round(free),
      ratio: groupCommit / one,
      target,
      ratioToUnordered: groupCommit / free,
    });
  }
  await Promise.all([engine.stop(), pool.end()]);
  await database.close();

  return rows;
}

/** The median rate of each, measured in turns so that what else the machine does meets them all. */
async function takeTurns(appenders: readonly Appender[], writers: number): Promise<readonly number[]> {
  const rates: number[][] = appenders.map(() => []);
  for (let run = 0; run < runs; run += 1) {
    for (const [index, appender] of appenders.entries()) rates[index]?.push(await rate(appender, writers));
  }
  return rates.map((own) => own.sort((left, right) => left - right)[own.length >> 1] ?? 0);
}

async function rate(appender: Appender, writers: number): Promise<number> {
  let done = 0;
  const start = performance.now();
  const end = start + runMilliseconds;
  await Promise.all(
    Array.from({ length: writers }, async () => {
      while (performance.now() < end) {
        await appender(newAppend());
        done += 1;
      }
    }),
  );
  return (done * 1_000) / (performance.now() - start);
}

function newAppend(): EngineAppend {
  const pick = (list: readonly string[]): string => list[Math.floor(Math.random() * list.length)] ?? '';
  const events = [{ id: randomUUID(), type: 'session.started', data, metadata }];

  return { stream: `${pick(categories)}-${pick(tenants)}_${randomUUID()}`, expectedRevision: -1, events, inline: [] };
}

/** Every connection with the settings of the connection that appends. */
async function prepare(pool: pg.Pool): Promise<void> {
  const clients = await Promise.all(Array.from({ length: connections }, () => pool.connect()));
  for (const client of clients) {
    await client.query(appendSession);
    client.release();
  }
}

const unorderedTables = `
create sequence unordered_positions;
create table unordered_streams (like streams including all);
create table unordered_events (like events including all);
create unique index on unordered_events (origin, revision);
create unique index on unordered_events (origin, id);
create index on unordered_events (category, position);
create index on unordered_events (tenant, position);
`;

const unorderedAppend = `
with opened as (
  insert into unordered_streams (stream, origin, last_position, revision)
  values ($1, nextval('unordered_positions'), 0, 0) returning stream, origin
)
insert into unordered_events (position, origin, recorded_at, id, revision, stream, category, tenant, type, data, metadata)
select origin, origin, clock_timestamp(), $2, 0, stream, $3, $4, $5, $6, $7 from opened
`;
