import { checkSample } from '../check-annotation.js';
import { datasetError } from '../dataset-error.js';
import type { HandSample } from '../types.js';
import { annotationOf, type ImageSize, moveAnnotation } from './move-annotation.js';
import { type Crop, resampleImage } from './resample-image.js';
import { type Sampling, samplingMap } from './sampling-map.js';

/**
 * Cuts a window out of a sample and resizes it; pixels and every annotation move by one map:
 *
 *     u' = (u − crop.x + 0.5) · width/crop.width − 0.5      and v likewise
 *
 * 2D keypoints, camera, box, mask and crop matrix move with it; 3D stays. `handParameters` move where that is exact
 * (square images, one scale for both axes) and are dropped otherwise.
 *
 * @param sample the hand
 * @param crop window in pixels of the sample's image; what lies outside the image becomes black and unmasked
 * @param sampling 'half-pixel' as above, or 'corners' as 3dhand samples: u' = (u − crop.x) · (width − 1)/crop.width
 * @param outputSize side of the square result, or its width and height, in pixels
 * @returns a new sample
 * @throws DatasetError if the window or the output has no size, or the sample is inconsistent
 *
 * @example
 * const crop = squareCrop(sample.keypoints, sample.visibility, sample.image);
 * const cropped = applyCrop(sample, crop, 256);
 */
export function applyCrop(
  sample: HandSample,
  crop: Crop,
  outputSize: number | ImageSize,
  sampling: Sampling = 'half-pixel',
): HandSample {
  checkSample(sample, 'applyCrop');
  const to = typeof outputSize === 'number' ? { width: outputSize, height: outputSize } : outputSize;
  const usable = Number.isInteger(to.width) && Number.isInteger(to.height) && to.width > 0 && to.height > 0;
  const { x, y, width, height } = crop;
  if (!usable || !(width > 0 && height > 0) || ![x, y, width, height].every(Number.isFinite)) {
    throw datasetError(
      'applyCrop',
      `expected a window and an output of positive size, got ${width} × ${height} at (${x}, ${y}) to ${to.width} × ${to.height}`,
      { expected: '> 0', actual: { crop, outputSize } },
    );
  }
  const { image, mask } = sample;
  const columns = samplingMap(x, width, to.width, sampling);
  const rows = samplingMap(y, height, to.height, sampling);
  const map = { scaleX: columns.scale, offsetX: columns.offset, scaleY: rows.scale, offsetY: rows.offset };
  return {
    ...moveAnnotation(annotationOf(sample), map, image, to),
    image: resampleImage(image, to, crop, sampling),
    mask: mask && resampleImage(mask, to, crop, sampling),
  };
}

/** The whole sample at another size: {@link applyCrop} with the window of the whole image. */
export function resizeSample(sample: HandSample, outputSize: number | ImageSize): HandSample {
  const { width, height } = sample.image;
  return applyCrop(sample, { x: 0, y: 0, width, height }, outputSize);
}
