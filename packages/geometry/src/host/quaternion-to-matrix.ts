/**
 * Rotation matrix of a quaternion of any length, in the order w x y z; the zero quaternion gives the identity.
 *
 * @param quaternion 4 numbers
 * @returns 9 numbers, row-major, acting on column vectors
 */
export function quaternionToMatrix(quaternion: ArrayLike<number>): Float64Array {
  const [w, x, y, z] = [quaternion[0]!, quaternion[1]!, quaternion[2]!, quaternion[3]!];
  const squared = w * w + x * x + y * y + z * z;
  const s = squared === 0 ? 0 : 2 / squared;
  // prettier-ignore
  return Float64Array.of(
    1 - s * (y * y + z * z), s * (x * y - w * z), s * (x * z + w * y),
    s * (x * y + w * z), 1 - s * (x * x + z * z), s * (y * z - w * x),
    s * (x * z - w * y), s * (y * z + w * x), 1 - s * (x * x + y * y),
  );
}
