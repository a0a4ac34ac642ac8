import { copyImage, drawSkeleton, overlayMask, resizeImage, type RgbImage } from '@opposable/drawing';
import { skeleton } from '@opposable/keypoint-order';
import type { HandSample } from '../../types.js';

const MASK_COLOR = [60, 160, 255] as const;

/**
 * A sample as a person checks it: its picture with the mask in blue and the skeleton over it.
 *
 * @param size side of the result in pixels
 */
export function samplePicture(sample: HandSample, size: number): RgbImage {
  const { image, mask, keypoints, visibility, keypointOrder } = sample;
  const scale = size / Math.max(image.width, image.height);
  const [width, height] = [Math.round(image.width * scale), Math.round(image.height * scale)];
  const masked = mask ? overlayMask(image, mask, MASK_COLOR, 0.4) : copyImage(image);
  const picture = resizeImage(masked, width, height);
  const points = Float64Array.from(keypoints, (value, i) => {
    if (visibility[Math.floor(i / 2)] === 0) return NaN;
    return (value + 0.5) * (i % 2 === 0 ? width / image.width : height / image.height) - 0.5;
  });
  drawSkeleton(picture, points, { edges: skeleton(keypointOrder), visibility });
  return picture;
}
