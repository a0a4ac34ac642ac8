import type { Side } from '@opposable/mano-layer/conventions';
import type { HandSample } from '../types.js';
import { applyCrop } from './apply-crop.js';
import { mirrorSample } from './mirror-sample.js';
import type { Sampling } from './sampling-map.js';
import { reorderSample } from './reorder-sample.js';
import { SQUARE_CROP_FACTOR, squareCrop } from './square-crop.js';

export interface PrepareSampleOptions {
  /** Order of the keypoints. Default: the sample's own. */
  readonly keypointOrder?: string | undefined;
  /** The hand that the image shall show; the other one is mirrored. Default: the sample's own. */
  readonly side?: Side | undefined;
  /** Side of the square crop over the longer side of the keypoints' box. Default 2.2. */
  readonly cropFactor?: number | undefined;
  /** Side of the resulting image in pixels. Default 320. */
  readonly size?: number | undefined;
  /** Which position of the crop a pixel shows. Default 'half-pixel', which is exact; 'corners' as in 3dhand. */
  readonly sampling?: Sampling | undefined;
}

export const PREPARE_SAMPLE_DEFAULTS = { cropFactor: SQUARE_CROP_FACTOR, size: 320, sampling: 'half-pixel' } as const;

/** What the crop is around: the labelled keypoints, or the box where there is one or none (evaluation parts of HO-3D, FreiHAND). */
function spanOf({ keypoints, visibility, bbox }: HandSample): [points: ArrayLike<number>, labelled: ArrayLike<number>] {
  const [x, y, width, height] = bbox;
  const isAlone = visibility.reduce((count, value) => count + Math.min(value, 1), 0) <= 1;
  return isAlone
    ? [
        [x, y, x + width, y + height],
        [2, 2],
      ]
    : [keypoints, visibility];
}

/**
 * What every sample goes through before it is stored: reorder → mirror → square crop → resize, annotations included.
 *
 * @param sample a hand as a reader gives it
 * @returns a new sample of `size` × `size` pixels
 * @throws DatasetError if the keypoints span no usable box; KeypointOrderError for an unknown order
 *
 * @example
 * const prepared = prepareSample(sample, { keypointOrder: 'mano', side: 'right', size: 256 });
 */
export function prepareSample(sample: HandSample, options: PrepareSampleOptions = {}): HandSample {
  const reordered = reorderSample(sample, options.keypointOrder ?? sample.keypointOrder);
  const sided = options.side !== undefined && options.side !== reordered.side ? mirrorSample(reordered) : reordered;
  const factor = options.cropFactor ?? PREPARE_SAMPLE_DEFAULTS.cropFactor;
  const [points, labelled] = spanOf(sided);
  const crop = squareCrop(points, labelled, sided.image, { factor });
  const { size, sampling } = PREPARE_SAMPLE_DEFAULTS;
  return applyCrop(sided, crop, options.size ?? size, options.sampling ?? sampling);
}
