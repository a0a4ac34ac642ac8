import { ConfigError } from '@opposable/tensor-checks';

/** N vectors made orthonormal: row_n = Σ_m triangle[m][n] · orthonormal_m. */
export interface OrthogonalRows {
  readonly orthonormal: readonly Float64Array[];
  readonly triangle: readonly Float64Array[];
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k]! * b[k]!;
  return sum;
}

/**
 * Modified Gram–Schmidt, twice for accuracy.
 *
 * @param given N vectors of equal length
 * @param what names a row in the error, before its number
 * @throws ConfigError if a row depends on the ones before it
 */
export function orthogonalRows(given: readonly Float64Array[], what: string): OrthogonalRows {
  const orthonormal = given.map((row) => row.slice());
  const triangle = given.map(() => new Float64Array(given.length));
  orthonormal.forEach((row, n) => {
    const before = Math.sqrt(dot(row, row));
    for (let pass = 0; pass < 2; pass++) {
      for (let m = 0; m < n; m++) {
        const other = orthonormal[m]!;
        const share = dot(other, row);
        triangle[m]![n]! += share;
        for (let k = 0; k < row.length; k++) row[k]! -= share * other[k]!;
      }
    }
    const length = Math.sqrt(dot(row, row));
    if (!(length > 1e-9 * before)) {
      throw new ConfigError(`${what} ${n} depends on the ones before it.`, { actual: n });
    }
    triangle[n]![n] = length;
    for (let k = 0; k < row.length; k++) row[k]! /= length;
  });
  return { orthonormal, triangle };
}

/**
 * Least squares of Σ_n x_n row_n ≈ target.
 *
 * @param rows from `orthogonalRows`
 * @param target of the rows' length
 * @returns [N]
 */
export function solveByOrthogonalRows({ orthonormal, triangle }: OrthogonalRows, target: Float64Array): Float64Array {
  const rest = target.slice();
  const solution = new Float64Array(orthonormal.length);
  orthonormal.forEach((row, n) => {
    const share = dot(row, rest);
    solution[n] = share;
    for (let k = 0; k < rest.length; k++) rest[k]! -= share * row[k]!;
  });
  for (let n = solution.length - 1; n >= 0; n--) {
    let sum = solution[n]!;
    for (let m = n + 1; m < solution.length; m++) sum -= triangle[n]![m]! * solution[m]!;
    solution[n] = sum / triangle[n]![n]!;
  }
  return solution;
}
