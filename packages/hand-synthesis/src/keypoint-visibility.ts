/** A keypoint counts as seen when at most this much more than its own flesh lies in front of it, in metres. */
const MARGIN_METRES = 0.012;
const RADII = 1.5;

/**
 * Which keypoints the picture shows. A joint lies inside the hand, so some flesh in front of it is its own: it is hidden
 * when the visible surface is nearer to the viewer by more than 1.5 times its distance to the nearest vertex plus 12 mm.
 *
 * @param keypoints3d [K, 3] metres, z away from the viewer
 * @param keypoints [K, 2] pixels
 * @param vertices [V, 3] metres, same frame
 * @param depth z of the surface per pixel, Infinity where there is none
 * @returns [K] 2 visible, 1 hidden
 */
export function keypointVisibility(
  keypoints3d: ArrayLike<number>,
  keypoints: ArrayLike<number>,
  vertices: ArrayLike<number>,
  depth: { readonly width: number; readonly height: number; readonly data: ArrayLike<number> },
): Uint8Array {
  return Uint8Array.from({ length: keypoints3d.length / 3 }, (_, k) => {
    const [x, y, z] = [keypoints3d[3 * k]!, keypoints3d[3 * k + 1]!, keypoints3d[3 * k + 2]!];
    const column = Math.min(depth.width - 1, Math.max(0, Math.round(keypoints[2 * k]!)));
    const row = Math.min(depth.height - 1, Math.max(0, Math.round(keypoints[2 * k + 1]!)));
    const cover = z - depth.data[row * depth.width + column]! - MARGIN_METRES;
    if (!(cover > 0)) return 2;
    const own = (cover / RADII) ** 2; // hidden if a vertex is nearer than this: so much flesh would not be its own
    for (let i = 0; i < vertices.length; i += 3) {
      const dx = vertices[i]! - x;
      const dy = vertices[i + 1]! - y;
      const dz = vertices[i + 2]! - z;
      if (dx * dx + dy * dy + dz * dz < own) return 1;
    }
    return 2;
  });
}
