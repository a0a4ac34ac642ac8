const clamp01 = (value: number): number => (value < 0 ? 0 : value > 1 ? 1 : value);
const FLAT = 1e-12;

/**
 * Distance of two segments in space, given by their ends as six numbers each; a segment of length 0 is a point.
 *
 * The nearest points P + s·u and Q + t·v solve the two linear equations of the lines, cut to 0 … 1 and solved again.
 */
export function segmentDistance(a: ArrayLike<number>, i: number, b: ArrayLike<number>, j: number): number {
  const ux = a[i + 3]! - a[i]!;
  const uy = a[i + 4]! - a[i + 1]!;
  const uz = a[i + 5]! - a[i + 2]!;
  const vx = b[j + 3]! - b[j]!;
  const vy = b[j + 4]! - b[j + 1]!;
  const vz = b[j + 5]! - b[j + 2]!;
  const wx = a[i]! - b[j]!;
  const wy = a[i + 1]! - b[j + 1]!;
  const wz = a[i + 2]! - b[j + 2]!;
  const uu = ux * ux + uy * uy + uz * uz;
  const vv = vx * vx + vy * vy + vz * vz;
  const uv = ux * vx + uy * vy + uz * vz;
  const uw = ux * wx + uy * wy + uz * wz;
  const vw = vx * wx + vy * wy + vz * wz;
  const determinant = uu * vv - uv * uv;
  let s = determinant > FLAT * uu * vv ? clamp01((uv * vw - vv * uw) / determinant) : 0;
  const t = vv > FLAT ? clamp01((uv * s + vw) / vv) : 0;
  s = uu > FLAT ? clamp01((uv * t - uw) / uu) : 0;
  const dx = wx + s * ux - t * vx;
  const dy = wy + s * uy - t * vy;
  const dz = wz + s * uz - t * vz;
  return Math.sqrt(dx * dx + dy * dy + dz * dz);
}
