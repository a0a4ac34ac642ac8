/** What a surface has of its colour where it turns away from the viewer; the rest falls with the cosine. */
const AMBIENT = 0.45;

/** From the viewer: shades at two points between which, and beyond which, the shade is linear or stays. */
export interface ShadeGradient {
  readonly from: readonly [x: number, y: number];
  readonly to: readonly [x: number, y: number];
  /** At `from` the smallest, at `to` the largest. */
  readonly shades: readonly [number, number];
}

const at = (values: ArrayLike<number>, i: number): [number, number, number] => [
  values[3 * i]!,
  values[3 * i + 1]!,
  values[3 * i + 2]!,
];

/** (b − a) × (c − a): twice the triangle's area, along its outward normal for corners in the mesh's order. */
function crossOf(vertices: ArrayLike<number>, a: number, b: number, c: number): [number, number, number] {
  const [ax, ay, az] = at(vertices, a);
  const [bx, by, bz] = at(vertices, b);
  const [cx, cy, cz] = at(vertices, c);
  const [ux, uy, uz, vx, vy, vz] = [bx - ax, by - ay, bz - az, cx - ax, cy - ay, cz - az];
  return [uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx];
}

/**
 * How bright each vertex is under a light at the viewer: 0.45 + 0.55·max(0, −n_z), n the mean of its triangles' normals, weighted
 * by their areas (Gouraud 1971).
 *
 * @param vertices [V, 3], y down, z away from the viewer, in one unit: what is seen has normals with z < 0
 * @param faces [F, 3]
 * @returns [V]
 */
export function vertexShades(vertices: ArrayLike<number>, faces: ArrayLike<number>): Float32Array {
  const normals = new Float64Array(vertices.length);
  for (let f = 0; f < faces.length; f += 3) {
    const cross = crossOf(vertices, faces[f]!, faces[f + 1]!, faces[f + 2]!);
    for (let corner = 0; corner < 3; corner++) {
      for (let k = 0; k < 3; k++) normals[3 * faces[f + corner]! + k]! += cross[k]!;
    }
  }
  return Float32Array.from({ length: vertices.length / 3 }, (_, v) => {
    const [x, y, z] = at(normals, v);
    return AMBIENT + (1 - AMBIENT) * Math.max(0, -z / (Math.hypot(x, y, z) || 1));
  });
}

/** Whether the viewer sees the front of a triangle. */
export const isSeen = (vertices: ArrayLike<number>, a: number, b: number, c: number): boolean =>
  crossOf(vertices, a, b, c)[2] < 0;

/** The linear change of the shade over a triangle that is seen, as a canvas paints it; the mean shade where it hardly changes. */
export function shadeGradient(
  vertices: ArrayLike<number>,
  shades: ArrayLike<number>,
  [a, b, c]: readonly [number, number, number],
): ShadeGradient | number {
  const corners = [shades[a]!, shades[b]!, shades[c]!] as const;
  const [low, high] = [Math.min(...corners), Math.max(...corners)];
  const [ax, ay] = at(vertices, a);
  const [bx, by] = at(vertices, b);
  const [cx, cy] = at(vertices, c);
  const area = crossOf(vertices, a, b, c)[2];
  const [toB, toC] = [corners[1] - corners[0], corners[2] - corners[0]];
  const x = (toB * (cy - ay) - toC * (by - ay)) / area;
  const y = (toC * (bx - ax) - toB * (cx - ax)) / area;
  const squared = x * x + y * y;
  if (high - low < 0.004 || !Number.isFinite(squared)) return (corners[0] + corners[1] + corners[2]) / 3; // less than a step of 255
  const point = (shade: number): readonly [number, number] => {
    const way = (shade - corners[0]) / squared;
    return [ax + way * x, ay + way * y];
  };
  return { from: point(low), to: point(high), shades: [low, high] };
}
