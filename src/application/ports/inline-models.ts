import type { TenantId } from '../../domain/values.js';
import type { InlineRow } from './event-log.js';

/** Says which rows must stand for a stream whose state is known at a revision. */
export abstract class InlineModels {
  abstract rowsFor(
    category: string,
    tenant: TenantId,
    id: string,
    state: unknown,
    revision: number,
  ): readonly InlineRow[];
}
