import type { CustomTypesConfig } from 'pg';
import type { StoredEvent } from '../log-engine.js';

/**
 * How bytes leave PostgreSQL. The driver reads text only. Events are UTF-8, and as such they travel at a third of the cost of `hex`,
 * which is for bytes that damage has made something else.
 */
export type ByteForm = 'utf8' | 'hex';

/** The columns of an event, all as text, in this order; where several questions were asked together, the number of its question follows. */
export type EventRow = readonly [
  position: string,
  recordedAt: string,
  id: string,
  revision: string,
  stream: string,
  type: string,
  data: string,
  metadata: string,
  asked?: string,
];

const column: Readonly<Record<ByteForm, (name: string) => string>> = {
  utf8: (name) => `convert_from(${name}, 'UTF8')`,
  hex: (name) => `encode(${name}, 'hex')`,
};

export const eventColumns = (form: ByteForm): string =>
  `event.position, event.recorded_at, event.id, event.revision, event.stream, event.type,
   ${column[form]('event.data')}, ${column[form]('event.metadata')}`;

/** Leaves every value as the text that PostgreSQL sent. */
export const asText: CustomTypesConfig = { getTypeParser: () => (text: string) => text };

export function storedEvents(form: ByteForm, rows: readonly EventRow[]): readonly StoredEvent[] {
  // Events of one batch share their time, so most conversions can be saved.
  let lastText = '';
  let lastInstant = '';

  return rows.map(([position, recordedAt, id, revision, stream, type, data, metadata]) => {
    if (recordedAt !== lastText) {
      lastText = recordedAt;
      lastInstant = new Date(`${recordedAt.replace(' ', 'T')}:00`).toISOString();
    }
    return {
      id,
      type,
      data: Buffer.from(data, form),
      metadata: Buffer.from(metadata, form),
      stream,
      revision: Number(revision),
      position: BigInt(position),
      recordedAt: lastInstant,
    };
  });
}
