import { createHash, createHmac } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type CommandContext, type Recorded, streamName } from '../../src/application/ports/event-log.js';
import type { KeyRef } from '../../src/application/ports/vault.js';
import { catalogue } from '../../src/domain/catalogue.js';
import type { Message } from '../../src/domain/decider.js';
import type { Instant, TenantId } from '../../src/domain/values.js';
import { EventCodec } from '../../src/infrastructure/event-log/codec.js';
import type { EncodedEvent } from '../../src/infrastructure/event-log/log-engine.js';
import type { UnreadableEvent } from '../../src/infrastructure/event-log/unreadable.js';
import { upcasters } from '../../src/infrastructure/event-log/upcasters.js';
import { uuidV5 } from '../../src/infrastructure/uuid.js';
import { BulkVault } from '../../src/infrastructure/vault/bulk-vault.js';
import { dataKey, Keyring, refName } from '../../src/infrastructure/vault/keyring.js';
import { inClear } from './in-clear.js';

/**
 * An event exactly as it was stored once, with what it said; a file in test/fixtures/events, never changed once
 * committed.
 */
export type Sample = Readonly<{
  type: string;
  version: number;
  stream: string;
  revision: number;
  id: string;
  metadata: string;
  data: string;
  event: unknown;
}>;

export const samplesFolder = fileURLToPath(new URL('../../../test/fixtures/events', import.meta.url));

const tenant = '01959f3a-0000-7000-8000-000000000001' as TenantId;
const revision = 3;
const context: CommandContext = {
  tenant,
  actor: { kind: 'system', id: 'samples' },
  commandId: '01959f3a-0000-7000-8000-00000000c0de',
  correlationId: '01959f3a-0000-7000-8000-00000000c0de',
  at: '2026-03-01T09:30:00.000Z' as Instant,
};

/** Every key exists and follows from its name, so that samples can be opened for ever. Protects nothing. */
class SampleVault extends BulkVault {
  async createTenant(): Promise<void> {}

  async createKey(): Promise<void> {}

  async destroyKey(): Promise<void> {
    throw new Error('sample keys last for ever');
  }

  async destroyTenant(): Promise<void> {
    throw new Error('sample keys last for ever');
  }

  async destroyAgain(): Promise<readonly KeyRef[]> {
    throw new Error('sample keys last for ever');
  }

  async ownersOf(): Promise<readonly []> {
    return [];
  }

  async keysToOpen(refs: readonly KeyRef[]): Promise<Keyring> {
    return new Keyring(
      new Map(
        refs.map((ref) => {
          const name = refName(ref);
          return [name, dataKey(name, uuidV5(tenant, name), createHash('sha256').update(name).digest())];
        }),
      ),
    );
  }

  async keysToSeal(refs: readonly KeyRef[]): Promise<Keyring> {
    return this.keysToOpen(refs);
  }

  async mac(_: TenantId, purpose: string, message: string): Promise<Uint8Array> {
    return createHmac('sha256', purpose).update(message).digest();
  }
}

const codec = new EventCodec(catalogue, upcasters, new SampleVault());

export async function encodeSample(event: Message): Promise<Sample> {
  const stream = streamName(event.type.split('.', 1)[0] ?? '', tenant, 'sample');
  const append = { stream, expectedRevision: revision - 1, events: [event], context, inline: [] };
  const [encoded] = await codec.encode(append);
  if (encoded === undefined) throw new Error('nothing was encoded');
  const { id, type, data, metadata } = encoded;
  const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');
  const { v: version } = JSON.parse(text(metadata)) as { v: number };
  return { type, version, stream, revision, id, metadata: text(metadata), data: text(data), event: inClear(event) };
}

export async function decodeSample({ stream, ...sample }: Sample): Promise<Recorded | UnreadableEvent> {
  const bytes: EncodedEvent = { ...sample, data: Buffer.from(sample.data), metadata: Buffer.from(sample.metadata) };
  const stored = { ...bytes, stream, revision: sample.revision, position: 1n, recordedAt: context.at };
  const [decoded] = await codec.decode([stored], () => 'samples.1' as Recorded['position']);
  if (decoded === undefined) throw new Error('nothing was decoded');
  return decoded;
}

export const sampleFile = (type: string, version: number): string => join(samplesFolder, `${type}.v${version}.json`);

export const readSamples = (): readonly Sample[] =>
  readdirSync(samplesFolder).map((name) => JSON.parse(readFileSync(join(samplesFolder, name), 'utf8')) as Sample);

/** Writes the samples of today's versions that are not there yet. @returns their files */
export async function writeMissingSamples(events: readonly Message[]): Promise<readonly string[]> {
  mkdirSync(samplesFolder, { recursive: true });
  const written: string[] = [];
  for (const event of events) {
    const sample = await encodeSample(event);
    const file = sampleFile(sample.type, sample.version);
    if (existsSync(file)) continue;
    writeFileSync(file, `${JSON.stringify(sample, undefined, 2)}\n`, { flag: 'wx' });
    written.push(file);
  }
  return written;
}
