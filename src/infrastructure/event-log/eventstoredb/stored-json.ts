import { type AllStreamResolvedEvent, type JSONEventData, jsonEvent, type ResolvedEvent } from '@eventstore/db-client';
import type { EncodedEvent, StoredEvent } from '../log-engine.js';

type Json = Record<string, unknown>;

const textOf = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8');
const bytesOf = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value), 'utf8');

/**
 * The client turns data into JSON itself and parses it, metadata too, when it reads. So that stored bytes are exactly the given ones,
 * only JSON objects are accepted that come back unchanged from parsing and writing: whatever JSON.stringify wrote does.
 * @throws TypeError for other bytes
 */
export function proposalOf({ id, type, data, metadata }: EncodedEvent): JSONEventData {
  return jsonEvent({
    id,
    type,
    data: exactly(data, type),
    metadata: exactly(metadata, type),
  });
}

function exactly(bytes: Uint8Array, type: string): Json {
  const text = textOf(bytes);
  const value = parse(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value) || JSON.stringify(value) !== text) {
    throw new TypeError(`${type}: the bytes are no JSON object as JSON.stringify writes it`);
  }
  return value as Json;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Undefined for what is not of the service: system events and links, and whatever else is in a shared database. */
export function storedOf(resolved: ResolvedEvent | AllStreamResolvedEvent): StoredEvent | undefined {
  const { event, link } = resolved;
  if (event === undefined || link !== undefined || !event.isJson || !isOurs(event.streamId, event.type))
    return undefined;

  const { id, type, streamId, revision, data, metadata, created, position } = event;
  return {
    id,
    type,
    data: bytesOf(data),
    metadata: metadata instanceof Uint8Array ? metadata : bytesOf(metadata ?? {}),
    stream: streamId,
    revision: Number(revision),
    position: position?.commit ?? resolved.commitPosition ?? 0n,
    recordedAt: created.toISOString(),
  };
}

/** `<category>-<tenant>_<id>`; names and types with a leading `$` belong to EventStoreDB. */
const isOurs = (stream: string, type: string): boolean => !type.startsWith('$') && /^[^$-][^-]*-[^_]+_./.test(stream);
