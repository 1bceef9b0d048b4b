import type { MessageContent, OutboxMessageId } from '../../application/ports/outbox.js';
import type { Vault } from '../../application/ports/vault.js';
import type { TenantId, UserId } from '../../domain/values.js';

/** Where a content belongs; bound to its ciphertext. */
export type Place = Readonly<{ id: OutboxMessageId; tenant: TenantId; user: UserId }>;

const aadOf = ({ id, tenant, user }: Place): string => `outbox|${tenant}|${user}|${id}`;
const keyOf = ({ tenant, user }: Place) => ({ tenant, scope: 'person' as const, id: user });

/** @throws KeyMissing where the person's key was destroyed */
export const sealContent = (vault: Vault, place: Place, content: MessageContent): Promise<string> =>
  vault.seal(keyOf(place), Buffer.from(JSON.stringify(content), 'utf8'), aadOf(place));

/** @returns undefined where the person's key was destroyed @throws SealBroken */
export async function openContent(vault: Vault, place: Place, sealed: string): Promise<MessageContent | undefined> {
  const clear = await vault.open(keyOf(place), sealed, aadOf(place));
  return clear && (JSON.parse(Buffer.from(clear).toString('utf8')) as MessageContent);
}

/** The same for the same address, and nothing to anybody without the tenant's keys. */
export async function laneOf(vault: Vault, tenant: TenantId, channel: string, to: string): Promise<string> {
  const digest = await vault.mac(tenant, 'outbox-lane', `${channel} ${to}`);
  return Buffer.from(digest).subarray(0, 16).toString('hex');
}
