import type { ApiKeyId, Instant, TenantId } from '../../domain/values.js';

/** Of one key: how often it was used, and when last, to within a second or two. */
export type ApiKeyUse = Readonly<{ count: number; lastAt: Instant }>;

/** `total`: all uses so far, these included. */
export type UnnotedUse = Readonly<{
  tenant: TenantId;
  key: ApiKeyId;
  count: number;
  total: number;
  from: Instant;
  to: Instant;
}>;

/** Counts what API keys are used for. It decides nothing, and costs a use no statement of its own. */
export abstract class ApiKeyUses {
  /** Counted in memory and written together with others within a second; a crash loses that second. */
  abstract note(tenant: TenantId, key: ApiKeyId, at: Instant): void;
  /** Resolves once everything noted so far is written, or given up. */
  abstract settled(): Promise<void>;
  abstract of(tenant: TenantId, keys: readonly ApiKeyId[]): Promise<ReadonlyMap<ApiKeyId, ApiKeyUse>>;
  /** Uses that no event tells of yet, taken so that no other instance tells of them, too. */
  abstract take(before: Instant, max: number): Promise<readonly UnnotedUse[]>;
}
