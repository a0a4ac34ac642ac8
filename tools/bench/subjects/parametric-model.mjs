import * as tf from '@tensorflow/tfjs-core';
import { createSkinningConstants, parametricModel } from '@opposable/skinning';
import { createRng } from '@opposable/tensor-checks';
import { registerWasmTrainingKernels } from '@opposable/wasm-training';
import { processorTime, row } from '../measure.mjs';
import { noise, startWasm } from '../wasm.mjs';

export const title = 'The parametric model, MANO-sized (778 vertices, 6 pose coefficients), wasm';

/** MANO's numbers: what the speeds depend on. Dense correctives, four weights a vertex. */
const V = 778;
const PARENTS = [-1, 0, 1, 2, 0, 4, 5, 0, 7, 8, 0, 10, 11, 0, 13, 14];
const J = PARENTS.length;
const S = 10;
const COEFFICIENTS = 6;
/** T/x that a batch shall reach. */
const TARGETS = { 1: { both: 200 }, 64: { alone: 30, both: 12 }, 256: { both: 3.2 } };
/** Calls before V8 has compiled everything, and pieces of 2 ms or one call of which the fastest counts. */
const PATIENCE = { warmUp: 200, repetitions: 60 };
const PATIENCE_OF_LONG_CALLS = { warmUp: 10, repetitions: 30 };

/** Random numbers of a hand's size in MANO's shapes. */
function manoSizedModel(rng) {
  const fill = (length, draw) => new Float32Array(length).map(draw);
  const rows = (count, length, used) => {
    const out = new Float32Array(count * length);
    for (let r = 0; r < count; r++) {
      for (const place of rng.permutation(length).slice(0, used)) out[r * length + place] = 1 / used;
    }
    return out;
  };
  return {
    vertexCount: V,
    jointCount: J,
    shapeCount: S,
    vTemplate: fill(V * 3, () => rng.uniform(-0.1, 0.1)),
    shapeDirs: fill(V * 3 * S, () => rng.normal(0, 0.002)),
    poseDirs: fill(V * 3 * 9 * (J - 1), () => rng.normal(0, 0.0005)),
    jRegressor: rows(J, V, 6),
    lbsWeights: rows(V, J, 4),
    parents: Int32Array.from(PARENTS),
    faces: new Uint32Array(0),
  };
}

function compared(T, ms, target) {
  const ratio = `T/x = ${(T.ms / ms).toFixed(1)}`;
  return target === undefined ? ratio : `${ratio} (to reach: ${target})`;
}

/** The time of a 1024³ product of the shipped backend, by the same clock: processor time, whatever else runs on the machine. */
function referenceTime() {
  const [a, b] = [noise([1024, 1024], 4), noise([1024, 1024], 5)];
  const ms = processorTime(() => tf.dispose(tf.matMul(a, b)), { warmUp: 3, repetitions: 8 });
  tf.dispose([a, b]);
  return { ms, row: row('T: 1024³ tf.matMul on wasm', ms, 'ms', `${((2 * 1024 ** 3) / ms / 1e6).toFixed(1)} GFLOP/s`) };
}

/** Milliseconds of `forward`, and of its value with the gradients of a sum of squares with respect to every input. */
function rowsOf(name, forward, inputs, T, target = {}) {
  const gradient = tf.grads((...x) => tf.sum(tf.square(forward(...x).vertices)));
  const patience = inputs[0].shape[0] < 32 ? PATIENCE : PATIENCE_OF_LONG_CALLS;
  const alone = processorTime(() => tf.dispose(forward(...inputs)), patience);
  const both = processorTime(() => tf.dispose(gradient(inputs)), patience);
  return [
    row(`${name}: forward`, alone, 'ms', compared(T, alone, target.alone)),
    row(`${name}: forward and gradient`, both, 'ms', compared(T, both, target.both)),
  ];
}

export async function measure() {
  await startWasm();
  const T = referenceTime();
  const rng = createRng(1);
  const constants = createSkinningConstants(manoSizedModel(rng), {
    poseBasis: {
      components: new Float32Array(COEFFICIENTS * 3 * (J - 1)).map(() => rng.normal(0, 0.15)),
      mean: new Float32Array(3 * (J - 1)).map(() => rng.normal(0, 0.3)),
    },
    points: Array.from({ length: 21 }, (_, n) => [n < J ? { joint: n, weight: 1 } : { vertex: 30 * n, weight: 1 }]),
  });
  const rows = [T.row];
  const inputsOf = (batch) => [noise([batch, S], 1), noise([batch, COEFFICIENTS], 2), noise([batch, 3], 3)];
  const forward = (betas, pose, globalOrient) => parametricModel(constants, { betas, pose, globalOrient });
  rows.push(...rowsOf('composed operations, batch 1', forward, inputsOf(1), T));
  rows.push(...rowsOf('composed operations, batch 64', forward, inputsOf(64), T));
  registerWasmTrainingKernels();
  for (const batch of [1, 2, 4, 8, 32, 64, 256]) {
    rows.push(...rowsOf(`fused, batch ${batch}`, forward, inputsOf(batch), T, TARGETS[batch]));
  }
  return rows;
}
