import { cropImage, resizeImage, type RgbImage } from '@opposable/drawing';
import { ConfigError, type Rng } from '@opposable/tensor-checks';
import type { Range } from '../settings/types.js';

/**
 * A random part of a random image, mirrored half of the time.
 *
 * @param crop its height over the largest that fits
 */
export function photoBackground(
  rng: Rng,
  images: readonly RgbImage[],
  { width, height, crop }: { readonly width: number; readonly height: number; readonly crop: Range },
): RgbImage {
  if (images.length === 0)
    throw new ConfigError('synthesizeHand: expected backgrounds with at least one image, got none.');
  const image = rng.pick(images);
  const aspect = width / height;
  const largest = Math.min(image.height, image.width / aspect);
  const cropHeight = Math.max(1, Math.floor(rng.uniform(...crop) * largest));
  const cropWidth = Math.max(1, Math.min(image.width, Math.round(cropHeight * aspect)));
  const x = rng.integer(0, image.width - cropWidth);
  const y = rng.integer(0, image.height - cropHeight);
  const background = resizeImage(cropImage(image, { x, y, width: cropWidth, height: cropHeight }), width, height);
  if (rng.uniform() < 0.5) return background;
  const data = new Uint8Array(background.data.length);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const from = (row * width + width - 1 - column) * 3;
      data.set(background.data.subarray(from, from + 3), (row * width + column) * 3);
    }
  }
  return { width, height, data };
}
