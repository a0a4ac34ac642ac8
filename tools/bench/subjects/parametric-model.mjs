import * as tf from '@tensorflow/tfjs-core';
import { createSkinningConstants, parametricModel } from '@opposable/skinning';
import { registerWasmTrainingKernels } from '@opposable/wasm-training';
import { manoSizedHand } from '../mano-sized-hand.mjs';
import { processorTime, row } from '../measure.mjs';
import { noise, startWasm } from '../wasm.mjs';

export const title = 'The parametric model, MANO-sized (778 vertices, 6 pose coefficients), wasm';

const COEFFICIENTS = 6;
/** T/x that a batch shall reach. */
const TARGETS = { 1: { both: 200 }, 64: { alone: 30, both: 12 }, 256: { both: 3.2 } };
/** Calls before V8 has compiled everything, and pieces of 2 ms or one call of which the fastest counts. */
const PATIENCE = { warmUp: 200, repetitions: 60 };
const PATIENCE_OF_LONG_CALLS = { warmUp: 10, repetitions: 30 };

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
  const { model, poseBasis, points } = manoSizedHand(COEFFICIENTS);
  const constants = createSkinningConstants(model, { poseBasis, points });
  const rows = [T.row];
  const inputsOf = (batch) => [
    noise([batch, model.shapeCount], 1),
    noise([batch, COEFFICIENTS], 2),
    noise([batch, 3], 3),
  ];
  const forward = (betas, pose, globalOrient) => parametricModel(constants, { betas, pose, globalOrient });
  rows.push(...rowsOf('composed operations, batch 1', forward, inputsOf(1), T));
  rows.push(...rowsOf('composed operations, batch 64', forward, inputsOf(64), T));
  registerWasmTrainingKernels();
  for (const batch of [1, 2, 4, 8, 32, 64, 256]) {
    rows.push(...rowsOf(`fused, batch ${batch}`, forward, inputsOf(batch), T, TARGETS[batch]));
  }
  return rows;
}
