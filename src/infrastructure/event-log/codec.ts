import type { Append, Position, Recorded, StreamName } from '../../application/ports/event-log.js';
import { KeyMissing, type KeyRef, SealBroken } from '../../application/ports/vault.js';
import type { Message, RetentionClass } from '../../domain/decider.js';
import type { Instant } from '../../domain/values.js';
import { uuidV5 } from '../uuid.js';
import type { BulkVault } from '../vault/bulk-vault.js';
import type { Keyring } from '../vault/keyring.js';
import { type ClearPlace, detach, locate, type SealedPlace } from '../vault/sealed-json.js';
import { openPlaces, refsOf, sealPlaces } from '../vault/sealed-places.js';
import { type Envelope, readEnvelope, writeEnvelope } from './envelope.js';
import type { EncodedEvent, StoredEvent } from './log-engine.js';
import { LogCorrupt, type Place, UnknownEventType, UnreadableEvent } from './unreadable.js';
import { type StoredData, type Upcasters, upcast } from './upcasters.js';

/** What the program knows of an event type: the schema version it writes and how long the event is kept. */
export type EventTypes = Readonly<Record<string, Readonly<{ version: number; retention: RetentionClass }>>>;

type Draft = Readonly<{
  id: string;
  type: string;
  stream: string;
  revision: number;
  envelope: Envelope;
  json: object;
  places: readonly ClearPlace[];
}>;

type Parsed = Readonly<{
  stored: StoredEvent;
  envelope: Envelope;
  json: StoredData;
  places: readonly SealedPlace[];
}>;

/** Namespace of event ids: UUIDv5 over `<command id>|<stream>|<index within the command>`. */
export const eventIdNamespace = '6f0b3f2e-54c1-5d0a-9a53-0e2f7c1d84b6';

export const eventId = (commandId: string, stream: string, index: number): string =>
  uuidV5(eventIdNamespace, `${commandId}|${stream}|${index}`);

/** Binds a sealed value to its event; the value's path is appended. */
const eventAad = (
  tenant: string,
  { stream, revision, id, type }: Readonly<{ stream: string; revision: number; id: string; type: string }>,
  version: number,
): string => JSON.stringify([tenant, stream, revision, id, type, version]);

const textOf = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8');

function subjectsOf(event: Message): readonly string[] {
  const { user } = event as { user?: unknown };
  return typeof user === 'string' ? [user] : [];
}

function seal({ id, type, stream, revision, envelope, json, places }: Draft, keyring: Keyring): EncodedEvent {
  const aad = eventAad(envelope.tenant, { stream, revision, id, type }, envelope.v);
  sealPlaces(places, keyring, envelope.tenant, aad);
  const data = Buffer.from(JSON.stringify(json));
  return { id, type, data, metadata: writeEnvelope(envelope, { id, type, stream, revision, data }) };
}

/** A broken event must not keep its neighbours from being read. */
function attempt<T>(place: Place, work: () => T): T | UnreadableEvent {
  try {
    return work();
  } catch (error) {
    if (error instanceof UnreadableEvent) return error;
    // Only these messages are known to hold nothing of the data.
    const told = error instanceof SealBroken || error instanceof KeyMissing;
    return new LogCorrupt(place, told ? error.message : 'its data cannot be read', { cause: error });
  }
}

/** Turns domain events into stored bytes and back: seals at append, opens on read, brings old shapes up to date. */
export class EventCodec {
  constructor(
    private readonly types: EventTypes,
    private readonly upcasters: Upcasters,
    private readonly vault: BulkVault,
  ) {
    for (const [type, { version }] of Object.entries(types)) {
      const steps = upcasters[type]?.length ?? 0;
      if (steps !== version - 1) throw new Error(`${type} is at version ${version} and has ${steps} upcasters`);
    }
  }

  /**
   * @throws NotStorable for data that JSON would not give back, KeyMissing where a person or credential key does not
   * exist (any more), Error for an event type that is not in the catalogue
   */
  async encode(append: Append): Promise<readonly EncodedEvent[]> {
    const drafts = append.events.map((event, index) => this.draft(append, event, index));
    const { tenant } = append.context;
    const keyring = await this.vault.keysToSeal(drafts.flatMap(({ places }) => refsOf(tenant, places)));
    return drafts.map((draft) => seal(draft, keyring));
  }

  /**
   * Opens a page of events with one query for keys. An event that cannot be read is answered as the error in its place.
   */
  async decode(
    page: readonly StoredEvent[],
    positionOf: (position: bigint) => Position,
  ): Promise<readonly (Recorded | UnreadableEvent)[]> {
    const entries = page.map((stored) => {
      const { stream, revision } = stored;
      const place: Place = { stream, revision, position: positionOf(stored.position) };
      return { place, parsed: attempt(place, () => this.parse(stored, place)) };
    });
    const refs: KeyRef[] = [];
    for (const { parsed } of entries) {
      if (!(parsed instanceof UnreadableEvent)) refs.push(...refsOf(parsed.envelope.tenant, parsed.places));
    }
    const keyring = await this.vault.keysToOpen(refs);
    return entries.map(({ place, parsed }) =>
      parsed instanceof UnreadableEvent ? parsed : attempt(place, () => this.open(parsed, place.position, keyring)),
    );
  }

  private draft({ stream, expectedRevision, context }: Append, event: Message, index: number): Draft {
    const { type, ...data } = event;
    const known = this.types[type];
    if (known === undefined) throw new Error(`the event type ${type} is not in the catalogue`);
    const { json, places } = detach(data);
    const envelope: Envelope = {
      v: known.version,
      tenant: context.tenant,
      actor: context.actor,
      cmd: context.commandId,
      corr: context.correlationId,
      ...(context.causationId === undefined ? {} : { caus: context.causationId }),
      at: context.at,
      subjects: subjectsOf(event),
      retention: known.retention,
      ...(context.policyRevision === undefined ? {} : { pol: context.policyRevision }),
    };
    const id = eventId(context.commandId, stream, index);
    return { id, type, stream, revision: expectedRevision + 1 + index, envelope, json, places };
  }

  private parse(stored: StoredEvent, place: Place): Parsed {
    const envelope = readEnvelope(stored);
    if (envelope === undefined) throw new LogCorrupt(place, 'the leaf hash does not match the stored bytes');
    const current = this.types[stored.type]?.version;
    if (current === undefined || envelope.v > current) throw new UnknownEventType(place, stored.type, envelope.v);

    const json = JSON.parse(textOf(stored.data)) as StoredData;
    return { stored, envelope, json, places: locate(json) };
  }

  private open({ stored, envelope, json, places }: Parsed, position: Position, keyring: Keyring): Recorded {
    const { id, type, stream, revision, recordedAt } = stored;
    openPlaces(places, keyring, envelope.tenant, eventAad(envelope.tenant, stored, envelope.v));
    const data = upcast(this.upcasters[type] ?? [], envelope.v, json);
    return {
      event: { ...data, type },
      id,
      version: envelope.v,
      stream: stream as StreamName,
      revision,
      position,
      tenant: envelope.tenant,
      actor: envelope.actor,
      commandId: envelope.cmd,
      correlationId: envelope.corr,
      ...(envelope.caus === undefined ? {} : { causationId: envelope.caus }),
      ...(envelope.pol === undefined ? {} : { policyRevision: envelope.pol }),
      occurredAt: envelope.at,
      recordedAt: recordedAt as Instant,
      subjects: envelope.subjects,
      retention: envelope.retention,
    };
  }
}
