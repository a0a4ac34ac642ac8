import type { GrayImage, RgbImage } from '@opposable/drawing';
import { checkSample } from '../check-annotation.js';
import type { HandSample } from '../types.js';
import { annotationOf, moveAnnotation } from './move-annotation.js';

function mirrorImage<T extends RgbImage | GrayImage>(image: T): T {
  const { width, height } = image;
  const channels = image.data.length / (width * height);
  const data = new Uint8Array(image.data.length);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const from = (row * width + column) * channels;
      const to = (row * width + width - 1 - column) * channels;
      for (let channel = 0; channel < channels; channel++) data[to + channel] = image.data[from + channel]!;
    }
  }
  return { ...image, data };
}

/**
 * Mirrors a sample left to right: a left hand becomes a right one and the other way round.
 *
 *     u' = W − 1 − u      cx' = W − 1 − cx      X' = −X      side and isMirrored flip
 *
 * MANO poses in axis-angle are mirrored by diag(−1, 1, 1); pose coefficients and `handParameters` have no exact mirror
 * and are dropped.
 *
 * @returns a new sample; mirroring it again gives the first one back
 * @throws DatasetError if the sample is inconsistent
 */
export function mirrorSample(sample: HandSample): HandSample {
  checkSample(sample, 'mirrorSample');
  const { image, mask } = sample;
  const map = { scaleX: -1, offsetX: image.width - 1, scaleY: 1, offsetY: 0 };
  return {
    ...moveAnnotation(annotationOf(sample), map, image, image),
    image: mirrorImage(image),
    mask: mask && mirrorImage(mask),
  };
}
