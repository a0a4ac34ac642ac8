import { ShapeError } from '@opposable/tensor-checks';
import { nearestPoints } from './nearest-points.js';

/**
 * Carries the colours of a scan to another mesh that lies on it: every vertex takes the colour of the nearest scanned one.
 * The first step of the generator of 3dhand (Boukhayma et al., CVPR 2019).
 *
 * @param scan vertices [N, 3] and colors [N, 3]
 * @param vertices [V, 3], same unit and place as the scan
 * @returns colors [V, 3], and distances [V] to the vertices that they came from
 * @throws ShapeError if the scan has no vertex or not as many colours
 */
export function transferColors(
  scan: { readonly vertices: ArrayLike<number>; readonly colors: ArrayLike<number> },
  vertices: ArrayLike<number>,
): { readonly colors: Float64Array; readonly distances: Float64Array } {
  if (scan.vertices.length === 0 || scan.colors.length !== scan.vertices.length) {
    throw new ShapeError(
      `transferColors: expected as many colors as vertices of the scan, got ${scan.colors.length} and ${scan.vertices.length} numbers.`,
      { expected: scan.vertices.length, actual: scan.colors.length },
    );
  }
  const { indices, distances } = nearestPoints(scan.vertices, vertices);
  const colors = new Float64Array(vertices.length);
  indices.forEach((from, to) => {
    for (let c = 0; c < 3; c++) colors[3 * to + c] = scan.colors[3 * from + c]!;
  });
  return { colors, distances };
}
