import type { EngineAppend, EngineAppended } from '../log-engine.js';

/** An append's answer: what was (or had been) recorded, or that its expected revision does not hold. */
export type Outcome = EngineAppended | 'conflict';

/** What `log_append` answers. */
export type BatchAnswer = Readonly<{
  log_epoch: string;
  /** Decimal. */
  head_before: string;
  /** RFC 3339. */
  written_at: string;
  /** Null when every append was written now. `append` counts from 1; `position` is null for a conflict. */
  exceptions: readonly Readonly<{ append: number; position: string | null; recordedAt: string | null }>[] | null;
}>;

export const callAppend =
  'call log_append($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, null, null, null, null)';

/** The parameters of {@link callAppend}: arrays as PostgreSQL writes them, all events' bytes in one. */
export function encodeBatch(
  fingerprint: string,
  knownHead: bigint,
  batch: readonly EngineAppend[],
): readonly (string | Buffer | null)[] {
  const streams = new Map<string, number>();
  const slots = batch.map(({ stream }) => slotOf(streams, stream));
  const events = batch.flatMap((append) => append.events);

  return [
    fingerprint,
    knownHead.toString(),
    textArray([...streams.keys()]),
    plainArray(slots),
    plainArray(batch.map((append) => append.expectedRevision)),
    plainArray(batch.map((append) => append.events.length)),
    plainArray(batch.flatMap((append, index) => append.events.map(() => index + 1))),
    plainArray(batch.flatMap((append) => append.events.map((_, number) => number + 1))),
    plainArray(events.map(({ id }) => id)),
    textArray(events.map(({ type }) => type)),
    binaryArray(events.map(({ data }) => data)),
    binaryArray(events.map(({ metadata }) => metadata)),
    inlineRows(batch),
  ];
}

/** One outcome per append of the batch, in its order. */
export function decodeAnswer(batch: readonly EngineAppend[], answer: BatchAnswer): readonly Outcome[] {
  const exceptions = new Map(answer.exceptions?.map((exception) => [exception.append, exception]));
  let head = BigInt(answer.head_before);

  return batch.map(({ expectedRevision, events }, index): Outcome => {
    const revision = expectedRevision + events.length;
    const exception = exceptions.get(index + 1);
    if (exception === undefined) {
      head += BigInt(events.length);
      return { revision, position: head, recordedAt: answer.written_at };
    }
    if (exception.position === null || exception.recordedAt === null) return 'conflict';

    return { revision, position: BigInt(exception.position), recordedAt: exception.recordedAt };
  });
}

function slotOf(streams: Map<string, number>, stream: string): number {
  const known = streams.get(stream);
  if (known !== undefined) return known;
  streams.set(stream, streams.size + 1);

  return streams.size;
}

/** `{"<table>": [{"#": <append>, …columns}]}`, or null where no append has rows. */
function inlineRows(batch: readonly EngineAppend[]): string | null {
  const tables = new Map<string, string[]>();
  batch.forEach(({ inline }, index) => {
    for (const { table, columns, key, tenant, id, revision } of inline) {
      const lines = tables.get(table) ?? [];
      lines.push(JSON.stringify({ ...columns, key, tenant, id, revision, '#': index + 1 }));
      tables.set(table, lines);
    }
  });
  if (tables.size === 0) return null;

  return `{${[...tables].map(([table, lines]) => `${JSON.stringify(table)}:[${lines.join(',')}]`).join(',')}}`;
}

/** For numbers and UUIDs, which need no quotes. */
const plainArray = (items: readonly (string | number)[]): string => `{${items.join(',')}}`;

const textArray = (items: readonly string[]): string =>
  `{${items.map((item) => `"${item.replace(/["\\]/g, '\\$&')}"`).join(',')}}`;

const byteaOid = 17;

/** `bytea[]` in the binary format of the protocol: one dimension, no nulls. */
function binaryArray(items: readonly Uint8Array[]): Buffer {
  const buffer = Buffer.allocUnsafe(20 + items.reduce((sum, { length }) => sum + 4 + length, 0));
  let at = 0;
  for (const header of [1, 0, byteaOid, items.length, 1]) at = buffer.writeInt32BE(header, at);
  for (const item of items) {
    at = buffer.writeInt32BE(item.length, at);
    buffer.set(item, at);
    at += item.length;
  }

  return buffer;
}
