import type { RgbImage } from '@opposable/drawing';
import { mirrorColumn } from '@opposable/keypoint-order';

/** The image as a mirror shows it: column u goes to W − 1 − u. */
export function mirrorImage({ width, height, data }: RgbImage): RgbImage {
  const out = new Uint8Array(data.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = (y * width + x) * 3;
      out.set(data.subarray(from, from + 3), (y * width + mirrorColumn(x, width)) * 3);
    }
  }
  return { width, height, data: out };
}
