import * as tf from '@tensorflow/tfjs-core';
import { decodeHandParameters } from '@opposable/hand-regressor';
import type { ManoLayer } from '@opposable/mano-layer';
import { chunks } from './predict-parameters.js';

/** Decoded hands as plain arrays, 21 keypoints in the layer's order. */
export interface HostHands {
  readonly count: number;
  /** [N, 21, 2] pixels of the 256 frame */
  readonly keypoints2d: Float32Array;
  /** [N, 21, 3] millimetres, image axes */
  readonly keypoints3d: Float32Array;
}

/**
 * Keypoints of many parameter rows.
 *
 * @param layer from `createHandParameterLayer`
 * @param parameters [N, width] flat
 * @param width numbers per row, 22 for six pose coefficients and ten betas
 */
export async function decodeToHost(layer: ManoLayer, parameters: Float32Array, width: number): Promise<HostHands> {
  const count = parameters.length / width;
  const keypoints2d = new Float32Array(count * 42);
  const keypoints3d = new Float32Array(count * 63);
  for (const indices of chunks(count, 100)) {
    const start = indices[0]!;
    const rows = tf.tensor2d(parameters.subarray(start * width, (start + indices.length) * width), [
      indices.length,
      width,
    ]);
    const decoded = decodeHandParameters(layer, rows, { vertices: false });
    try {
      keypoints2d.set(await decoded.keypoints2d.data<'float32'>(), start * 42);
      keypoints3d.set(
        (await decoded.keypoints3d.data<'float32'>()).map((metres) => metres * 1000),
        start * 63,
      );
    } finally {
      tf.dispose([rows, decoded as unknown as tf.TensorContainer]);
    }
  }
  return { count, keypoints2d, keypoints3d };
}
