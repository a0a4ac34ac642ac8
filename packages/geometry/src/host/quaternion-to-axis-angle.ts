/**
 * Axis-angle vector of a quaternion of any length, in the order w x y z; a negative w is turned into −q first.
 *
 * @param quaternion 4 numbers
 * @returns 3 numbers in radians, with a length in [0, π]
 */
export function quaternionToAxisAngle(quaternion: ArrayLike<number>): Float64Array {
  const sign = quaternion[0]! < 0 ? -1 : 1;
  const real = sign * quaternion[0]!;
  const v = Float64Array.of(sign * quaternion[1]!, sign * quaternion[2]!, sign * quaternion[3]!);
  const sine = Math.hypot(v[0]!, v[1]!, v[2]!);
  const factor = sine === 0 ? (real === 0 ? 0 : 2 / real) : (2 * Math.atan2(sine, real)) / sine;
  return v.map((value) => value * factor);
}
