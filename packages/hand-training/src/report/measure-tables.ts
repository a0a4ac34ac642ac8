import type { Measure } from '../evaluation/protocols/types.js';
import type { TableRows } from './text-table.js';

/** The measures of one thing that was measured: a run. */
export interface MeasuredColumn {
  readonly name: string;
  readonly measures: readonly Measure[];
}

function digits({ unit, name }: Measure): number {
  if (name === 'hands') return 0;
  return unit === '' || unit === 'cm' ? 3 : 2;
}

const keyOf = ({ name, unit }: Measure): string => (unit === '' ? name : `${name}, ${unit}`);

/** Every measure that any column has, in order of first appearance. */
function keysOf(columns: readonly MeasuredColumn[]): Measure[] {
  const found = new Map<string, Measure>();
  for (const { measures } of columns) {
    for (const measure of measures) if (!found.has(keyOf(measure))) found.set(keyOf(measure), measure);
  }
  return [...found.values()];
}

function valueIn({ measures }: MeasuredColumn, key: Measure): number | undefined {
  return measures.find((measure) => keyOf(measure) === keyOf(key))?.value;
}

/** A row per measure, a column per run. */
export function measureTable(columns: readonly MeasuredColumn[], options: { detail: boolean }): TableRows {
  const keys = keysOf(columns).filter(({ detail = false }) => !detail || options.detail);
  const text = (value: number | undefined, key: Measure): string =>
    value === undefined || Number.isNaN(value) ? '–' : value.toFixed(digits(key));
  return [
    ['measure', ...columns.map(({ name }) => name)],
    ...keys.map((key) => [keyOf(key), ...columns.map((column) => text(valueIn(column, key), key))]),
  ];
}

/** The same in full precision, as RFC 4180 has it; what a run has not stays empty. */
export function measureCsv(columns: readonly MeasuredColumn[]): string {
  const cell = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const number = (value: number | undefined): string =>
    value === undefined || Number.isNaN(value) ? '' : String(value);
  const rows = [
    ['measure', 'unit', ...columns.map(({ name }) => name)],
    ...keysOf(columns).map((key) => [key.name, key.unit, ...columns.map((column) => number(valueIn(column, key)))]),
  ];
  return rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}
