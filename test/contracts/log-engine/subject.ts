import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import type { InlineRow } from '../../../src/application/ports/event-log.js';
import type { TenantId } from '../../../src/domain/values.js';
import type {
  EncodedEvent,
  EngineAppend,
  LogEngine,
  StoredEvent,
} from '../../../src/infrastructure/event-log/log-engine.js';

/** A started engine; its log may hold other events already. */
export type LogEngineFixture = Readonly<{
  engine: LogEngine;
  /** Where the engine writes inline rows. */
  pool: pg.Pool;
  /** Starts one more instance on the same log. */
  another: () => Promise<LogEngine>;
  /** Stops all instances. */
  close: () => Promise<void>;
}>;

export type Subject = () => LogEngineFixture;

export const newTenant = (): TenantId => randomUUID() as TenantId;

export const newStream = (category = 'session', tenant = newTenant()): string =>
  `${category}-${tenant}_${randomUUID()}`;

const bytes = (text: string): Uint8Array => Buffer.from(text, 'utf8');

export const newEvent = (data = '{"n":1}'): EncodedEvent => ({
  id: randomUUID(),
  type: 'session.started',
  data: bytes(data),
  metadata: bytes('{"version":1}'),
});

export const newEvents = (count: number): readonly EncodedEvent[] =>
  Array.from({ length: count }, (_, n) => newEvent(`{"n":${n}}`));

export const newAppend = (
  stream: string,
  expectedRevision: number,
  events: number | readonly EncodedEvent[] = 1,
): EngineAppend => ({
  stream,
  expectedRevision,
  events: typeof events === 'number' ? newEvents(events) : events,
  inline: [],
});

/** A row of the table that {@link inlineTable} makes. */
export const newRow = (table: string, stream: string, revision: number, columns: InlineRow['columns']): InlineRow => {
  const [tenant = '', id = ''] = stream.slice(stream.indexOf('-') + 1).split('_');

  return { table, key: `${tenant}_${id}`, tenant: tenant as TenantId, id, revision, columns };
};

export async function inlineTable(pool: pg.Pool): Promise<string> {
  const table = `contract_${randomUUID().replaceAll('-', '')}_v1`;
  await pool.query(`create table ${table} (key text primary key, tenant uuid not null, id text not null, revision integer not null,
    status text not null, tries integer, locked boolean, roles text[])`);

  return table;
}

/** What an event is, without where it stands. */
export const contents = ({ id, type, data, metadata }: EncodedEvent): object => ({
  id,
  type,
  data: Buffer.from(data).toString('base64'),
  metadata: Buffer.from(metadata).toString('base64'),
});

export const ids = (events: readonly EncodedEvent[]): readonly string[] => events.map(({ id }) => id);

/** Every event after the position, page by page. */
export async function everythingAfter(engine: LogEngine, after: bigint, max = 100): Promise<readonly StoredEvent[]> {
  const page = await engine.readAll(after, max);
  if (page.atHead) return page.events;

  return [...page.events, ...(await everythingAfter(engine, page.upTo, max))];
}

/** Asks with every announcement of growth, until the answer is yes. */
export function grownUntil(engine: LogEngine, enough: () => Promise<boolean>): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = engine.onGrowth(() => {
      enough().then((yes) => {
        if (!yes) return;
        stop();
        resolve();
      }, reject);
    });
  });
}
