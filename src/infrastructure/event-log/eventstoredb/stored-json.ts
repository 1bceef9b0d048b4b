import {
  type AllStreamResolvedEvent,
  binaryEvent,
  type EventData,
  jsonEvent,
  type ResolvedEvent,
} from '@eventstore/db-client';
import type { EncodedEvent, StoredEvent } from '../log-engine.js';

type Json = Record<string, unknown>;

/** Before metadata that JSON would not give back, so that the client does not take it for JSON. */
const notJson = 0;

/**
 * The client writes data as JSON itself, and parses data and metadata when it reads. Whatever JSON.stringify wrote,
 * which is everything that the codec writes, comes back unchanged from that and is stored as JSON; other bytes are
 * stored as binary, so that every byte is kept. Nothing is handed to the client that it could not write: that would
 * leave an append pending for ever.
 */
export function proposalOf({ id, type, data, metadata }: EncodedEvent): EventData {
  const value = jsonOf(data);
  const guarded = jsonOf(metadata) === undefined ? Uint8Array.of(notJson, ...metadata) : Uint8Array.from(metadata);

  return value === undefined
    ? binaryEvent({ id, type, data, metadata: guarded })
    : jsonEvent({ id, type, data: value, metadata: guarded });
}

/** The JSON object or array that these bytes are, provided that writing it gives the same bytes. */
function jsonOf(bytes: Uint8Array): Json | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8'));
    return typeof value === 'object' && value !== null && bytesOf(value).equals(bytes) ? (value as Json) : undefined;
  } catch {
    return undefined;
  }
}

/** Undefined for what is not of the service: system events and links, and whatever else is in a shared database. */
export function storedOf(resolved: ResolvedEvent | AllStreamResolvedEvent): StoredEvent | undefined {
  const { event, link } = resolved;
  if (event === undefined || link !== undefined || event.metadata === undefined) return undefined;
  if (!isOurs(event.streamId, event.type)) return undefined;

  const { id, type, streamId, revision, data, metadata, created, position } = event;
  return {
    id,
    type,
    data: data instanceof Uint8Array ? data : bytesOf(data),
    metadata: metadata instanceof Uint8Array ? metadata.subarray(1) : bytesOf(metadata),
    stream: streamId,
    revision: Number(revision),
    position: position?.commit ?? resolved.commitPosition ?? 0n,
    recordedAt: created.toISOString(),
  };
}

const bytesOf = (value: unknown): Buffer => Buffer.from(JSON.stringify(value), 'utf8');

/** `<category>-<tenant>_<id>`; names and types with a leading `$` belong to EventStoreDB. */
const isOurs = (stream: string, type: string): boolean => !type.startsWith('$') && /^[^$-][^-]*-[^_]+_./.test(stream);
