import type { InlineRow } from '../application/ports/event-log.js';
import { InlineModels } from '../application/ports/inline-models.js';
import type { TenantId } from '../domain/values.js';
import { type InlineModel, tableName } from '../projections/projection.js';

export type AnyInlineModel = InlineModel<never>;

export const inlineRow = (
  model: AnyInlineModel,
  tenant: TenantId,
  id: string,
  state: unknown,
  revision: number,
): InlineRow => ({
  table: tableName(model),
  key: `${tenant}_${id}`,
  tenant,
  id,
  revision,
  // Sound because a model's category names the aggregate whose state it shows.
  columns: model.row(state as never),
});

/** The rows of whatever models are listed (src/projections/inline-models.ts). */
export class ListedInlineModels extends InlineModels {
  private readonly byCategory = new Map<string, AnyInlineModel[]>();

  constructor(models: readonly AnyInlineModel[]) {
    super();
    for (const model of models) {
      const siblings = this.byCategory.get(model.category) ?? [];
      this.byCategory.set(model.category, [...siblings, model]);
    }
  }

  override rowsFor(
    category: string,
    tenant: TenantId,
    id: string,
    state: unknown,
    revision: number,
  ): readonly InlineRow[] {
    return (this.byCategory.get(category) ?? []).map((model) => inlineRow(model, tenant, id, state, revision));
  }
}
