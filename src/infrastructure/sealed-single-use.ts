import { createHash } from 'node:crypto';
import type { NewSingleUse, SingleUseKind, SingleUsePayload } from '../application/ports/single-use.js';
import type { KeyRef, Vault } from '../application/ports/vault.js';
import type { Instant, TenantId } from '../domain/values.js';

/** An artefact as it is stored. Nothing in it gives the token, the code or the payload away. */
export type SealedSingleUse = Readonly<{
  tenant: TenantId;
  kind: SingleUseKind;
  eventId: string;
  subject: string;
  tokenHash?: Buffer;
  code?: Readonly<{ mac: Buffer; expiresAt: Instant; tries: number }>;
  payload: string;
  sealedFor: 'person' | 'tenant';
  keepOlder: boolean;
  expiresAt: Instant;
  at: Instant;
}>;

/** What a row says about its payload. */
export type StoredPayload = Readonly<{
  event_id: string;
  subject: string;
  payload: string;
  sealed_for: 'person' | 'tenant';
}>;

/** Characters of 62 that carry 160 bits. */
const shortestToken = 27;

/** A token has too many bits to be guessed from a plain hash (a code does not: see {@link codeMac}). */
export const tokenHash = (token: string): Buffer => createHash('sha256').update(token, 'utf8').digest();

/** Bound to kind and subject, so that neither a code nor a stored hash is of use anywhere else. */
export const codeMac = async (
  vault: Vault,
  { tenant, kind, subject, code }: Readonly<{ tenant: TenantId; kind: SingleUseKind; subject: string; code: string }>,
): Promise<Buffer> => Buffer.from(await vault.mac(tenant, 'single-use-code', JSON.stringify([kind, subject, code])));

/** @throws KeyMissing, RangeError */
export async function seal(vault: Vault, artefact: NewSingleUse): Promise<SealedSingleUse> {
  const { tenant, kind, subject, eventId, token, code, codeExpiresAt, maxTries } = artefact;
  if (token !== undefined && token.length < shortestToken) throw new RangeError('a token has at least 160 bits');
  if ((codeExpiresAt ?? '') > artefact.expiresAt) throw new RangeError('a code ends no later than what it belongs to');
  const clear = Buffer.from(JSON.stringify(artefact.payload), 'utf8');
  const { sealedFor, expiresAt, at, keepOlder = false } = artefact;
  const [payload, mac] = await Promise.all([
    vault.seal(keyOf(tenant, sealedFor, subject), clear, aad(tenant, kind, subject, eventId)),
    code === undefined ? undefined : codeMac(vault, { tenant, kind, subject, code }),
  ]);

  return {
    ...{ tenant, kind, eventId, subject, payload, sealedFor, keepOlder, expiresAt, at },
    ...(token !== undefined && { tokenHash: tokenHash(token) }),
    ...(mac && { code: { mac, expiresAt: codeExpiresAt ?? expiresAt, tries: maxTries ?? 1 } }),
  };
}

/** Undefined where the key was destroyed. @throws SealBroken */
export async function openPayload(
  vault: Vault,
  tenant: TenantId,
  kind: SingleUseKind,
  { event_id, subject, payload, sealed_for }: StoredPayload,
): Promise<SingleUsePayload | undefined> {
  const clear = await vault.open(keyOf(tenant, sealed_for, subject), payload, aad(tenant, kind, subject, event_id));

  return clear && (JSON.parse(Buffer.from(clear).toString('utf8')) as SingleUsePayload);
}

const keyOf = (tenant: TenantId, scope: 'person' | 'tenant', subject: string): KeyRef => ({
  tenant,
  scope,
  id: scope === 'person' ? subject : 'single-use',
});

const aad = (tenant: TenantId, kind: SingleUseKind, subject: string, eventId: string): string =>
  ['single-use', tenant, kind, subject, eventId].join('|');
