import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers'; // registers the gradients
import { createHandRegressor } from '@opposable/hand-regressor';
import { createSkinningConstants, parametricModel } from '@opposable/skinning';
import { createRng } from '@opposable/tensor-checks';
import { findAdapter, registerWebGpuKernels } from '@opposable/webgpu-kernels';
import { hasGpuDevice, provideWebGpu } from '@opposable/webgpu-kernels/node';
import { manoSizedHand } from '../mano-sized-hand.mjs';
import { milliseconds, row, times } from '../measure.mjs';
import { noise } from '../wasm.mjs';

const COEFFICIENTS = 6;
/** Calls between two waits for the queue. */
const CALLS = 10;

/** The graphics card, or whatever driver the environment names; undefined where there is none. */
async function reachAdapter() {
  if (!hasGpuDevice() && process.env.VK_ICD_FILENAMES === undefined) return undefined;
  provideWebGpu(await import('webgpu'));
  return findAdapter();
}

const adapter = await reachAdapter();
export const title =
  adapter === undefined
    ? 'WebGPU: no graphics card here, nothing measured'
    : `WebGPU on ${adapter.name}${adapter.isSoftware ? ', which computes on the CPU' : ''}: the parametric model, MANO-sized, and a training step`;

/** Milliseconds of one call; the queue is waited for after several. */
async function timeOf(work, calls = CALLS) {
  const ms = await milliseconds(
    async () => {
      for (let i = 1; i < calls; i++) tf.dispose(work());
      const last = work();
      await tf.util.flatten([last])[0].data();
      tf.dispose(last);
    },
    { warmUp: 2, minimum: 3, maximum: 30, seconds: 1 },
  );
  return ms / calls;
}

function dispatchesOf(work) {
  const backend = tf.backend();
  const { recordAndSubmit } = backend;
  let count = 0;
  backend.recordAndSubmit = (...given) => (count++, recordAndSubmit.apply(backend, given));
  tf.dispose(work());
  delete backend.recordAndSubmit;
  return count;
}

async function layerRows(name, batches, T) {
  const { model, poseBasis, points } = manoSizedHand(COEFFICIENTS);
  const constants = createSkinningConstants(model, { poseBasis, points });
  const rows = [];
  for (const batch of batches) {
    const inputs = [noise([batch, model.shapeCount], 1), noise([batch, COEFFICIENTS], 2), noise([batch, 3], 3)];
    const forward = (betas, pose, globalOrient) => parametricModel(constants, { betas, pose, globalOrient });
    const gradient = tf.grads((...x) => tf.sum(tf.square(forward(...x).vertices)));
    for (const [what, work] of [
      ['forward', () => Object.values(forward(...inputs))],
      ['forward and gradient', () => gradient(inputs)],
    ]) {
      const dispatches = dispatchesOf(work);
      const ms = await timeOf(work);
      rows.push(
        row(`${name}, batch ${batch}: ${what}`, ms, 'ms', `${dispatches} dispatches, T/x = ${(T / ms).toFixed(2)}`),
      );
    }
    tf.dispose(inputs);
  }
  constants.dispose();
  return rows;
}

/** Forward, backward and Adam of the small network on images of 64 pixels. */
async function trainingRow(batch, T) {
  const model = createHandRegressor({ encoder: 'small', inputSize: 64, rng: createRng(1) });
  const variables = model.trainableWeights.map((weight) => weight.read());
  const optimizer = tf.train.adam(1e-4);
  const images = noise([batch, 64, 64, 3], 4);
  const cost = () => tf.mean(tf.square(model.apply(images, { training: true })));
  try {
    const ms = await timeOf(() => [optimizer.minimize(cost, true, variables)], 2);
    return row(`small network, 64 px, batch ${batch}: a step with Adam`, ms, 'ms', `${times(ms / T)} T`);
  } finally {
    optimizer.dispose();
    model.dispose();
    images.dispose();
  }
}

export async function measure() {
  if (adapter === undefined) return [];
  await import('@tensorflow/tfjs-backend-webgpu');
  await tf.setBackend('webgpu');
  await tf.ready();
  const [a, b] = [noise([1024, 1024], 4), noise([1024, 1024], 5)];
  const T = await timeOf(() => [tf.matMul(a, b)], 4);
  const batches = adapter.isSoftware ? [1, 16] : [1, 64, 256];
  const rows = [row('T: 1024³ tf.matMul on webgpu', T, 'ms', `${((2 * 1024 ** 3) / T / 1e6).toFixed(1)} GFLOP/s`)];
  rows.push(...(await layerRows('composed operations', batches.slice(0, 2), T)));
  registerWebGpuKernels();
  rows.push(...(await layerRows('fused', batches, T)));
  rows.push(await trainingRow(adapter.isSoftware ? 2 : 32, T));
  return rows;
}
