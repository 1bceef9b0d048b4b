import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Container } from 'inversify';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { streamName } from '../../src/application/ports/event-log.js';
import { Pool } from '../../src/composition-root/binding.js';
import type { TenantId } from '../../src/domain/values.js';
import { EventCodec } from '../../src/infrastructure/event-log/codec.js';
import { BulkVault } from '../../src/infrastructure/vault/bulk-vault.js';
import { type Life, lifeLength, lifeOf } from './people-events.js';
import type { Tell } from './measure.js';

/** People whose events are written by one statement. */
const batch = 200;
const keysAtOnce = 8;
/** Events between two lines of progress. */
const told = 100_000;

/**
 * Fills the log with the events of people of one tenant, sealed and enveloped by the codec and written into the tables of the log as the
 * append procedure would: dense positions, one row per stream. Nothing else may write meanwhile. @returns the number of events
 */
export async function seed(container: Container, count: number, tell: Tell): Promise<number> {
  const pool = container.get<pg.Pool>(Pool);
  const vault = container.get(BulkVault);
  const codec = container.get(EventCodec);
  const tenant = randomUUID() as TenantId;
  await vault.createTenant(tenant);
  const head = await pool.query<{ head: string }>('SELECT coalesce(max(position), 0) AS head FROM events');
  let position = Number(head.rows[0]?.head ?? 0);
  const end = position + Math.ceil(count / lifeLength) * lifeLength;
  await pool.query('SELECT log_make_segments($1)', [end]);
  for (let person = 0; position < end; ) {
    const lives = Array.from({ length: Math.min(batch, (end - position) / lifeLength) }, () => lifeOf((person += 1)));
    await makeKeys(vault, tenant, lives);
    const [events, streams]: [string[], string[]] = [[], []];
    for (const { category, id, events: messages } of lives.flatMap(({ stretches }) => stretches)) {
      const stream = streamName(category, tenant, id);
      const [commandId, correlationId] = [randomUUID(), randomUUID()];
      const at = (messages[0] as unknown as { at: never }).at;
      const context = { tenant, actor: { kind: 'anonymous' }, commandId, correlationId, at } as const;
      const encoded = await codec.encode({ stream, expectedRevision: -1, events: messages, context, inline: [] });
      const origin = position + 1;
      for (const [revision, { id: event, type, data, metadata }] of encoded.entries()) {
        position += 1;
        const bytes = [data, metadata].map((one) => `\\\\x${Buffer.from(one).toString('hex')}`);
        const row = [position, origin, at, event, revision, stream, category, tenant, type, ...bytes];
        events.push(`${row.join('\t')}\n`);
      }
      streams.push(`${[stream, origin, position, encoded.length - 1].join('\t')}\n`);
    }
    await copy(pool, eventsInto, events);
    await copy(pool, streamsInto, streams);
    if (position % told < batch * lifeLength) tell(`${position.toLocaleString('en')} events written`);
  }
  await pool.query('VACUUM ANALYZE events, streams');
  return position;
}

const eventsInto =
  'COPY events (position, origin, recorded_at, id, revision, stream, category, tenant, type, data, metadata) FROM STDIN';
const streamsInto = 'COPY streams (stream, origin, last_position, revision) FROM STDIN';

async function copy(pool: pg.Pool, statement: string, lines: readonly string[]): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('SET synchronous_commit = off');
    await pipeline(Readable.from([lines.join('')]), client.query(copyFrom(statement)));
  } finally {
    client.release(true);
  }
}

async function makeKeys(vault: BulkVault, tenant: TenantId, lives: readonly Life[]): Promise<void> {
  const refs = lives.flatMap(({ user, credential }) => [
    { tenant, scope: 'person', id: user } as const,
    { tenant, scope: 'credential', id: credential } as const,
  ]);
  const lane = async (): Promise<void> => {
    for (let ref = refs.pop(); ref !== undefined; ref = refs.pop()) await vault.createKey(ref);
  };
  await Promise.all(Array.from({ length: keysAtOnce }, lane));
}
