import { GUARD_BAND, type SampleProjection } from './screen-vertices.js';

/** A vertex in homogeneous sample coordinates with its depth. */
type HomogeneousVertex = readonly [columnW: number, rowW: number, w: number, z: number];

/** The side of a plane: positive is kept. */
type Distance = (vertex: HomogeneousVertex) => number;

const GUARD_PLANES: readonly Distance[] = [
  ([column, , w]) => column + GUARD_BAND * w,
  ([column, , w]) => GUARD_BAND * w - column,
  ([, row, w]) => row + GUARD_BAND * w,
  ([, row, w]) => GUARD_BAND * w - row,
];

function clipByPlane(polygon: readonly HomogeneousVertex[], distance: Distance): HomogeneousVertex[] {
  const kept: HomogeneousVertex[] = [];
  polygon.forEach((a, i) => {
    const b = polygon[(i + 1) % polygon.length]!;
    const da = distance(a);
    const db = distance(b);
    if (da >= 0) kept.push(a);
    if (da >= 0 !== db >= 0) {
      // always from the kept to the cut vertex: the two faces at an edge get the same point, so no gap opens
      const [inner, outer, t] = da >= 0 ? [a, b, da / (da - db)] : [b, a, db / (db - da)];
      kept.push(inner.map((value, k) => value + t * (outer[k]! - value)) as unknown as HomogeneousVertex);
    }
  });
  return kept;
}

/**
 * The part of a triangle behind the near plane and within the guard band: a convex polygon (Sutherland–Hodgman in homogeneous
 * coordinates).
 *
 * @param corners [3, 3] flat camera coordinates
 * @returns [P, 3] column, row and nearness, flat; P = 0 or at least 3
 */
export function clipPolygon(corners: readonly number[], projection: SampleProjection): number[] {
  const { matrix: m, perspective, near } = projection;
  const lift = (i: number): HomogeneousVertex => {
    const [x, y, z] = [corners[i]!, corners[i + 1]!, corners[i + 2]!];
    const row = (r: number) => m[r]! * x + m[r + 1]! * y + m[r + 2]! * z + m[r + 3]!;
    return [row(0), row(4), row(8), z];
  };
  let polygon: HomogeneousVertex[] = [lift(0), lift(3), lift(6)];
  const planes = perspective ? [([, , , z]: HomogeneousVertex) => z - near, ...GUARD_PLANES] : GUARD_PLANES;
  for (const plane of planes) polygon = clipByPlane(polygon, plane);
  if (polygon.length < 3) return [];
  return polygon.flatMap(([columnW, rowW, w, z]) => [columnW / w, rowW / w, perspective ? 1 / z : -z]);
}
