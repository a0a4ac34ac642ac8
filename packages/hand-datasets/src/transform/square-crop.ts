import { datasetError } from '../dataset-error.js';
import type { ImageSize } from './move-annotation.js';
import type { Crop } from './resample-image.js';

export interface SquareCropOptions {
  /** Side of the square over the longer side of the keypoints' box. Default 2.2. */
  readonly factor?: number | undefined;
}

export const SQUARE_CROP_FACTOR = 2.2;

/** Start of the interval [start, start + side] around `mid`, in whole pixels, shifted to lie in [0, size − 1]. */
function startOf(mid: number, side: number, size: number): number {
  return Math.max(0, Math.min(Math.round(Math.max(0, mid - side / 2)), size - 1 - side));
}

/**
 * The square around a hand by the rule of 3dhand:
 *
 *     B = round(factor · longer side of the box of the labelled keypoints), at most the shorter side of the image − 1
 *     start = round(max(0, mid − B/2)), shifted back so that start + B stays inside
 *
 * @param keypoints [21, 2] pixels, x = column, y = row
 * @param visibility [21]; keypoints with 0 are not labelled and do not count
 * @param imageSize of the image in pixels
 * @returns the window in whole pixels, for `applyCrop`
 * @throws DatasetError if no keypoint is labelled, one is not finite, their box has no size or lies outside the image
 * @see Boukhayma et al., 3D Hand Shape and Pose from Images in the Wild, CVPR 2019 (released code)
 *
 * @example
 * squareCrop(Float64Array.of(100, 50, 150, 70), Uint8Array.of(2, 2), { width: 640, height: 480 });
 * // → { x: 70, y: 5, width: 110, height: 110 }
 */
export function squareCrop(
  keypoints: ArrayLike<number>,
  visibility: ArrayLike<number>,
  imageSize: ImageSize,
  options: SquareCropOptions = {},
): Crop {
  const factor = options.factor ?? SQUARE_CROP_FACTOR;
  const { width, height } = imageSize;
  if (!(factor > 0) || !Number.isFinite(factor)) {
    throw datasetError('squareCrop', `expected a positive factor, got ${factor}`, { expected: '> 0', actual: factor });
  }
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i < visibility.length; i++) {
    if (visibility[i] === 0) continue;
    const [u, v] = [keypoints[2 * i]!, keypoints[2 * i + 1]!];
    if (!Number.isFinite(u) || !Number.isFinite(v)) {
      throw datasetError('squareCrop', `expected finite keypoints, got (${u}, ${v}) at index ${i}`, {
        expected: 'finite',
        actual: [u, v],
      });
    }
    [left, top, right, bottom] = [Math.min(left, u), Math.min(top, v), Math.max(right, u), Math.max(bottom, v)];
  }
  const longer = Math.max(right - left, bottom - top);
  if (!(longer > 0)) {
    const found = longer === 0 ? `a box of size 0 at (${left}, ${top})` : 'no labelled keypoint';
    throw datasetError('squareCrop', `expected keypoints that span a box, got ${found}`, {
      expected: '> 0',
      actual: longer,
    });
  }
  if (right < 0 || bottom < 0 || left > width - 1 || top > height - 1) {
    throw datasetError(
      'squareCrop',
      `expected the keypoints' box to touch the ${width} × ${height} image, got x ${left} … ${right}, y ${top} … ${bottom}`,
    );
  }
  const side = Math.min(Math.round(factor * longer), Math.min(width, height) - 1);
  if (side < 1) {
    throw datasetError(
      'squareCrop',
      `expected a crop of at least one pixel, got ${side} from a box of ${longer} pixels in a ${width} × ${height} image`,
      { expected: '>= 1', actual: side },
    );
  }
  const x = startOf((left + right) / 2, side, width);
  const y = startOf((top + bottom) / 2, side, height);
  return { x, y, width: side, height: side };
}
