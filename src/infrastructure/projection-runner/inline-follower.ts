import type pg from 'pg';
import {
  type AllFilter,
  type AllPage,
  type InlineRow,
  type Position,
  parseStreamName,
  type Recorded,
  type StreamName,
} from '../../application/ports/event-log.js';
import type { StreamStates } from '../../application/ports/stream-states.js';
import { UnknownEventType, UnreadableEvent } from '../event-log/unreadable.js';
import { type AnyInlineModel, inlineRow } from '../inline-models.js';
import { inRepeatableWork, inTransaction } from '../transaction.js';
import { advance, type Checkpoint, hold, rewind } from './checkpoints.js';
import type { ReadModelFollower } from './follower.js';
import { inHalves } from './halving.js';
import { streamsBehind, writeInlineRows } from './inline-rows.js';
import type { ModelTable } from './model-table.js';
import { forgetParked, type ParkedEvent, park, unpark } from './parking.js';
import { failureName, parkedFor, parkedUnread } from './poison.js';
import { Rate } from './rate.js';

/** Streams folded at a time. */
const concurrency = 8;

/**
 * The safety net under an inline model, and what builds a new one: sees to it that the row of every stream in the log is at least at the
 * revision of the event seen, by folding the stream. Rows normally stand already, written with the append.
 */
export class InlineFollower implements ReadModelFollower {
  readonly filter: AllFilter;
  /** Rows stand without it, unless a process died at the wrong moment. */
  readonly rest = 1_000;
  private readonly rate = new Rate();

  constructor(
    readonly model: string,
    private readonly pool: pg.Pool,
    private readonly inline: AnyInlineModel,
    private readonly table: ModelTable,
    private readonly states: StreamStates,
    private readonly alarm: (event: ParkedEvent) => void,
  ) {
    this.filter = { categories: [inline.category] };
  }

  lead(): Promise<void> {
    return Promise.resolve();
  }

  apply(from: Checkpoint, page: AllPage): Promise<Checkpoint> {
    return inHalves(
      from,
      page,
      (start, some) => this.write(start, some),
      (start, event, rest, error) => this.park(start, rest.upTo, parkedFor(event, failureName(error))),
    );
  }

  setAside(from: Checkpoint, event: UnreadableEvent): Promise<Checkpoint> {
    return this.park(from, event.position, parkedUnread(event));
  }

  /** Rows stay, since decisions read them; whoever restores a log to an earlier point rebuilds the inline models. */
  restart(from: Checkpoint): Promise<Checkpoint> {
    return inTransaction(this.pool, async (client) => {
      await forgetParked(client, this.model);
      return rewind(client, from);
    });
  }

  /** The row shows the stream's state, whichever events were parked. */
  async takeUp(at: Checkpoint, stream: StreamName): Promise<void> {
    const row = await this.fold(stream);
    await inTransaction(this.pool, async (client) => {
      await hold(client, at);
      await writeInlineRows(client, this.table, [row]);
      await unpark(client, at.model, stream);
    });
  }

  private async write(from: Checkpoint, { events, upTo, atHead }: AllPage): Promise<Checkpoint> {
    const newest = new Map(events.map((event) => [event.stream, event]));
    const behind = await streamsBehind(this.pool, this.table, [...newest.values()]);
    const rows: InlineRow[] = [];
    const parked: ParkedEvent[] = [];
    for (let start = 0; start < behind.length; start += concurrency) {
      const some = behind.slice(start, start + concurrency).map((stream) => this.show(stream, newest.get(stream)));
      for (const result of await Promise.all(some)) {
        if ('error' in result) parked.push(result);
        else rows.push(result);
      }
    }
    const recordedAt = events.at(-1)?.recordedAt;
    const by = { position: upTo, events: events.length, recordedAt, atHead, rate: this.rate.now };
    const reached = await inRepeatableWork(this.pool, async (client) => {
      const moved = await advance(client, from, by);
      await writeInlineRows(client, this.table, rows);
      await park(client, this.model, parked);
      return moved;
    });
    this.rate.add(events.length);
    for (const event of parked) this.alarm(event);
    return reached;
  }

  private async park(from: Checkpoint, position: Position, event: ParkedEvent): Promise<Checkpoint> {
    const by = { position, events: 0, recordedAt: undefined, atHead: false, rate: this.rate.now };
    const reached = await inTransaction(this.pool, async (client) => {
      await park(client, this.model, [event]);
      return advance(client, from, by);
    });
    this.alarm(event);
    return reached;
  }

  /** The row that has to stand, or what stands against it. */
  private async show(stream: StreamName, newest: Recorded | undefined): Promise<InlineRow | ParkedEvent> {
    try {
      return await this.fold(stream);
    } catch (error) {
      if (error instanceof UnknownEventType) throw error;
      if (error instanceof UnreadableEvent) return parkedUnread(error);
      if (error instanceof TypeError && newest !== undefined) return parkedFor(newest, failureName(error));
      throw error;
    }
  }

  private async fold(stream: StreamName): Promise<InlineRow> {
    const { category, tenant, id } = parseStreamName(stream);
    const { state, revision } = await this.states.load(category, stream);
    return inlineRow(this.inline, tenant, id, state, revision);
  }
}
