import { randomUUID } from 'node:crypto';
import { DataFile } from './data-file.js';
import {
  type AppendOutcome,
  type Expected,
  LAST_REVISION,
  type Proposed,
  type StreamContent,
  type Written,
} from './stored-event.js';

type Metadata = Readonly<{ $maxCount?: number; $maxAge?: number; $tb?: number }>;

/**
 * The log with the append rules of the real server (IndexWriter.CheckCommit): compare the ids behind an expected
 * revision that has passed, remember ids for inexact expectations, keep counting revisions after a soft delete, refuse
 * everything after a tombstone.
 */
export class EventStoreLog {
  readonly all: Written[] = [];
  private readonly streams = new Map<string, Written[]>();
  private readonly ids = new Map<string, Written>();
  private readonly listeners = new Set<() => void>();
  private readonly file: DataFile | undefined;

  constructor(
    dataFile: string | undefined,
    private readonly now: () => number,
  ) {
    this.file = dataFile === undefined ? undefined : new DataFile(dataFile);
    for (const event of this.file?.restored ?? []) this.remember(event);
  }

  onWrite(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  close(): void {
    this.file?.close();
  }

  append(stream: string, expected: Expected, events: readonly Proposed[]): AppendOutcome {
    const current = this.lastRevision(stream);
    if (current === LAST_REVISION) return { kind: 'deleted' };

    if (expected === 'stream-exists') {
      if (this.isSoftDeleted(stream)) return { kind: 'deleted' };
      if (current < 0n && this.lastRevision(`$$${stream}`) < 0n) return { kind: 'wrong-version', current };
    }
    const known =
      typeof expected === 'bigint'
        ? events.map(({ id }, index) => this.at(stream, expected + 1n + BigInt(index), id))
        : events.map(({ id }) => (this.ids.get(id)?.stream === stream ? this.ids.get(id) : undefined));

    return typeof expected === 'bigint' && expected > current
      ? { kind: 'wrong-version', current }
      : this.decide(stream, expected, current, events, known);
  }

  /** Hides everything so far; the stream can be written again and counts on. */
  softDelete(stream: string, expected: Expected): AppendOutcome {
    const refused = this.refuse(stream, expected);
    return refused ?? this.setMetadata(stream, { ...this.metadata(stream), $tb: Number(LAST_REVISION) });
  }

  /** Ends the stream for good. */
  tombstone(stream: string, expected: Expected): AppendOutcome {
    const refused = this.refuse(stream, expected);
    return refused ?? this.write(stream, LAST_REVISION - 1n, [proposal('$streamDeleted', {})]);
  }

  /** What a read of the stream may see. */
  read(stream: string): StreamContent {
    const last = this.lastRevision(stream);
    if (last === LAST_REVISION) return { kind: 'deleted' };
    if (last < 0n || this.isSoftDeleted(stream)) return { kind: 'not-found' };

    const { $maxCount, $maxAge, $tb = 0 } = stream.startsWith('$$') ? { $maxCount: 1 } : this.metadata(stream);
    const floor = $maxCount === undefined ? $tb : Math.max($tb, Number(last) - $maxCount + 1);
    const youngest = $maxAge === undefined ? 0 : this.now() - $maxAge * 1000;
    const events = (this.streams.get(stream) ?? []).filter(
      (event) => event.revision >= floor && event.created >= youngest,
    );

    return { kind: 'events', events, last };
  }

  private decide(
    stream: string,
    expected: Expected,
    current: bigint,
    events: readonly Proposed[],
    known: readonly (Written | undefined)[],
  ): AppendOutcome {
    const last = known.at(-1);
    if (last !== undefined && known.every((event) => event !== undefined)) {
      return { kind: 'written', revision: last.revision, position: last.position };
    }
    const fresh = expected === current || expected === 'any' || expected === 'stream-exists';
    // The first ids stand and a later one does not: never idempotent, never appended.
    if (known[0] !== undefined) return { kind: 'wrong-version', current };
    if (!fresh && !(expected === -1n && this.isSoftDeleted(stream))) return { kind: 'wrong-version', current };

    const undelete = this.isSoftDeleted(stream);
    const outcome = this.write(stream, current, events);
    if (undelete) this.setMetadata(stream, { ...this.metadata(stream), $tb: Number(current + 1n) });

    return outcome;
  }

  private refuse(stream: string, expected: Expected): AppendOutcome | undefined {
    const current = this.lastRevision(stream);
    if (current === LAST_REVISION) return { kind: 'deleted' };

    return typeof expected === 'bigint' && expected !== current ? { kind: 'wrong-version', current } : undefined;
  }

  private setMetadata(stream: string, metadata: Metadata): AppendOutcome {
    const meta = `$$${stream}`;
    return this.write(meta, this.lastRevision(meta), [proposal('$metadata', metadata)]);
  }

  private metadata(stream: string): Metadata {
    const newest = this.streams.get(`$$${stream}`)?.at(-1);
    return newest === undefined ? {} : (JSON.parse(Buffer.from(newest.data).toString('utf8')) as Metadata);
  }

  private isSoftDeleted(stream: string): boolean {
    return (this.metadata(stream).$tb ?? 0) >= Number(LAST_REVISION);
  }

  private lastRevision(stream: string): bigint {
    return this.streams.get(stream)?.at(-1)?.revision ?? -1n;
  }

  private at(stream: string, revision: bigint, id: string): Written | undefined {
    const event = this.streams.get(stream)?.[Number(revision)];
    return event?.id === id ? event : undefined;
  }

  private write(stream: string, current: bigint, events: readonly Proposed[]): AppendOutcome {
    const created = this.now();
    let position = this.all.at(-1)?.position ?? 0n;
    const written = events.map((event, index): Written => {
      // Positions are byte offsets in the real log: rising, with gaps.
      position += BigInt(64 + event.data.length + event.metadata.length);
      return { ...event, stream, revision: current + 1n + BigInt(index), position, created };
    });
    this.file?.append(written);
    for (const event of written) this.remember(event);
    for (const listener of this.listeners) listener();

    return { kind: 'written', revision: current + BigInt(events.length), position };
  }

  private remember(event: Written): void {
    this.all.push(event);
    this.ids.set(event.id, event);
    const stream = this.streams.get(event.stream);
    if (stream === undefined) this.streams.set(event.stream, [event]);
    else stream.push(event);
  }
}

const proposal = (type: string, data: object): Proposed => ({
  id: randomUUID(),
  type,
  json: true,
  data: Buffer.from(JSON.stringify(data)),
  metadata: new Uint8Array(),
});
