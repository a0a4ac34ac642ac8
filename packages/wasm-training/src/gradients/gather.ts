import * as tf from '@tensorflow/tfjs-core';
import { GATHER_GRAD } from '../training-kernels/rows.js';
import { sizeOf } from '../wasm-backend.js';

/** dy added up where the indices point along an axis. */
function scattered(dy: tf.Tensor, indices: tf.Tensor, shape: number[], axis: number): tf.Tensor {
  return tf.engine().runKernel<tf.Tensor>(GATHER_GRAD, { dy, indices }, { shape, axis });
}

/** The first axes as one, taken apart. */
function items(x: tf.Tensor, axes: number): tf.Tensor[] {
  const count = sizeOf(x.shape.slice(0, axes));
  return tf.unstack(tf.reshape(x, [count, ...x.shape.slice(axes)]));
}

/**
 * Gradient of `tf.gather`: dy added up where the indices point, without the two transposes of tfjs-core; with batch dimensions, for
 * which tfjs-core alone has none, item by item.
 */
export const gatherGradient: tf.GradConfig['gradFunc'] = (dyOrDys, saved, attrs) => {
  const dy = dyOrDys as tf.Tensor;
  const [x, indices] = saved as [tf.Tensor, tf.Tensor];
  const axis = tf.util.parseAxisParam(attrs['axis'] as unknown as number, x.shape)[0]!;
  const given = (attrs['batchDims'] as number | undefined) ?? 0;
  const batchDims = given < 0 ? given + indices.rank : given;
  return {
    x: () => {
      if (batchDims === 0) return scattered(dy, indices, x.shape, axis);
      if (x.size === 0) return tf.zerosLike(x);
      return tf.tidy(() => {
        const [dys, places] = [items(dy, batchDims), items(indices, batchDims)];
        const shape = x.shape.slice(batchDims);
        const parts = dys.map((part, i) => scattered(part, places[i]!, shape, axis - batchDims));
        return tf.reshape(tf.stack(parts), x.shape);
      });
    },
    indices: () => indices,
  };
};
