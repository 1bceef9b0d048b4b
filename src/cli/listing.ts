type Row = Readonly<Record<string, unknown>>;

const cell = (value: unknown): string => {
  if (value === null || value === undefined) return '-';
  if (value instanceof Date) return value.toISOString();
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
};

/** Lines of a list: a table for somebody at a terminal, with the columns that fit there; NDJSON with everything for programs. */
export function listing(rows: readonly Row[], columns: readonly string[], isTerminal: boolean): readonly string[] {
  if (!isTerminal) return rows.map((row) => JSON.stringify(row));
  const lines = [columns, ...rows.map((row) => columns.map((column) => cell(row[column])))];
  const widths = columns.map((_, index) => Math.max(...lines.map((line) => line[index]?.length ?? 0)));
  return lines.map((line) =>
    line
      .map((text, index) => text.padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
