import { skeleton } from '@opposable/keypoint-order';
import type { MaskSettings } from './mask-presets.js';
import type { Mat, OpenCv } from './opencv.js';

export const LABELS = { background: 0, hand: 1, probablyHand: 3 } as const;

/** Corners of the palm in the order 'mano': wrist with thumb, and with every two knuckles side by side. */
const PALM = [
  [0, 17, 18],
  [0, 17, 1],
  [0, 1, 5],
  [0, 5, 13],
  [0, 13, 9],
] as const;

/**
 * The labels that GrabCut starts from: bands around the bones are undecided, cores and the palm are hand, all else is
 * background. Bones are drawn from the last to the first, each band and then its core.
 *
 * That order is a finding: in the published masks of 3dhand pixels on the bones of some fingers are background, which
 * GrabCut never makes of a pixel that is hand for certain, so bands must have covered those cores. With all cores on top
 * the second published mask is met with an IoU of 0.72 to 0.89, depending on the seed; this way with 0.97.
 *
 * @param labels of the image's size, all background
 * @param points 21 × [x, y] in the order 'mano', whole numbers; NaN where not labelled
 */
export function drawLabels(cv: OpenCv, labels: Mat, points: Float64Array, side: number, settings: MaskSettings): void {
  const thicknessOf = (fraction: number): number => Math.max(1, Math.round(fraction * side));
  const [band, core] = [thicknessOf(settings.band), thicknessOf(settings.core)];
  const isLabelled = (k: number): boolean => !Number.isNaN(points[2 * k]);
  const bones = skeleton('mano').filter(([a, b]) => isLabelled(a) && isLabelled(b));
  const drawBone = ([a, b]: readonly [number, number], label: number, thickness: number): void => {
    const [from, to] = [a, b].map((k) => new cv.Point(points[2 * k]!, points[2 * k + 1]!));
    cv.line(labels, from!, to!, new cv.Scalar(label), thickness);
  };
  for (const bone of [...bones].reverse()) {
    drawBone(bone, LABELS.probablyHand, band);
    drawBone(bone, LABELS.hand, core);
  }
  if (settings.coresOverBands) for (const bone of bones) drawBone(bone, LABELS.hand, core);
  for (const corners of PALM) {
    if (!corners.every(isLabelled)) continue;
    const polygon = cv.matFromArray(
      corners.length,
      1,
      cv.CV_32SC2,
      corners.flatMap((k) => [points[2 * k]!, points[2 * k + 1]!]),
    );
    try {
      cv.fillConvexPoly(labels, polygon, new cv.Scalar(LABELS.hand));
    } finally {
      polygon.delete();
    }
  }
}
