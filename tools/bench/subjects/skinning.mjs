import * as tf from '@tensorflow/tfjs-core';
import { ManoLayer } from '@opposable/mano-layer';
import { loadOpenHand } from '@opposable/open-hand';
import { createSkinningConstants, linearBlendSkinning } from '@opposable/skinning';
import { registerWasmTrainingKernels } from '@opposable/wasm-training';
import { milliseconds, row } from '../measure.mjs';
import { noise, referenceProduct, startWasm } from '../wasm.mjs';

export const title = 'Skinning and the MANO layer, open hand (1159 vertices), wasm';
const BATCHES = [1, 32, 64];
/** V8 needs some calls before it compiles the many small operations of a batch of one. */
const PATIENCE = { warmUp: 60, minimum: 20, maximum: 400, seconds: 0.6 };

/** `forward` from inputs to vertices, and its gradients with respect to every input. */
async function forwardAndGradient(name, forward, inputs, T) {
  const total = (...x) => tf.tidy(() => tf.sum(tf.square(forward(...x))));
  const gradient = tf.grads(total);
  const alone = await milliseconds(() => tf.tidy(() => void forward(...inputs)), PATIENCE);
  const both = await milliseconds(() => tf.dispose(gradient(inputs)), PATIENCE);
  const compared = (ms) => `T/x = ${(T.ms / ms).toFixed(1)}`;
  return [
    row(`${name}: forward`, alone, 'ms', compared(alone)),
    row(`${name}: forward and gradient`, both, 'ms', compared(both)),
  ];
}

export async function measure() {
  await startWasm();
  const T = await referenceProduct();
  registerWasmTrainingKernels();
  const hand = loadOpenHand('right');
  const constants = createSkinningConstants(hand);
  const layer = new ManoLayer(hand, { flatHandMean: false, numPcaComponents: 6 });
  const rows = [T.row];
  for (const batch of BATCHES) {
    const betas = noise([batch, 10], 1);
    const handPose = noise([batch, 6], 2);
    const globalOrient = noise([batch, 3], 3);
    const rotations = tf.tidy(() => tf.add(tf.mul(noise([batch, 16, 3, 3], 4), 0.1), tf.eye(3)));
    rows.push(
      ...(await forwardAndGradient(
        `linearBlendSkinning, batch ${batch}`,
        (b, r) => linearBlendSkinning(constants, { betas: b, rotations: r }).vertices,
        [betas, rotations],
        T,
      )),
      ...(await forwardAndGradient(
        `ManoLayer, batch ${batch}`,
        (b, p, o) => layer.forward({ betas: b, handPose: p, globalOrient: o }).vertices,
        [betas, handPose, globalOrient],
        T,
      )),
    );
  }
  return rows;
}
