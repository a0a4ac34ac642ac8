import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { movePlaces, readPlaces } from '@opposable/hand-regressor';
import { HAND_PARAMETER_COUNT, HAND_PARAMETER_FRAME } from '@opposable/mano-layer/conventions';
import type { Rng } from '@opposable/tensor-checks';
import { drawWindow } from './augmentation/draw-window.js';
import { moveHandParameters, turnOf, turnPoints } from './augmentation/move-annotation.js';
import type { Augmentation } from './augmentation/settings.js';
import { movePoint, scaleOf, similarityOf } from './augmentation/similarity.js';
import { batchRows, type RowOptions } from './batch-rows.js';
import { batchOf, type HandBatch, owned } from './batches.js';
import { sharedFloats } from './shared-arrays.js';
import type { TrainingArrays } from './training-arrays.js';

/** Places of 21 keypoints, spreads and heights. */
const NUMBERS = 84;
const CHUNK = 50;

/** A data set in memory with what a network that only lifts keypoints reads from its heat maps. */
export type PlacedArrays = TrainingArrays & Required<Pick<TrainingArrays, 'places'>>;

/**
 * Reads the places of all samples' heat maps once, by the network's own first layer.
 *
 * @throws ConfigError unless the network's encoder is 'keypoints'; the signal's reason
 */
export async function withPlaces(
  model: LayersModel,
  arrays: TrainingArrays,
  signal?: AbortSignal,
): Promise<PlacedArrays> {
  const places = sharedFloats(arrays.count * NUMBERS);
  for (let start = 0; start < arrays.count; start += CHUNK) {
    signal?.throwIfAborted();
    const indices = Array.from({ length: Math.min(CHUNK, arrays.count - start) }, (_, i) => start + i);
    const batch = batchOf(arrays, indices);
    const read = tf.tidy(() => readPlaces(model, batch.images as tf.Tensor4D));
    try {
      places.set(await read.data<'float32'>(), start * NUMBERS);
    } finally {
      read.dispose();
      batch.dispose();
    }
  }
  return { ...arrays, places };
}

/** Arrays of one batch and where the numbers of row `b` stand in them. */
function emptyRows(rows: number) {
  return {
    places: new Float32Array(rows * NUMBERS),
    keypoints: new Float32Array(rows * 42),
    keypoints3d: new Float32Array(rows * 63),
    focal: new Float32Array(rows),
    resize: new Float32Array(rows * 2),
    handParameters: new Float32Array(rows * HAND_PARAMETER_COUNT),
  };
}

/** Writes sample `n` into row `b`, seen through a random window of the 256 frame. */
function writeMoved(
  arrays: PlacedArrays,
  n: number,
  out: ReturnType<typeof emptyRows>,
  b: number,
  rng: Rng,
  how: Augmentation,
): void {
  const row = (values: Float32Array, index: number, width: number): Float32Array =>
    values.subarray(index * width, (index + 1) * width);
  const map = similarityOf(drawWindow(rng, how, HAND_PARAMETER_FRAME), HAND_PARAMETER_FRAME);
  const scale = scaleOf(map);
  const move = { scale, point: (u: number, v: number) => movePoint(map, u, v) };
  movePlaces(row(arrays.places, n, NUMBERS), move, arrays.imageSize, row(out.places, b, NUMBERS));
  const seen = row(arrays.visibility, n, 21);
  const [keypoints, moved] = [row(arrays.keypoints, n, 42), row(out.keypoints, b, 42)];
  for (let k = 0; k < 21; k++) {
    if (seen[k]! > 0) moved.set(movePoint(map, keypoints[2 * k]!, keypoints[2 * k + 1]!), 2 * k);
  }
  out.keypoints3d.set(turnPoints(Float64Array.from(row(arrays.keypoints3d, n, 63)), turnOf(map).forward), b * 63);
  out.focal[b] = arrays.focal[n]! * scale;
  out.resize.set(
    row(arrays.resize, n, 2).map((value) => value * map.cos),
    b * 2,
  );
  const numbers = Float64Array.from(row(arrays.handParameters, n, HAND_PARAMETER_COUNT));
  out.handParameters.set(moveHandParameters(numbers, map, HAND_PARAMETER_FRAME), b * HAND_PARAMETER_COUNT);
}

/**
 * Batches without end for a network that only lifts keypoints: what its first layer reads moves with the labels, as if image
 * and heat maps had been turned, shifted and resized, which costs thousands of times as much. What changes colours alone
 * changes nothing here; masks are left out. Batch i depends on the seed and i alone.
 */
export function* placeBatches(
  arrays: PlacedArrays,
  { augmentation, ...options }: RowOptions & { augmentation: Augmentation },
): Generator<HandBatch, never> {
  const planned = batchRows(arrays.count, options);
  for (;;) {
    const { indices, rng } = planned.next().value;
    const size = indices.length;
    const rows = emptyRows(size);
    const chosen = Array.from(indices);
    chosen.forEach((n, b) => writeMoved(arrays, n, rows, b, rng.split(b), augmentation));
    const flag = (values: Uint8Array): tf.Tensor1D => tf.tensor1d(Float32Array.from(chosen, (n) => values[n]!));
    const visibility = Float32Array.from({ length: size * 21 }, (_, i) => {
      return arrays.visibility[chosen[Math.floor(i / 21)]! * 21 + (i % 21)]!;
    });
    const batch = {
      images: tf.tensor2d(rows.places, [size, NUMBERS]),
      masks: tf.zeros<tf.Rank.R3>([size, 1, 1]),
      maskValid: tf.zeros<tf.Rank.R1>([size]),
      keypoints: tf.tensor3d(rows.keypoints, [size, 21, 2]),
      visibility: tf.tensor2d(visibility, [size, 21]),
      keypoints3d: tf.tensor3d(rows.keypoints3d, [size, 21, 3]),
      valid3d: flag(arrays.valid3d),
      focal: tf.tensor1d(rows.focal),
      resize: tf.tensor2d(rows.resize, [size, 2]),
      handParameters: tf.tensor2d(rows.handParameters, [size, HAND_PARAMETER_COUNT]),
      handParametersValid: flag(arrays.handParametersValid),
    };
    const names = arrays.annotations.length === 0 ? [] : chosen.map((n) => arrays.annotations[n]!.id);
    yield owned(batch, names, () => undefined);
  }
}
