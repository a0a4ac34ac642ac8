import { KeypointOrderError } from './errors.js';

/** Points as a list of rows `[[x, y], …]`, or flat and row-major. */
export type Points = Float32Array | Float64Array | readonly number[] | readonly (readonly number[])[];

/** What a function gives back for points: a new array of the same kind. */
export type SameKind<P extends Points> = P extends Float32Array
  ? Float32Array
  : P extends Float64Array
    ? Float64Array
    : P extends readonly number[]
      ? number[]
      : number[][];

const isNested = (points: Points): points is readonly (readonly number[])[] => Array.isArray(points[0]);

/**
 * Copies points into rows of equal length.
 *
 * @param dimension numbers per point of a flat array, or rows' length where it is known; undefined takes rows as they
 *   are and divides a flat array among `count` points
 */
export function toRows(
  points: Points,
  operation: string,
  { dimension, count }: { dimension?: number | undefined; count?: number | undefined },
): number[][] {
  const nested = isNested(points);
  const width = dimension ?? (nested ? points[0]!.length : points.length / (count ?? 0));
  const rows = nested
    ? points.map((row) => [...row])
    : Array.from({ length: Math.ceil(points.length / width) }, (_, i) =>
        Array.from(
          (points as ArrayLike<number> & { slice(a: number, b: number): ArrayLike<number> }).slice(
            i * width,
            (i + 1) * width,
          ),
        ),
      );
  const fits = Number.isInteger(width) && width > 0 && rows.every((row) => row.length === width);
  if (!fits || (count !== undefined && rows.length !== count)) {
    const expected = `${count ?? 'N'} points of ${dimension ?? 'the same number of'} coordinates`;
    const actual = nested
      ? `rows of ${[...new Set(points.map((row) => row.length))].join(', ')} numbers (${points.length} rows)`
      : `${points.length} numbers`;
    throw new KeypointOrderError(`${operation}: expected ${expected}, got ${actual}.`, { expected, actual });
  }
  return rows;
}

/** Rows in the form that `like` has. */
export function fromRows<P extends Points>(rows: readonly (readonly number[])[], like: P): SameKind<P> {
  const flat = rows.flat();
  if (like instanceof Float32Array) return Float32Array.from(flat) as SameKind<P>;
  if (like instanceof Float64Array) return Float64Array.from(flat) as SameKind<P>;
  return (isNested(like) ? rows : flat) as SameKind<P>;
}
