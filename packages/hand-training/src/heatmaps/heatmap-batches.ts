import * as tf from '@tensorflow/tfjs-core';
import { writeHeatmap } from '@opposable/hand-regressor';
import type { RgbImage } from '@opposable/drawing';
import { createRng, type Rng } from '@opposable/tensor-checks';
import type { TrainingArrays } from '../data/training-arrays.js';
import { intoWindow, isWhole, randomWindow, sampleWindow, windowOf } from './augment-window.js';
import { frameToCell } from './heatmap-frame.js';
import { rescalePixel } from '../data/frame.js';
import { HAND_PARAMETER_FRAME } from '@opposable/mano-layer/conventions';
import type { Negatives } from './negatives.js';
import { type HeatmapAugmentation, type HeatmapCoding, NO_AUGMENTATION } from './types.js';

const KEYPOINTS = 21;
/** Drawn once and read from random places: a draw for every value would cost more than the network's stem. */
const NOISE = ((rng) => Float32Array.from({ length: (1 << 16) - 1 }, () => rng.normal()))(createRng('noise'));

/** What a sample was before it became numbers, for looking at. */
export interface RawSample {
  /** Name of the image within its data set, where the arrays carry annotations. */
  readonly name: string;
  /** As stored, before augmentation. */
  readonly image: RgbImage;
}

/** One batch of tensors; whoever receives it calls `dispose` when done. */
export interface HeatmapBatch {
  readonly size: number;
  /** [B, S, S, 3] in 0–1 */
  readonly images: tf.Tensor4D;
  /** [B, M, M, 21] in 0–1 */
  readonly maps: tf.Tensor4D;
  /** [B, 21] 1 where the map counts */
  readonly valid: tf.Tensor2D;
  /** Only with `raw`. */
  readonly samples?: readonly RawSample[];
  dispose(): void;
}

export interface HeatmapBatchOptions {
  /** Side of the maps. */
  readonly mapSize: number;
  readonly coding: HeatmapCoding;
  /** Without it the images are taken as they are. */
  readonly augmentation?: HeatmapAugmentation;
  /** Pictures without a hand that replace some of the samples. */
  readonly negatives?: Negatives | undefined;
  /** Of augmentation. */
  readonly rng: Rng;
  /** Whether the batch carries raw images and names. Default false. */
  readonly raw?: boolean;
}

function rawSample(arrays: TrainingArrays, index: number): RawSample {
  const { imageSize } = arrays;
  const pixels = imageSize * imageSize * 3;
  const annotation = arrays.annotations[index];
  return {
    name: annotation?.id ?? `sample ${index}`,
    image: { width: imageSize, height: imageSize, data: arrays.images.slice(index * pixels, (index + 1) * pixels) },
  };
}

/** A picture without a hand, or none: by the share. */
function drawNegative({ share, count, images }: Negatives, rng: Rng): Uint8Array | undefined {
  if (!(rng.uniform() < share)) return undefined;
  const pixels = images.length / count;
  const index = rng.integer(0, count - 1);
  return images.subarray(index * pixels, (index + 1) * pixels);
}

/** The samples with the given indices as tensors: pictures through a window each, and the maps of what it shows. */
export function heatmapBatch(
  arrays: TrainingArrays,
  indices: ArrayLike<number>,
  options: HeatmapBatchOptions,
): HeatmapBatch {
  const { mapSize, coding, rng, raw = false, augmentation = NO_AUGMENTATION, negatives } = options;
  const size = indices.length;
  const side = arrays.imageSize;
  const pixels = side * side * 3;
  const images = new Float32Array(size * pixels);
  const maps = new Float32Array(size * mapSize * mapSize * KEYPOINTS);
  const valid = new Float32Array(size * KEYPOINTS);
  const encoding = { size: mapSize, sigma: coding.sigma, radius: coding.radius, placement: coding.placement };
  const amplitude = augmentation.noise;
  for (let b = 0; b < size; b++) {
    const index = indices[b]!;
    const own = rng.split(b);
    const window =
      augmentation === NO_AUGMENTATION
        ? windowOf({ factor: 1, angle: 0, dx: 0, dy: 0 }, side, side)
        : randomWindow(augmentation, own, side, side);
    const negative = negatives && drawNegative(negatives, own.split('negative'));
    const stored = negative ?? arrays.images.subarray(index * pixels, (index + 1) * pixels);
    const picture = images.subarray(b * pixels, (b + 1) * pixels);
    if (isWhole(window)) picture.set(stored);
    else sampleWindow(stored, side, window, picture, side);
    const gain = own.uniform(augmentation.gain[0], augmentation.gain[1]);
    let cursor = own.integer(0, NOISE.length - 1);
    for (let i = 0; i < pixels; i++) {
      const value = picture[i]! * gain + amplitude * NOISE[cursor]!;
      cursor = cursor + 1 === NOISE.length ? 0 : cursor + 1;
      picture[i] = value <= 0 ? 0 : value >= 255 ? 1 : value / 255;
    }
    for (let k = 0; k < KEYPOINTS; k++) {
      if (negative === undefined && !(arrays.visibility[index * KEYPOINTS + k]! > 0)) continue;
      valid[b * KEYPOINTS + k] = 1;
      if (negative !== undefined) continue;
      const at = (index * KEYPOINTS + k) * 2;
      const [u, v] = intoWindow(
        window,
        rescalePixel(arrays.keypoints[at]!, HAND_PARAMETER_FRAME, side),
        rescalePixel(arrays.keypoints[at + 1]!, HAND_PARAMETER_FRAME, side),
      ).map((pixel) => frameToCell(rescalePixel(pixel, side, HAND_PARAMETER_FRAME), mapSize, coding.placement)) as [
        number,
        number,
      ];
      const offset = b * mapSize * mapSize * KEYPOINTS + k;
      writeHeatmap(maps, [u, v], encoding, { offset, stride: KEYPOINTS });
    }
  }
  const tensors = {
    images: tf.tensor4d(images, [size, side, side, 3]),
    maps: tf.tensor4d(maps, [size, mapSize, mapSize, KEYPOINTS]),
    valid: tf.tensor2d(valid, [size, KEYPOINTS]),
  };
  return {
    size,
    ...tensors,
    ...(raw ? { samples: Array.from(indices, (index) => rawSample(arrays, index)) } : {}),
    dispose: () => void tf.dispose(tensors),
  };
}
