import type { Columns, ColumnValue } from '../../projections/projection.js';

export type Mutable = Record<string, ColumnValue>;

/** What a batch does to one row, seen from before the batch. */
export type Change =
  /** The row is this, whatever it was. */
  | Readonly<{ kind: 'put'; row: Mutable }>
  | Readonly<{ kind: 'upsert'; key: Columns; set: Mutable }>
  /** Only where the row exists. */
  | Readonly<{ kind: 'update'; key: Columns; set: Mutable; add: Record<string, number> }>
  /** As `update` where the row exists; where it does not, a row of `key` and `create`. */
  | Readonly<{ kind: 'merge'; key: Columns; set: Mutable; add: Record<string, number>; create: Mutable }>
  | Readonly<{ kind: 'delete'; key: Columns }>;

type Of<Kind extends Change['kind']> = Extract<Change, { kind: Kind }>;

/** Numbers and nulls that new rows hold in columns they do not mention. */
export type Defaults = ReadonlyMap<string, number | null>;

type Composition<Extra extends readonly unknown[]> = {
  readonly [Kind in Change['kind']]: (before: Of<Kind>, key: Columns, ...extra: Extra) => Change | undefined;
};

/** The one change that does what `before` does and then the new one; undefined where none does. */
export const thenUpsert: Composition<[columns: Columns]> = {
  put: (before, _, columns) => ({ kind: 'put', row: Object.assign(before.row, columns) }),
  upsert: ({ set }, key, columns) => ({ kind: 'upsert', key, set: Object.assign(set, columns) }),
  update: (before, key, columns) => ({ kind: 'merge', key, ...overwritten(before, columns), create: { ...columns } }),
  merge: (before, key, columns) => ({
    kind: 'merge',
    key,
    ...overwritten(before, columns),
    create: Object.assign(before.create, columns),
  }),
  delete: (_, key, columns) => ({ kind: 'put', row: { ...key, ...columns } }),
};

export const thenUpdate: Composition<[columns: Columns]> = {
  ...thenUpsert,
  update: (before, key, columns) => ({ kind: 'update', key, ...overwritten(before, columns) }),
  delete: (before) => before,
};

export const thenIncrement: Composition<[column: string, by: number, defaults: Defaults]> = {
  put: ({ row }, _, column, by, defaults) => {
    const sum = added(row, column, by, defaults);
    return sum === undefined ? undefined : { kind: 'put', row: sum };
  },
  upsert: (before, key, column, by, defaults) => {
    const { set } = before;
    if (column in set) return raised(set, column, by) ? before : undefined;

    const create = added({ ...set }, column, by, defaults);
    return create === undefined ? undefined : increased({ kind: 'merge', key, set, add: {}, create }, column, by);
  },
  update: (before, _, column, by) => increased(before, column, by),
  merge: (before, _, column, by, defaults) => {
    const create = added({ ...before.create }, column, by, defaults);
    return create === undefined ? undefined : increased({ ...before, create }, column, by);
  },
  delete: (before) => before,
};

function overwritten(
  { set, add }: Readonly<{ set: Mutable; add: Record<string, number> }>,
  columns: Columns,
): { set: Mutable; add: Record<string, number> } {
  for (const column of Object.keys(columns)) delete add[column];
  return { set: Object.assign(set, columns), add };
}

/** The row of a creation after an increment; undefined where only the database knows what the column held. */
function added(row: Mutable, column: string, by: number, defaults: Defaults): Mutable | undefined {
  const held = column in row ? row[column] : defaults.get(column);
  if (held === null) return row;
  return typeof held === 'number' ? Object.assign(row, { [column]: held + by }) : undefined;
}

function increased<C extends Of<'update'> | Of<'merge'>>(before: C, column: string, by: number): C | undefined {
  if (column in before.set) return raised(before.set, column, by) ? before : undefined;

  before.add[column] = (before.add[column] ?? 0) + by;
  return before;
}

/** Whether the sum could be formed; null stays null, as in SQL. */
function raised(set: Mutable, column: string, by: number): boolean {
  const held = set[column];
  if (typeof held === 'number') set[column] = held + by;
  return typeof held === 'number' || held === null;
}
