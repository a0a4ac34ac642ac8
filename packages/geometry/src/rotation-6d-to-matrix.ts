import * as tf from '@tensorflow/tfjs-core';
import { assertShape } from '@opposable/tensor-checks';
import { type Rotation6dLayout, rotation6dIndices } from './host/rotation-6d-layout.js';

export interface Rotation6dOptions {
  /** Where the two 3-vectors stand among the six numbers, and whether they are columns or rows; there is no default. */
  layout: Rotation6dLayout;
}

function unit(v: tf.Tensor): tf.Tensor {
  return tf.mul(v, tf.rsqrt(tf.maximum(tf.sum(tf.square(v), 1, true), 1e-16)));
}

/** Rows [n, 9] → the selection matrix that takes columns `from` of the input to columns `to` of the output. */
function scatterColumns(inputs: number, outputs: number, from: readonly number[], to: readonly number[]): tf.Tensor2D {
  const table = new Float32Array(inputs * outputs);
  from.forEach((source, i) => (table[source * outputs + to[i]!] = 1));
  return tf.tensor2d(table, [inputs, outputs]);
}

/**
 * Rotation matrices of six numbers by Gram–Schmidt (Zhou et al., "On the continuity of rotation representations", 2019).
 *
 * x = a₁/|a₁|, y = (a₂ − (x·a₂)x)/|…|, z = x × y; x, y, z are the columns of R, or its rows for the layout `'rows'`.
 * Lengths are kept above 1e-8: a zero or parallel pair gives a finite result that is not a rotation.
 *
 * @param rotation6d [..., 6]
 * @param options `layout`: `'columns'`, `'interleaved'` or `'rows'`, see {@link Rotation6dLayout}
 * @returns [..., 3, 3] acting on column vectors
 * @throws ShapeError if the last dimension is not 6; ConfigError for an unknown layout
 */
export function rotation6dToMatrix(rotation6d: tf.Tensor, options: Rotation6dOptions): tf.Tensor {
  assertShape(rotation6d, ['...', 6], 'rotation6dToMatrix', 'rotation6d');
  const indices = rotation6dIndices(options.layout, 'rotation6dToMatrix');
  const count = rotation6d.size / 6;
  const byRows = options.layout === 'rows';
  // a₁ fills the matrix entries 0, 3, 6 (or 0, 1, 2), a₂ the next column (or row).
  const isFirst = (entry: number) => (byRows ? entry < 3 : entry % 3 === 0);
  const component = (entry: number) => (byRows ? entry % 3 : Math.floor(entry / 3));
  const pick = (flat: tf.Tensor, first: boolean) => {
    const from = indices.flatMap((entry, i) => (isFirst(entry) === first ? [i] : []));
    return tf.matMul(
      flat,
      scatterColumns(
        6,
        3,
        from,
        from.map((i) => component(indices[i]!)),
      ),
    );
  };
  return tf.tidy(() => {
    const flat = tf.reshape(rotation6d, [count, 6]);
    const x = unit(pick(flat, true));
    const second = pick(flat, false);
    const y = unit(tf.sub(second, tf.mul(x, tf.sum(tf.mul(x, second), 1, true))));
    const turned = (v: tf.Tensor) => tf.concat([tf.slice(v, [0, 1], [-1, 2]), tf.slice(v, [0, 0], [-1, 1])], 1); // (v₁, v₂, v₀)
    const z = turned(tf.sub(tf.mul(x, turned(y)), tf.mul(turned(x), y)));
    return tf.reshape(tf.stack([x, y, z], byRows ? 1 : 2), [...rotation6d.shape.slice(0, -1), 3, 3]);
  });
}
