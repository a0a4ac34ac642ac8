import { BAR_ITZHACK } from './bar-itzhack.js';

/**
 * Unit quaternion of a rotation matrix, in the order w x y z with w >= 0.
 *
 * @param matrix 9 numbers, row-major; small deviations from orthogonality are projected away
 * @returns 4 numbers; at θ = π, where q and −q are both right, one of the two
 */
export function matrixToQuaternion(matrix: ArrayLike<number>): Float64Array {
  const products = new Float64Array(16); // 4qqᵀ
  for (let i = 0; i < 4; i++) products[i * 5] = 1;
  BAR_ITZHACK.forEach((row, entry) => row.forEach((factor, i) => (products[i]! += factor * matrix[entry]!)));
  let best = 0;
  for (let i = 1; i < 4; i++) if (products[i * 5]! > products[best * 5]!) best = i;
  const guess = products.subarray(best * 4, best * 4 + 4);
  const sign = guess[0]! < 0 ? -1 : 1;
  const quaternion = new Float64Array(4);
  for (let i = 0; i < 4; i++) for (let j = 0; j < 4; j++) quaternion[i]! += sign * products[i * 4 + j]! * guess[j]!;
  const length = Math.hypot(...quaternion);
  return quaternion.map((value) => value / length);
}
