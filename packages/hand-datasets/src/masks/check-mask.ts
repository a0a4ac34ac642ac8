import type { GrayImage } from '@opposable/drawing';
import { skeleton } from '@opposable/keypoint-order';

/**
 * Bounds of what a hand's mask looks like. On true masks of 60 synthetic hands of any pose and orientation the area was
 * 0.64 to 1.43 of the skeleton drawn as wide as fingers are, and 98 % of the skeleton lay inside.
 */
export const MASK_BOUNDS = { area: [0.5, 1.8], skeletonInside: 0.8 } as const;

/** Width of a finger over the longer side of the box around the keypoints. */
const FINGER_WIDTH = 0.15;

const STEPS = 16;

/** Squared distance of a point to a segment. */
function squaredDistance(x: number, y: number, ax: number, ay: number, bx: number, by: number): number {
  const [dx, dy] = [bx - ax, by - ay];
  const length = dx * dx + dy * dy;
  const t = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / length));
  return (x - ax - t * dx) ** 2 + (y - ay - t * dy) ** 2;
}

/** What of a mask can be told from the skeleton alone. */
export interface MaskMeasures {
  /** Area over that of the skeleton drawn as wide as fingers are. */
  readonly area: number;
  /** Part of the skeleton's points in the image that lie in the mask. */
  readonly skeletonInside: number;
}

/**
 * @param mask not 0 on the hand
 * @param points 21 × [x, y] in the order 'mano', in pixels; NaN where not labelled
 */
export function measureMask(mask: GrayImage, points: Float64Array): MaskMeasures {
  const { width, height, data } = mask;
  const isLabelled = (k: number): boolean => !Number.isNaN(points[2 * k]);
  const bones = skeleton('mano').filter(([a, b]) => isLabelled(a) && isLabelled(b));
  const ends = bones.map(([a, b]) => [points[2 * a]!, points[2 * a + 1]!, points[2 * b]!, points[2 * b + 1]!] as const);
  const columns = ends.flatMap(([ax, , bx]) => [ax, bx]);
  const rows = ends.flatMap(([, ay, , by]) => [ay, by]);
  const side = Math.max(Math.max(...columns) - Math.min(...columns), Math.max(...rows) - Math.min(...rows));
  const radius = Math.max(1, (FINGER_WIDTH * side) / 2);

  let inMask = 0;
  for (const value of data) if (value > 0) inMask++;
  const covered = new Uint8Array(width * height);
  let [pointsInside, pointsInImage] = [0, 0];
  for (const [ax, ay, bx, by] of ends) {
    const [top, bottom] = [Math.max(0, Math.ceil(Math.min(ay, by) - radius)), Math.max(ay, by) + radius];
    const [left, right] = [Math.max(0, Math.ceil(Math.min(ax, bx) - radius)), Math.max(ax, bx) + radius];
    for (let y = top; y <= Math.min(height - 1, bottom); y++) {
      for (let x = left; x <= Math.min(width - 1, right); x++) {
        if (squaredDistance(x, y, ax, ay, bx, by) <= radius * radius) covered[y * width + x] = 1;
      }
    }
    for (let step = 0; step <= STEPS; step++) {
      const x = Math.trunc(ax + ((bx - ax) * step) / STEPS);
      const y = Math.trunc(ay + ((by - ay) * step) / STEPS);
      if (x < 0 || y < 0 || x >= width || y >= height) continue;
      pointsInImage++;
      if (data[y * width + x]! > 0) pointsInside++;
    }
  }
  const expected = covered.reduce((sum, value) => sum + value, 0);
  return { area: inMask / Math.max(1, expected), skeletonInside: pointsInside / Math.max(1, pointsInImage) };
}

/** @returns why the mask cannot be that of the hand, undefined if it can */
export function doubtMask(mask: GrayImage, points: Float64Array): string | undefined {
  const { area, skeletonInside } = measureMask(mask, points);
  if (area < MASK_BOUNDS.area[0]) return 'too small for the skeleton';
  if (area > MASK_BOUNDS.area[1]) return 'too large for the skeleton';
  if (skeletonInside < MASK_BOUNDS.skeletonInside) return 'beside the skeleton';
  return undefined;
}
