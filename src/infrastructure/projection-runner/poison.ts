import { parseStreamName, type Recorded, type StreamName } from '../../application/ports/event-log.js';
import type { UnreadableEvent } from '../event-log/unreadable.js';
import type { ParkedEvent } from './parking.js';

/** SQLSTATE classes that say the data is at fault: cardinality, data exception, integrity, syntax or access rule. Others are the server's state. */
const dataErrors = new Set(['21', '22', '23', '42']);

const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;

/** Errors of the operating system and the driver's own have codes that are no SQLSTATE, or come from the connection. */
const isSqlState = (code: string): boolean => /^[0-9A-Z]{5}$/.test(code);

/** Thrown by a handler, so the same event will always bring it back. */
export class HandlerFailed extends Error {
  constructor(readonly thrown: unknown) {
    super('a handler threw', { cause: thrown });
    this.name = 'HandlerFailed';
  }
}

/** Whether an event, and not the state of the world, made applying a page fail. */
export function isPoison(error: unknown): boolean {
  if (error instanceof HandlerFailed) return true;

  const code = codeOf(error);
  return code !== undefined && isSqlState(code) && dataErrors.has(code.slice(0, 2));
}

/** Names a failure without quoting it: messages of handlers and of the database may hold what the event held. */
export function failureName(error: unknown): string {
  const thrown = error instanceof HandlerFailed ? error.thrown : error;
  if (!(thrown instanceof Error)) return typeof thrown;

  const code = codeOf(thrown);
  const place = thrown.stack?.split('\n').find((line) => line.trimStart().startsWith('at '));
  const file = place?.match(/([^/\\]+:\d+):\d+\)?$/)?.[1];
  return [thrown.name, code, file === undefined ? undefined : `at ${file}`]
    .filter((part) => part !== undefined)
    .join(' ');
}

export const parkedFor = (recorded: Recorded, error: string): ParkedEvent => ({
  stream: recorded.stream,
  revision: recorded.revision,
  position: recorded.position,
  tenant: recorded.tenant,
  type: recorded.event.type,
  error,
});

export function parkedUnread(error: UnreadableEvent): ParkedEvent {
  const stream = error.stream as StreamName;
  return {
    stream,
    revision: error.revision,
    position: error.position,
    tenant: parseStreamName(stream).tenant,
    type: '',
    error: failureName(error),
  };
}
