import { scaleOf, type Similarity } from './similarity.js';

/** Pixels of any number of channels. */
export interface ByteImage {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** From this number of channels on it pays to look for pixels that are empty: most of 21 heat maps are. */
const MANY_CHANNELS = 8;

/** Of each pixel, whether any of its channels differs from 0. */
function occupiedPixels(data: Uint8Array, channels: number): Uint8Array {
  const occupied = new Uint8Array(data.length / channels);
  let i = 0;
  for (let pixel = 0; pixel < occupied.length; pixel++) {
    let bits = 0;
    for (let c = 0; c < channels; c++) bits |= data[i++]!;
    occupied[pixel] = bits;
  }
  return occupied;
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
  const occupied = channels < MANY_CHANNELS ? undefined : occupiedPixels(data, channels);
  const { size, x, y } = map;
  const squared = map.cos ** 2 + map.sin ** 2;
  const cos = map.cos / squared; // the inverse: u = cos·(u' − x) + sin·(v' − y)
  const sin = map.sin / squared;
  const parts = Math.max(1, Math.round(1 / scaleOf(map)));
  const weight = 1 / (parts * parts);
  const [last, lowest] = [width - 1, height - 1];
  out.fill(0);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const target = (row * size + column) * channels;
      for (let down = 0; down < parts; down++) {
        const dv = row + (down + 0.5) / parts - 0.5 - y;
        for (let along = 0; along < parts; along++) {
          const du = column + (along + 0.5) / parts - 0.5 - x;
          const u = cos * du + sin * dv;
          const v = cos * dv - sin * du;
          if (u < -0.5 || v < -0.5 || u > last + 0.5 || v > lowest + 0.5) continue;
          const left = ((u + 1) | 0) - 1; // the floor, of numbers above −1
          const top = ((v + 1) | 0) - 1;
          const a = u - left;
          const b = v - top;
          // at the border the outermost pixels are repeated
          const l = left < 0 ? 0 : left;
          const t = (top < 0 ? 0 : top) * width;
          const r = left < last ? left + 1 : last;
          const d = (top < lowest ? top + 1 : lowest) * width;
          if (
            occupied !== undefined &&
            (occupied[t + l]! | occupied[t + r]! | occupied[d + l]! | occupied[d + r]!) === 0
          )
            continue;
          const tl = (t + l) * channels;
          const tr = (t + r) * channels;
          const dl = (d + l) * channels;
          const dr = (d + r) * channels;
          const wtl = weight * (1 - a) * (1 - b);
          const wtr = weight * a * (1 - b);
          const wdl = weight * (1 - a) * b;
          const wdr = weight * a * b;
          for (let c = 0; c < channels; c++) {
            out[target + c]! += wtl * data[tl + c]! + wtr * data[tr + c]! + wdl * data[dl + c]! + wdr * data[dr + c]!;
          }
        }
      }
    }
  }
}
