import { createHash } from 'node:crypto';
import type { Actor } from '../../application/ports/event-log.js';
import type { TenantId } from '../../domain/values.js';

/** Namespace of Annal's command ids (RFC 9562 section 6.6); stored ids depend on it for ever. */
const namespace = Buffer.from('6f1d3a52c1b94c1e9d0e4b7a8f2c5d10', 'hex');

/** UUIDv5 (RFC 9562 section 5.5) of a list of parts; no two lists give the same name. */
export function uuidOf(parts: readonly string[]): string {
  const hash = createHash('sha1').update(namespace).update(JSON.stringify(parts)).digest().subarray(0, 16);
  hash.writeUInt8((hash.readUInt8(6) & 0x0f) | 0x50, 6);
  hash.writeUInt8((hash.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = hash.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

const actorParts: { readonly [Kind in Actor['kind']]: (actor: Extract<Actor, { kind: Kind }>) => readonly string[] } = {
  user: ({ tenant, id }) => ['user', tenant, id],
  client: ({ tenant, id }) => ['client', tenant, id],
  anonymous: () => ['anonymous'],
  system: ({ id }) => ['system', id],
};

/**
 * What an Idempotency-Key stands for: the same for the same caller and route, however often it is sent. `session` where the request is
 * about it: another session of the same person asks for something else.
 */
export function keyedRecord(tenant: TenantId, actor: Actor, route: string, key: string, session?: string): string {
  const parts = actorParts[actor.kind] as (actor: Actor) => readonly string[];
  return uuidOf([tenant, ...parts(actor), route, key, ...(session === undefined ? [] : [session])]);
}
