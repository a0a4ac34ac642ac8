import { copyImage, createImage, type RgbImage } from '@opposable/drawing';
import { enlarge } from '../pictures/render-hand.js';

/** A colour for each keypoint: wrist white, fingers in five hues. */
const HUES: readonly (readonly [number, number, number])[] = [
  [255, 90, 70],
  [255, 200, 40],
  [80, 220, 90],
  [60, 170, 255],
  [220, 100, 255],
];

function colorOf(k: number): readonly [number, number, number] {
  return k === 0 ? [255, 255, 255] : HUES[Math.floor((k - 1) / 4) % HUES.length]!;
}

/**
 * All maps of one sample over its darkened image, each in its finger's colour.
 *
 * @param maps [M, M, K] in 0–1, 'panoptic' order
 */
export function mapsOverImage(image: RgbImage, maps: ArrayLike<number>, mapSize: number, size: number): RgbImage {
  const picture = copyImage(enlarge(image, size));
  const count = maps.length / (mapSize * mapSize);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const cell = Math.floor(((y + 0.5) * mapSize) / size) * mapSize + Math.floor(((x + 0.5) * mapSize) / size);
      const to = (y * size + x) * 3;
      const sum = [0, 0, 0];
      for (let k = 0; k < count; k++) {
        const value = maps[cell * count + k]!;
        if (value < 0.02) continue;
        colorOf(k).forEach((part, c) => (sum[c] = Math.max(sum[c]!, value * part)));
      }
      for (let c = 0; c < 3; c++) {
        picture.data[to + c] = Math.min(255, 0.45 * picture.data[to + c]! + sum[c]!);
      }
    }
  }
  return picture;
}

/** One map as a grey picture. */
export function mapPicture(maps: ArrayLike<number>, mapSize: number, k: number, size: number): RgbImage {
  const count = maps.length / (mapSize * mapSize);
  const picture = createImage(mapSize, mapSize, [0, 0, 0]);
  for (let cell = 0; cell < mapSize * mapSize; cell++) {
    picture.data.fill(Math.min(255, Math.max(0, 255 * maps[cell * count + k]!)), cell * 3, cell * 3 + 3);
  }
  return enlarge(picture, size);
}
