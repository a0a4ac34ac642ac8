import * as tf from '@tensorflow/tfjs-core';
import type { Rng } from '@opposable/tensor-checks';
import { noiseTable } from './augmentation/change-colors.js';
import type { PhotometricAugmentation } from './augmentation/settings.js';
import { batchRows, type RowOptions } from './batch-rows.js';
import type { LoaderBuffers } from './loader/buffers.js';
import type { RowSettings } from './loader/types.js';
import { joinHeatmaps } from './network-input.js';
import type { TrainingArrays } from './training-arrays.js';

/** One batch of tensors; whoever receives it calls `dispose` when done. */
export interface HandBatch {
  readonly size: number;
  /** What the samples are called; empty where the data set has no names. */
  readonly names: readonly string[];
  /**
   * [B, S, S, 3] in 0–1, or [B, S, S, 24] with the heat maps behind the colours, or [B, 84], the places that a network which only
   * lifts keypoints reads from those
   */
  readonly images: tf.Tensor4D | tf.Tensor2D;
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
  /** [B, 2] pixels of the 256 frame per pixel of the original image, along x and y */
  readonly resize: tf.Tensor2D;
  /** [B, 22] */
  readonly handParameters: tf.Tensor2D;
  /** [B] 0 or 1 */
  readonly handParametersValid: tf.Tensor1D;
  dispose(this: void): void;
}

export interface BatchOptions extends RowOptions {
  augmentation?: PhotometricAugmentation;
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
  const wrap = table.length - 1; // a power of two
  for (let b = 0; b < indices.length; b++) {
    const factor = rng.uniform(gain[0], gain[1]) / 255;
    let cursor = rng.integer(0, table.length - 1);
    const from = indices[b]! * width;
    const to = b * width;
    for (let i = 0; i < width; i++) {
      const value = images[from + i]! * factor + amplitude * table[cursor]!;
      cursor = (cursor + 1) & wrap;
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
  const mapWidth = (arrays.heatmapSize ?? 0) ** 2 * 21;
  const maps =
    arrays.heatmaps && scaleInPlace(pickRows(arrays.heatmaps, indices, mapWidth, pool.take(size * mapWidth)), 1 / 255);
  const batch = {
    images: inputOf(tf.tensor4d(images, [size, imageSize, imageSize, 3]), maps, arrays.heatmapSize),
    masks: tf.tensor3d(masks, [size, maskSize, maskSize]),
    maskValid: tf.tensor1d(pickRows(arrays.maskValid, indices, 1)),
    keypoints: tf.tensor3d(pickRows(arrays.keypoints, indices, 42), [size, 21, 2]),
    visibility: tf.tensor2d(pickRows(arrays.visibility, indices, 21), [size, 21]),
    keypoints3d: tf.tensor3d(pickRows(arrays.keypoints3d, indices, 63), [size, 21, 3]),
    valid3d: tf.tensor1d(pickRows(arrays.valid3d, indices, 1)),
    focal: tf.tensor1d(pickRows(arrays.focal, indices, 1)),
    resize: tf.tensor2d(pickRows(arrays.resize, indices, 2), [size, 2]),
    handParameters: tf.tensor2d(pickRows(arrays.handParameters, indices, 22), [size, 22]),
    handParametersValid: tf.tensor1d(pickRows(arrays.handParametersValid, indices, 1)),
  };
  const used = maps === undefined ? [images, masks] : [images, masks, maps];
  const names = arrays.annotations.length === 0 ? [] : Array.from(indices, (index) => arrays.annotations[index]!.id);
  // not before: the cpu backend reads tensors from the arrays they were made of
  return owned(batch, names, () => pool.giveBack(...used));
}

/** Images with their heat maps behind the colours, where there are any; the images are disposed then. */
function inputOf(images: tf.Tensor4D, maps: Float32Array | undefined, mapSize: number | undefined): tf.Tensor4D {
  if (maps === undefined) return images;
  const tensor = tf.tensor4d(maps, [images.shape[0], mapSize!, mapSize!, 21]);
  const input = joinHeatmaps(images, tensor);
  tf.dispose([images, tensor]);
  return input;
}

/** A batch of the tensors; `free` is called once, when they are gone. */
export function owned(
  batch: Omit<HandBatch, 'size' | 'names' | 'dispose'>,
  names: readonly string[],
  free: () => void,
): HandBatch {
  return {
    size: batch.images.shape[0],
    names,
    ...batch,
    dispose() {
      if (batch.images.isDisposed) return;
      tf.dispose(batch);
      free();
    },
  };
}

/** A batch from the memory of a loader; `free` is called when the tensors are gone. */
export function batchOfBuffers(
  buffers: LoaderBuffers,
  names: readonly string[],
  { imageSize, maskSize, heatmapSize }: Pick<RowSettings, 'imageSize' | 'maskSize' | 'heatmapSize'>,
  free: () => void,
): HandBatch {
  const size = names.length;
  const batch = {
    images: inputOf(tf.tensor4d(buffers.images, [size, imageSize, imageSize, 3]), buffers.heatmaps, heatmapSize),
    masks: tf.tensor3d(buffers.masks, [size, maskSize, maskSize]),
    maskValid: tf.tensor1d(Float32Array.from(buffers.maskValid)),
    keypoints: tf.tensor3d(buffers.keypoints, [size, 21, 2]),
    visibility: tf.tensor2d(buffers.visibility, [size, 21]),
    keypoints3d: tf.tensor3d(buffers.keypoints3d, [size, 21, 3]),
    valid3d: tf.tensor1d(Float32Array.from(buffers.valid3d)),
    focal: tf.tensor1d(buffers.focal),
    resize: tf.tensor2d(buffers.resize, [size, 2]),
    handParameters: tf.tensor2d(buffers.handParameters, [size, 22]),
    handParametersValid: tf.tensor1d(Float32Array.from(buffers.handParametersValid)),
  };
  return owned(batch, names, free);
}

/** The samples with the given indices, unchanged, as tensors. */
export function batchOf(arrays: TrainingArrays, indices: ArrayLike<number>): HandBatch {
  const width = arrays.imageSize * arrays.imageSize * 3;
  return tensorsOf(arrays, indices, scaleInPlace(pickRows(arrays.images, indices, width), 1 / 255));
}

/**
 * Batches without end: every epoch all samples in a new random order, the last incomplete batch of an epoch left out
 * (unless there are fewer samples than one batch holds). Batch i depends on the seed and i alone.
 */
export function* trainingBatches(arrays: TrainingArrays, options: BatchOptions): Generator<HandBatch, never> {
  const { augmentation = {}, ...how } = options;
  const rows = batchRows(arrays.count, how);
  const table = noiseTable(options.rng.split('noise'));
  const pool = new ArrayPool();
  const width = arrays.imageSize * arrays.imageSize * 3;
  for (;;) {
    const { indices, rng } = rows.next().value;
    const out = pool.take(indices.length * width);
    yield tensorsOf(arrays, indices, augmentedImages(arrays, indices, rng, table, augmentation, out), pool);
  }
}
