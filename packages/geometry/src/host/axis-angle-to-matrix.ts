/**
 * Rotation matrix of an axis-angle vector (Rodrigues), exact at zero.
 *
 * @param axisAngle 3 numbers in radians
 * @returns 9 numbers, row-major, acting on column vectors
 */
export function axisAngleToMatrix(axisAngle: ArrayLike<number>): Float64Array {
  const [x, y, z] = [axisAngle[0]!, axisAngle[1]!, axisAngle[2]!];
  const squared = x * x + y * y + z * z;
  const half = Math.sqrt(squared) / 2;
  const sinc = half < 1e-8 ? 1 : Math.sin(half) / half;
  const a = sinc * Math.cos(half);
  const b = 0.5 * sinc * sinc;
  // prettier-ignore
  return Float64Array.of(
    1 - b * (y * y + z * z), b * x * y - a * z, b * x * z + a * y,
    b * x * y + a * z, 1 - b * (x * x + z * z), b * y * z - a * x,
    b * x * z - a * y, b * y * z + a * x, 1 - b * (x * x + y * y),
  );
}
