import pg from 'pg';
import type { EngineFilter, EnginePage, StoredEvent } from '../log-engine.js';
import { GatheredQuestions, looksAtDatabase } from '../../gathered-questions.js';
import { asText, type ByteForm, type EventRow, eventColumns, storedEvents } from './stored-rows.js';

type Value = string | number;
type Statement = Readonly<{ name?: string; text: string; values?: readonly (Value | readonly Value[])[] }>;
/** Events of one stream, from a revision on. */
type Question = Readonly<{ stream: string; from: number; max: number }>;
type Direction = 'asc' | 'desc';
/** Positions after the first and up to the second. */
type Range = readonly [after: bigint, upTo: bigint];

/** So that no statement looks at more positions than it can within its time, however few of them match. */
const windowSize = 1_000_000n;
const characterNotInRepertoire = '22021';

const streamsAtOnce = { looks: looksAtDatabase, size: 64, mayBeOneAlone: () => false };

/** Reads of the log. Positions are dense and appear in their order, so whatever a read sees is everything up to its last position. */
export class LogReads {
  /** Some position that the log has reached, so that its head is not looked for in old segments. */
  private floor = 0n;
  /** Every command confirms the heads of its streams: commands that do so at the same time share the statement. */
  private readonly streams: GatheredQuestions<Question, readonly StoredEvent[]>;

  constructor(private readonly pool: pg.Pool) {
    this.streams = new GatheredQuestions((questions) => this.readMany(questions), streamsAtOnce);
  }

  read(stream: string, from: number, max: number): Promise<readonly StoredEvent[]> {
    return this.streams.ask({ stream, from, max });
  }

  async readBackwards(stream: string, max: number): Promise<readonly StoredEvent[]> {
    return this.events((form) => ({
      name: `log_read_backwards_${form}`,
      text: `${streamEvents(form)} and event.revision > streams.revision - $2 order by event.revision desc`,
      values: [stream, max],
    }));
  }

  async readAll(after: bigint, max: number, filter: EngineFilter = {}): Promise<EnginePage> {
    const head = await this.head();
    let events: readonly StoredEvent[] = [];
    for (let from = after; from < head && events.length < max; from += windowSize) {
      const window: Range = [from, min(head, from + windowSize)];
      events = events.concat(await this.select(window, 'asc', max - events.length, filter));
    }
    const upTo = events.length < max ? head : (events.at(-1)?.position ?? after);

    return { events, upTo, atHead: upTo === head };
  }

  async readAllBackwards(before: bigint | undefined, max: number, filter: EngineFilter = {}): Promise<EnginePage> {
    const head = await this.head();
    let events: readonly StoredEvent[] = [];
    for (
      let to = before === undefined ? head : min(head, before - 1n);
      to > 0n && events.length < max;
      to -= windowSize
    ) {
      events = events.concat(await this.select([to - windowSize, to], 'desc', max - events.length, filter));
    }
    const upTo = events.length < max ? 0n : (events.at(-1)?.position ?? before ?? head);

    return { events, upTo, atHead: upTo === head };
  }

  async head(): Promise<bigint> {
    const head = (await this.lastPosition(this.floor)) ?? (await this.lastPosition(0n)) ?? 0n;
    this.floor = head;

    return head;
  }

  private async readMany(questions: readonly Question[]): Promise<readonly (readonly StoredEvent[])[]> {
    const [form, rows] = await this.rows((wanted) => manyStreams(wanted, questions));
    const found: StoredEvent[][] = questions.map(() => []);
    for (const [index, event] of storedEvents(form, rows).entries()) found[Number(rows[index]?.[8]) - 1]?.push(event);

    return found;
  }

  private async lastPosition(floor: bigint): Promise<bigint | undefined> {
    const { rows } = await this.pool.query<{ position: string }>({
      name: 'log_head',
      text: 'select position from events where position >= $1 order by position desc limit 1',
      values: [floor.toString()],
    });

    return rows[0] && BigInt(rows[0].position);
  }

  private select(
    range: Range,
    direction: Direction,
    max: number,
    filter: EngineFilter,
  ): Promise<readonly StoredEvent[]> {
    const unfiltered = filter.categories === undefined && filter.tenant === undefined;

    return this.events((form) =>
      unfiltered ? everything(form, range, direction, max) : matching(form, range, direction, max, filter),
    );
  }

  private async events(statement: (form: ByteForm) => Statement): Promise<readonly StoredEvent[]> {
    return storedEvents(...(await this.rows(statement)));
  }

  private async rows(
    statement: (form: ByteForm) => Statement,
  ): Promise<readonly [form: ByteForm, rows: readonly EventRow[]]> {
    try {
      return ['utf8', await this.inForm(statement('utf8'))];
    } catch (error) {
      if (!(error instanceof pg.DatabaseError) || error.code !== characterNotInRepertoire) throw error;

      return ['hex', await this.inForm(statement('hex'))];
    }
  }

  private async inForm({ values = [], ...query }: Statement): Promise<readonly EventRow[]> {
    const { rows } = await this.pool.query<[...EventRow]>({
      ...query,
      values: [...values],
      rowMode: 'array',
      types: asText,
    });

    return rows;
  }
}

/** Between origin and last position, so that only the segments that can hold the stream are looked at. */
const streamEvents = (form: ByteForm, stream = '$1'): string =>
  `select ${eventColumns(form)} from streams join events event
       on event.origin = streams.origin and event.position between streams.origin and streams.last_position
    where streams.stream = ${stream}`;

/** The order of revisions is that of the index; no statement sorts. */
const manyStreams = (form: ByteForm, questions: readonly Question[]): Statement => ({
  name: `log_read_many_${form}`,
  text: `select found.*, asked.number
           from unnest($1::text[], $2::bigint[], $3::bigint[]) with ordinality as asked(stream, first, most, number)
           cross join lateral (
             ${streamEvents(form, 'asked.stream')} and event.revision >= asked.first and event.revision < asked.first + asked.most
              order by event.revision limit asked.most) as found`,
  values: [questions.map(({ stream }) => stream), questions.map(({ from }) => from), questions.map(({ max }) => max)],
});

const everything = (form: ByteForm, [after, upTo]: Range, direction: Direction, max: number): Statement => ({
  name: `log_all_${direction}_${form}`,
  text: `select ${eventColumns(form)} from events event
          where event.position > $1 and event.position <= $2 order by event.position ${direction} limit $3`,
  values: [after.toString(), upTo.toString(), max],
});

/** Not prepared: which index is best depends on how frequent these categories and this tenant are. */
function matching(
  form: ByteForm,
  [after, upTo]: Range,
  direction: Direction,
  max: number,
  filter: EngineFilter,
): Statement {
  const { categories, tenant } = filter;
  const conditions = [`event.position > ${after}`, `event.position <= ${upTo}`];
  if (categories !== undefined) conditions.push(`event.category = any(${textArray(categories)})`);
  if (tenant !== undefined) conditions.push(`event.tenant = ${pg.escapeLiteral(tenant)}`);

  return {
    text: `select ${eventColumns(form)} from events event
            where ${conditions.join(' and ')} order by event.position ${direction} limit ${max}`,
  };
}

const textArray = (items: readonly string[]): string =>
  `array[${items.map((item) => pg.escapeLiteral(item)).join(', ')}]::text[]`;

const min = (left: bigint, right: bigint): bigint => (left < right ? left : right);
