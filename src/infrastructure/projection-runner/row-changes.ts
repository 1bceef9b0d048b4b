import type { Columns, ColumnValue, Rows } from '../../projections/projection.js';
import type { ModelTable } from './model-table.js';

type Mutable = Record<string, ColumnValue>;

/** What a batch does to one row, seen from before the batch. */
export type Change =
  | Readonly<{ kind: 'put'; row: Mutable }>
  | Readonly<{ kind: 'upsert'; key: Columns; set: Mutable }>
  | Readonly<{ kind: 'update'; key: Columns; set: Mutable; add: Record<string, number> }>
  | Readonly<{ kind: 'delete'; key: Columns }>;

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

  constructor(private readonly table: Pick<ModelTable, 'name' | 'key'>) {}

  insert(row: Columns): void {
    this.current.changes.set(this.identity(row), { kind: 'put', row: { ...row } });
  }

  upsert(key: Columns, columns: Columns): void {
    const id = this.checked(key, columns);
    const before = this.current.changes.get(id);
    if (before === undefined) this.put(id, { kind: 'upsert', key, set: { ...columns } });
    else if (before.kind === 'put') Object.assign(before.row, columns);
    else if (before.kind === 'upsert') Object.assign(before.set, columns);
    else if (before.kind === 'delete') this.put(id, { kind: 'put', row: { ...key, ...columns } });
    else this.afresh(id, { kind: 'upsert', key, set: { ...columns } });
  }

  update(key: Columns, columns: Columns): void {
    if (Object.keys(columns).length === 0) return;

    const id = this.checked(key, columns);
    const before = this.current.changes.get(id);
    if (before === undefined) this.put(id, { kind: 'update', key, set: { ...columns }, add: {} });
    else if (before.kind === 'put') Object.assign(before.row, columns);
    else if (before.kind === 'upsert') Object.assign(before.set, columns);
    else if (before.kind === 'update') {
      for (const column of Object.keys(columns)) delete before.add[column];
      Object.assign(before.set, columns);
    }
  }

  increment(key: Columns, column: string, by: number): void {
    const id = this.identity(key);
    const before = this.current.changes.get(id);
    if (before?.kind === 'delete') return;

    const known = before === undefined ? undefined : settled(before, column);
    if (typeof known === 'number' && before !== undefined) assign(before, column, known + by);
    else if (known === null) return;
    else if (before?.kind === 'update' && known === undefined) before.add[column] = (before.add[column] ?? 0) + by;
    else if (before === undefined) this.put(id, { kind: 'update', key, set: {}, add: { [column]: by } });
    else this.afresh(id, { kind: 'update', key, set: {}, add: { [column]: by } });
  }

  delete(key: Columns): void {
    this.put(this.identity(key), { kind: 'delete', key });
  }

  updateWhere(where: Columns, columns: Columns): void {
    if (Object.keys(columns).length === 0) return;

    this.sweep({ kind: 'updateWhere', where, set: columns });
  }

  deleteWhere(where: Columns): void {
    this.sweep({ kind: 'deleteWhere', where });
  }

  private put(id: string, change: Change): void {
    this.current.changes.set(id, change);
  }

  private afresh(id: string, change: Change): void {
    this.nextPhase();
    this.put(id, change);
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

  private checked(key: Columns, columns: Columns): string {
    for (const column of this.table.key) {
      if (column in columns) throw new TypeError(`${this.table.name}: the key column ${column} must not change`);
    }
    return this.identity(key);
  }
}

/** What the column holds once the change is done, or undefined where only the database knows. */
function settled(change: Exclude<Change, { kind: 'delete' }>, column: string): ColumnValue | undefined {
  return change.kind === 'put' ? change.row[column] : change.set[column];
}

function assign(change: Change, column: string, value: number): void {
  if (change.kind === 'put') change.row[column] = value;
  else if (change.kind !== 'delete') change.set[column] = value;
}
