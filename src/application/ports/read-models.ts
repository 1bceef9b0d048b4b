import type { TenantId } from '../../domain/values.js';

/**
 * Whether queries may answer from a read model: `building` until it has seen the whole log once, `parked` while events of the tenant
 * (or, asked without a tenant, of anyone) wait aside because a handler could not take them. Only `serving` may answer; the others are 503.
 */
export type Standing = 'serving' | 'building' | 'parked';

/** How the asynchronous read models are. */
export abstract class ReadModels {
  /** @throws where there is no read model (name without version) of that name */
  abstract standing(readModel: string, tenant?: TenantId): Promise<Standing>;
}
