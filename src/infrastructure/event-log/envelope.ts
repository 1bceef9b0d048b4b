import type { Actor } from '../../application/ports/event-log.js';
import type { RetentionClass } from '../../domain/decider.js';
import type { Instant, TenantId } from '../../domain/values.js';
import { type LeafInput, leafHash } from './leaf.js';

/** The metadata of a stored event, as JSON. Short names: they are stored with every event, for ever. */
export type Envelope = Readonly<{
  /** Schema version of the data. */
  v: number;
  tenant: TenantId;
  actor: Actor;
  /** Command, correlation and causation id. */
  cmd: string;
  corr: string;
  caus?: string;
  /** When it happened, as the command saw it. */
  at: Instant;
  subjects: readonly string[];
  retention: RetentionClass;
  /** Revision of the tenant's settings. */
  pol?: number;
}>;

const leafOpening = ',"leaf":"';
const base64Length = 44;
const suffixLength = leafOpening.length + base64Length + 2;

/** The envelope's JSON with the leaf hash as its last member. */
export function writeEnvelope(envelope: Envelope, event: Omit<LeafInput, 'metadata'>): Uint8Array {
  const text = JSON.stringify(envelope);
  const leaf = leafHash({ ...event, metadata: Buffer.from(text) }).toString('base64');
  return Buffer.from(`${text.slice(0, -1)}${leafOpening}${leaf}"}`);
}

/** The envelope, or undefined where its leaf hash does not match the event. */
export function readEnvelope(event: LeafInput): Envelope | undefined {
  const { metadata } = event;
  const end = metadata.length - suffixLength;
  if (end < 1) return undefined;
  const text = Buffer.from(metadata.buffer, metadata.byteOffset, metadata.length).toString('utf8', end);
  const bare = Buffer.allocUnsafe(end + 1);
  bare.set(metadata.subarray(0, end));
  bare.writeUInt8(0x7d, end);
  const leaf = leafHash({ ...event, metadata: bare }).toString('base64');
  return text === `${leafOpening}${leaf}"}` ? (JSON.parse(bare.toString('utf8')) as Envelope) : undefined;
}
