import type { Instant, TenantId } from '../../domain/values.js';
import type { KeyRef } from './vault.js';

/** A key that was destroyed, and when. It names no person but by the key's id. */
export type Erasure = KeyRef & Readonly<{ at: Instant }>;

/** Stands for everything of a tenant, the keys of people and credentials included. */
export const wholeTenant = (tenant: TenantId): KeyRef => ({ tenant, scope: 'tenant', id: tenant });

/**
 * Destroyed keys (erasures, replaced credentials), recorded outside the database: a restored backup brings keys back,
 * and the ledger says which of them must be destroyed again before anything is served.
 */
export abstract class ErasureLedger {
  /**
   * Durable when it returns. Recorded first, destroyed then: after a crash in between, applying the ledger destroys.
   */
  abstract record(erasures: readonly Erasure[]): Promise<void>;
  /** Every record, oldest first. @throws where a record is damaged */
  abstract read(): AsyncIterable<Erasure>;
}
