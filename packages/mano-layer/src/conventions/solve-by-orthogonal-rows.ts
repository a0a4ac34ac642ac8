import { ConfigError } from '@opposable/tensor-checks';

/**
 * Least squares of Σ_n x_n rows_n ≈ target by modified Gram–Schmidt, twice for accuracy.
 *
 * @param rows N vectors of equal length; overwritten
 * @param target of the same length
 * @param what names a row in the error, before its number
 * @returns [N]
 * @throws ConfigError if a row depends on the ones before it
 */
export function solveByOrthogonalRows(rows: Float64Array[], target: Float64Array, what: string): Float64Array {
  const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, k) => sum + value * b[k]!, 0);
  const triangle = rows.map(() => new Float64Array(rows.length));
  const rest = target.slice();
  const projections = new Float64Array(rows.length);
  rows.forEach((row, n) => {
    const before = Math.sqrt(dot(row, row));
    for (let pass = 0; pass < 2; pass++) {
      for (let m = 0; m < n; m++) {
        const share = dot(rows[m]!, row);
        triangle[m]![n]! += share;
        rows[m]!.forEach((value, k) => (row[k]! -= share * value));
      }
    }
    const length = Math.sqrt(dot(row, row));
    if (!(length > 1e-9 * before)) {
      throw new ConfigError(`${what} ${n} depends on the ones before it.`, { actual: n });
    }
    triangle[n]![n] = length;
    row.forEach((value, k) => (row[k] = value / length));
    projections[n] = dot(row, rest);
    row.forEach((value, k) => (rest[k]! -= projections[n]! * value));
  });
  const solution = new Float64Array(rows.length);
  for (let n = rows.length - 1; n >= 0; n--) {
    let sum = projections[n]!;
    for (let m = n + 1; m < rows.length; m++) sum -= triangle[n]![m]! * solution[m]!;
    solution[n] = sum / triangle[n]![n]!;
  }
  return solution;
}
