import type { Columns, Rows } from '../../projections/projection.js';
import { type Change, thenIncrement, thenUpdate, thenUpsert } from './change.js';
import type { ModelTable } from './model-table.js';

export type Sweep =
  | Readonly<{ kind: 'updateWhere'; where: Columns; set: Columns }>
  | Readonly<{ kind: 'deleteWhere'; where: Columns }>;

/** At most one change per row, in any order; then the sweep. */
export type Phase = { readonly changes: Map<string, Change>; sweep?: Sweep };

/**
 * Collects what handlers do to a table and merges it by primary key. Where two changes cannot be said as one, a new phase begins, so
 * that the phases in order do what the calls in order said. Key values are compared as text: write them in one canonical form.
 */
export class RowChanges implements Rows {
  private current: Phase = { changes: new Map() };
  readonly phases: Phase[] = [this.current];

  constructor(private readonly table: Pick<ModelTable, 'name' | 'key' | 'defaults'>) {}

  insert(row: Columns): void {
    this.current.changes.set(this.identity(row), { kind: 'put', row: { ...row } });
  }

  upsert(key: Columns, columns: Columns): void {
    this.refuseKeys(columns);
    const first = (): Change => ({ kind: 'upsert', key, set: { ...columns } });
    this.compose(key, first, (before) => thenUpsert[before.kind](before as never, key, columns));
  }

  update(key: Columns, columns: Columns): void {
    this.refuseKeys(columns);
    if (Object.keys(columns).length === 0) return;

    const first = (): Change => ({ kind: 'update', key, set: { ...columns }, add: {} });
    this.compose(key, first, (before) => thenUpdate[before.kind](before as never, key, columns));
  }

  increment(key: Columns, column: string, by: number): void {
    const first = (): Change => ({ kind: 'update', key, set: {}, add: { [column]: by } });
    const { defaults } = this.table;
    this.compose(key, first, (before) => thenIncrement[before.kind](before as never, key, column, by, defaults));
  }

  delete(key: Columns): void {
    this.current.changes.set(this.identity(key), { kind: 'delete', key });
  }

  updateWhere(where: Columns, columns: Columns): void {
    if (Object.keys(columns).length > 0) this.sweep({ kind: 'updateWhere', where, set: columns });
  }

  deleteWhere(where: Columns): void {
    this.sweep({ kind: 'deleteWhere', where });
  }

  private compose(key: Columns, first: () => Change, then: (before: Change) => Change | undefined): void {
    const id = this.identity(key);
    const before = this.current.changes.get(id);
    const composed = before === undefined ? first() : then(before);
    if (composed === undefined) this.nextPhase();
    this.current.changes.set(id, composed ?? first());
  }

  private sweep(sweep: Sweep): void {
    this.current.sweep = sweep;
    this.nextPhase();
  }

  private nextPhase(): void {
    this.current = { changes: new Map() };
    this.phases.push(this.current);
  }

  private identity(key: Columns): string {
    let id = '';
    for (const column of this.table.key) {
      const value = key[column];
      if (value === undefined) throw new TypeError(`${this.table.name}: the key column ${column} is missing`);
      id += `${value}\u0000`;
    }
    return id;
  }

  private refuseKeys(columns: Columns): void {
    for (const column of this.table.key) {
      if (column in columns) throw new TypeError(`${this.table.name}: the key column ${column} must not change`);
    }
  }
}
