import type pg from 'pg';
import { type InlineRow, parseStreamName, type StreamName } from '../../application/ports/event-log.js';
import type { StreamStates } from '../../application/ports/stream-states.js';
import { type AnyInlineModel, inlineRow } from '../inline-models.js';
import { inTransaction } from '../transaction.js';
import type { Difference } from './comparison.js';
import { writeInlineRows } from './inline-rows.js';
import { type ModelTable, qualified } from './model-table.js';

/** Rows that are looked at together: few, so that few of them move meanwhile. */
const atOnce = 64;
/** How often a row is looked at before it counts as different. */
const looks = 12;

type Look = { key: string; held: number | null; built: number | null; equal: boolean };

/** Decides about inline rows that were of two revisions when they were compared, because they move all the time. */
export class InlineSettling {
  constructor(
    private readonly pool: pg.Pool,
    private readonly states: StreamStates,
  ) {}

  /** Folds the rows again and compares, until both are of one revision. */
  async settle(
    model: AnyInlineModel,
    live: ModelTable,
    folded: ModelTable,
    keys: readonly string[],
  ): Promise<readonly Difference[]> {
    const differences: Difference[] = [];
    let unsettled = keys;
    for (let look = 1; unsettled.length > 0; look += 1) {
      const moving: string[] = [];
      for (let start = 0; start < unsettled.length; start += atOnce) {
        for (const { key, held, built, equal } of await this.look(
          model,
          live,
          folded,
          unsettled.slice(start, start + atOnce),
        )) {
          if (held === built && equal) continue;
          if (held !== built && look < looks) moving.push(key);
          else differences.push({ key: JSON.stringify([key]), kind: kindOf(held, built) });
        }
      }
      unsettled = moving;
    }
    return differences;
  }

  private async look(
    model: AnyInlineModel,
    live: ModelTable,
    folded: ModelTable,
    keys: readonly string[],
  ): Promise<readonly Look[]> {
    const rows = await Promise.all(keys.map((key) => this.fold(model, `${model.category}-${key}` as StreamName)));
    await inTransaction(this.pool, (client) => writeInlineRows(client, folded, rows.flat()));
    const { rows: looked } = await this.pool.query<Look>(
      `SELECT key, held.revision AS held, built.revision AS built, coalesce(held::text = built::text, false) AS equal
         FROM unnest($1::text[]) AS key
         LEFT JOIN ${qualified(live)} held USING (key) LEFT JOIN ${qualified(folded)} built USING (key)`,
      [keys],
    );
    return looked;
  }

  /** Nothing where there is no such stream. */
  private async fold(model: AnyInlineModel, stream: StreamName): Promise<readonly InlineRow[]> {
    const { category, tenant, id } = parseStreamName(stream);
    const { state, revision } = await this.states.load(category, stream);
    return revision < 0 ? [] : [inlineRow(model, tenant, id, state, revision)];
  }
}

function kindOf(held: number | null, built: number | null): Difference['kind'] {
  if (held === null) return 'missing';
  return built === null ? 'extra' : 'different';
}
