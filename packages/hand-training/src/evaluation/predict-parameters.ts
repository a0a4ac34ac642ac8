import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { HAND_PARAMETER_COUNT } from '@opposable/mano-layer/conventions';
import { applyNetwork } from '../data/apply-network.js';
import { batchOf } from '../data/batches.js';
import type { TrainingArrays } from '../data/training-arrays.js';

/** Rows 0 … N − 1 in chunks. */
export function* chunks(count: number, size: number): Generator<number[]> {
  for (let start = 0; start < count; start += size) {
    yield Array.from({ length: Math.min(size, count - start) }, (_, i) => start + i);
  }
}

/**
 * The network's 22 numbers for every sample.
 *
 * @returns [N, 22]
 */
export async function predictParameters(
  model: LayersModel,
  arrays: TrainingArrays,
  batchSize = 50,
): Promise<Float32Array> {
  const out = new Float32Array(arrays.count * HAND_PARAMETER_COUNT);
  for (const indices of chunks(arrays.count, batchSize)) {
    const batch = batchOf(arrays, indices);
    const predicted = tf.tidy(() => applyNetwork(model, batch.images, { training: false }));
    try {
      out.set(await predicted.data<'float32'>(), indices[0]! * HAND_PARAMETER_COUNT);
    } finally {
      predicted.dispose();
      batch.dispose();
    }
  }
  return out;
}
