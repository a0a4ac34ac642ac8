import * as tf from '@tensorflow/tfjs-core';
import { decodeHeatmaps, type HeatmapDecoding } from '@opposable/hand-regressor';
import type { TrainingArrays } from '../data/training-arrays.js';
import { unitFloats } from '../data/unit-floats.js';
import { cellToFrame } from './heatmap-frame.js';
import { type HeatmapRun, mapSizeOf } from './heatmap-run.js';

const KEYPOINTS = 21;

/** Keypoints of many images. */
export interface PredictedKeypoints {
  /** [N, 21, 2] pixels of the 256 frame */
  readonly keypoints: Float64Array;
  /** [N, 21] height of each map's peak */
  readonly confidence: Float32Array;
}

/**
 * Maps of images in 0–1.
 *
 * @param images [B, S, S, 3]
 * @returns [B, M, M, 21] on the host
 */
export async function mapsOf(run: HeatmapRun, images: tf.Tensor4D): Promise<Float32Array> {
  const maps = tf.tidy(() => run.model.apply(images, { training: false }) as tf.Tensor4D);
  try {
    return await maps.data<'float32'>();
  } finally {
    maps.dispose();
  }
}

/** Keypoints in the 256 frame from maps. */
export function keypointsOf(
  run: HeatmapRun,
  maps: Float32Array,
  decoding: HeatmapDecoding = run.info.coding.decoding,
): PredictedKeypoints {
  const size = mapSizeOf(run);
  const count = maps.length / (size * size * KEYPOINTS);
  const { keypoints, confidence } = decodeHeatmaps(maps, [count, size, size, KEYPOINTS], decoding);
  return { keypoints: keypoints.map((u) => cellToFrame(u, size, run.info.coding.placement)), confidence };
}

/** Calls `use` with the maps of every chunk of a data set, in order. */
export async function forEachMaps(
  run: HeatmapRun,
  arrays: TrainingArrays,
  use: (maps: Float32Array, first: number, count: number) => void | Promise<void>,
  { batchSize = 32, signal }: { batchSize?: number; signal?: AbortSignal | undefined } = {},
): Promise<void> {
  const side = arrays.imageSize;
  const pixels = side * side * 3;
  for (let first = 0; first < arrays.count; first += batchSize) {
    signal?.throwIfAborted();
    const count = Math.min(batchSize, arrays.count - first);
    const bytes = arrays.images.subarray(first * pixels, (first + count) * pixels);
    const images = tf.tensor4d(unitFloats(bytes), [count, side, side, 3]);
    try {
      await use(await mapsOf(run, images), first, count);
    } finally {
      images.dispose();
    }
    await new Promise((resolve) => setImmediate(resolve)); // signals
  }
}
