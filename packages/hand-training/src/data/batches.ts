import * as tf from '@tensorflow/tfjs-core';
import type { Rng } from '@opposable/tensor-checks';
import type { TrainingArrays } from './training-arrays.js';

/** One batch of tensors; whoever receives it calls `dispose` when done. */
export interface HandBatch {
  readonly size: number;
  /** [B, S, S, 3] in 0–1 */
  readonly images: tf.Tensor4D;
  /** [B, M, M] in 0–1 */
  readonly masks: tf.Tensor3D;
  /** [B] 0 or 1 */
  readonly maskValid: tf.Tensor1D;
  /** [B, 21, 2] pixels of the 256 frame */
  readonly keypoints: tf.Tensor3D;
  /** [B, 21] 0 or 1 */
  readonly visibility: tf.Tensor2D;
  /** [B, 21, 3] millimetres, camera frame */
  readonly keypoints3d: tf.Tensor3D;
  /** [B] 0 or 1 */
  readonly valid3d: tf.Tensor1D;
  /** [B] pixels of the 256 frame */
  readonly focal: tf.Tensor1D;
  /** [B, 22] */
  readonly handParameters: tf.Tensor2D;
  dispose(): void;
}

/** Changes to the pixels that leave the labels where they are. */
export interface PhotometricAugmentation {
  /** Each image is multiplied by a factor from this range. Default [1, 1]. */
  gain?: readonly [number, number];
  /** Standard deviation of additive Gaussian noise, in grey levels of 0–255. Default 0. */
  noise?: number;
}

export interface BatchOptions {
  batchSize: number;
  /** Order of the samples and augmentation. */
  rng: Rng;
  augmentation?: PhotometricAugmentation;
  /** Of every batch only the part of one replica: rows rank, rank + members, … Default the whole batch. */
  part?: { readonly rank: number; readonly members: number };
}

/** Normal deviates are drawn once and read from random places: drawing one for every value would cost more than the network's stem. */
const NOISE_TABLE_SIZE = 1 << 16;

function noiseTable(rng: Rng): Float32Array {
  return Float32Array.from({ length: NOISE_TABLE_SIZE }, () => rng.normal());
}

/**
 * Arrays that are used again. A new one for the pixels of every step would be some 5 MB of garbage outside of the heap a
 * step, whose collection keeps several threads busy: with two replicas a third of their time.
 */
class ArrayPool {
  private readonly free: Float32Array[] = [];

  take(length: number): Float32Array {
    const found = this.free.findIndex((array) => array.length === length);
    return found < 0 ? new Float32Array(length) : this.free.splice(found, 1)[0]!;
  }

  giveBack(...arrays: Float32Array[]): void {
    this.free.push(...arrays);
  }
}

function pickRows(
  source: Float32Array | Uint8Array,
  indices: ArrayLike<number>,
  width: number,
  out: Float32Array = new Float32Array(indices.length * width),
): Float32Array {
  for (let b = 0; b < indices.length; b++) {
    const start = indices[b]! * width;
    for (let i = 0; i < width; i++) out[b * width + i] = source[start + i]!;
  }
  return out;
}

function scaleInPlace(values: Float32Array, factor: number): Float32Array {
  for (let i = 0; i < values.length; i++) values[i] = values[i]! * factor;
  return values;
}

/** The images of a batch in 0–1, brightened and with noise: one pass, because it runs for every pixel of every step. */
function augmentedImages(
  arrays: TrainingArrays,
  indices: ArrayLike<number>,
  rng: Rng,
  table: Float32Array,
  how: PhotometricAugmentation,
  out: Float32Array,
): Float32Array {
  const { gain = [1, 1], noise = 0 } = how;
  const width = arrays.imageSize * arrays.imageSize * 3;
  const { images } = arrays;
  const amplitude = noise / 255;
  for (let b = 0; b < indices.length; b++) {
    const factor = rng.uniform(gain[0], gain[1]) / 255;
    let cursor = rng.integer(0, NOISE_TABLE_SIZE - 1);
    const from = indices[b]! * width;
    const to = b * width;
    for (let i = 0; i < width; i++) {
      const value = images[from + i]! * factor + amplitude * table[cursor]!;
      cursor = (cursor + 1) & (NOISE_TABLE_SIZE - 1);
      out[to + i] = value < 0 ? 0 : value > 1 ? 1 : value;
    }
  }
  return out;
}

function tensorsOf(
  arrays: TrainingArrays,
  indices: ArrayLike<number>,
  images: Float32Array,
  pool = new ArrayPool(),
): HandBatch {
  const size = indices.length;
  const { imageSize, maskSize } = arrays;
  const maskWidth = maskSize * maskSize;
  const masks = scaleInPlace(pickRows(arrays.masks, indices, maskWidth, pool.take(size * maskWidth)), 1 / 255);
  const batch = {
    images: tf.tensor4d(images, [size, imageSize, imageSize, 3]),
    masks: tf.tensor3d(masks, [size, maskSize, maskSize]),
    maskValid: tf.tensor1d(pickRows(arrays.maskValid, indices, 1)),
    keypoints: tf.tensor3d(pickRows(arrays.keypoints, indices, 42), [size, 21, 2]),
    visibility: tf.tensor2d(pickRows(arrays.visibility, indices, 21), [size, 21]),
    keypoints3d: tf.tensor3d(pickRows(arrays.keypoints3d, indices, 63), [size, 21, 3]),
    valid3d: tf.tensor1d(pickRows(arrays.valid3d, indices, 1)),
    focal: tf.tensor1d(pickRows(arrays.focal, indices, 1)),
    handParameters: tf.tensor2d(pickRows(arrays.handParameters, indices, 22), [size, 22]),
  };
  return {
    size,
    ...batch,
    dispose() {
      if (batch.images.isDisposed) return;
      tf.dispose(batch);
      pool.giveBack(images, masks); // not before: the cpu backend reads tensors from the arrays they were made of
    },
  };
}

/** The samples with the given indices, unchanged, as tensors. */
export function batchOf(arrays: TrainingArrays, indices: ArrayLike<number>): HandBatch {
  const width = arrays.imageSize * arrays.imageSize * 3;
  return tensorsOf(arrays, indices, scaleInPlace(pickRows(arrays.images, indices, width), 1 / 255));
}

/**
 * Batches without end: every epoch all samples in a new random order, the last incomplete batch of an epoch left out
 * (unless there are fewer samples than one batch holds). The order depends on the seed alone.
 */
export function* trainingBatches(arrays: TrainingArrays, options: BatchOptions): Generator<HandBatch, never> {
  const { rng, augmentation = {}, part = { rank: 0, members: 1 } } = options;
  const batchSize = Math.min(options.batchSize, arrays.count);
  const table = noiseTable(rng.split('noise'));
  const pool = new ArrayPool();
  const width = arrays.imageSize * arrays.imageSize * 3;
  for (let epoch = 0; ; epoch++) {
    const epochRng = rng.split(epoch);
    const order = epochRng.permutation(arrays.count);
    for (let start = 0; start + batchSize <= arrays.count; start += batchSize) {
      const indices = order.subarray(start, start + batchSize).filter((_, i) => i % part.members === part.rank);
      const pixelRng = epochRng.split(`${start}/${part.rank}`);
      const out = pool.take(indices.length * width);
      const images = augmentedImages(arrays, indices, pixelRng, table, augmentation, out);
      yield tensorsOf(arrays, indices, images, pool);
    }
  }
}
