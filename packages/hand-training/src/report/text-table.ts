/** A table: first row the headings, first column the row names. */
export type TableRows = readonly (readonly string[])[];

/** The table with aligned columns for a console: the first column to the left, the others to the right. */
export function textTable(rows: TableRows): string {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, c) => Math.max(...rows.map((row) => (row[c] ?? '').length)));
  const line = (row: readonly string[]): string =>
    widths.map((width, c) => (c === 0 ? (row[c] ?? '').padEnd(width) : (row[c] ?? '').padStart(width))).join('  ');
  const ruler = widths.map((width) => '─'.repeat(width)).join('──');
  return rows.flatMap((row, i) => (i === 1 ? [ruler, line(row)] : [line(row)])).join('\n');
}
