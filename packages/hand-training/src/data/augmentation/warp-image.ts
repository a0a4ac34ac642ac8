import { scaleOf, type Similarity } from './similarity.js';

/** Pixels of any number of channels. */
export interface ByteImage {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/**
 * An image under a similarity, bilinear; where it shrinks, every output pixel is the mean of n² places, n the whole number
 * next to the shrink factor. What lies outside of the image is black.
 *
 * @param out [size, size, channels], overwritten with numbers of 0–255
 */
export function warpImage(image: ByteImage, map: Similarity, out: Float32Array): void {
  const { width, height, data } = image;
  const channels = data.length / (width * height);
  const { size, x, y } = map;
  const squared = map.cos ** 2 + map.sin ** 2;
  const cos = map.cos / squared; // the inverse: u = cos·(u' − x) + sin·(v' − y)
  const sin = map.sin / squared;
  const parts = Math.max(1, Math.round(1 / scaleOf(map)));
  const weight = 1 / (parts * parts);
  let target = 0;
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      for (let c = 0; c < channels; c++) out[target + c] = 0;
      for (let part = 0; part < parts * parts; part++) {
        const du = column + ((part % parts) + 0.5) / parts - 0.5 - x;
        const dv = row + (Math.floor(part / parts) + 0.5) / parts - 0.5 - y;
        const u = cos * du + sin * dv;
        const v = cos * dv - sin * du;
        if (u < -0.5 || v < -0.5 || u > width - 0.5 || v > height - 0.5) continue;
        const left = Math.floor(u);
        const top = Math.floor(v);
        const a = u - left;
        const b = v - top;
        // at the border the outermost pixels are repeated
        const l = left < 0 ? 0 : left;
        const t = top < 0 ? 0 : top;
        const r = left + 1 < width ? left + 1 : width - 1;
        const d = top + 1 < height ? top + 1 : height - 1;
        const tl = (t * width + l) * channels;
        const tr = (t * width + r) * channels;
        const dl = (d * width + l) * channels;
        const dr = (d * width + r) * channels;
        const wtl = weight * (1 - a) * (1 - b);
        const wtr = weight * a * (1 - b);
        const wdl = weight * (1 - a) * b;
        const wdr = weight * a * b;
        for (let c = 0; c < channels; c++) {
          out[target + c]! += wtl * data[tl + c]! + wtr * data[tr + c]! + wdl * data[dl + c]! + wdr * data[dr + c]!;
        }
      }
      target += channels;
    }
  }
}
