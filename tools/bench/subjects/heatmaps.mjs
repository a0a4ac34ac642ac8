import * as tf from '@tensorflow/tfjs-core';
import { createHeatmapUNet, decodeHeatmaps, foldNormalizations, upsampleBilinear } from '@opposable/hand-regressor';
import { upsampleBilinearTranspose } from '../../../packages/hand-regressor/dist/heatmaps/upsample-bilinear.js';
import { createRng } from '@opposable/tensor-checks';
import { registerWasmTrainingKernels } from '@opposable/wasm-training';
import { digits, milliseconds, processorTime, row, times } from '../measure.mjs';
import { noise, referenceProduct, startWasm } from '../wasm.mjs';

export const title = 'Heat maps, 128 × 128, one core, wasm';

/** Images a second of a network that must be reached by the small one. */
const AIM = 60;

function speed(variant, batch) {
  const network = createHeatmapUNet({ variant, rng: createRng(1) });
  const images = tf.sigmoid(noise([batch, 128, 128, 3], 1));
  const variables = network.trainableWeights.map((weight) => weight.read());
  const folded = foldNormalizations(network); // as `opposable predict` has it
  const forward = processorTime(() => tf.tidy(() => void folded.apply(images)), { warmUp: 10, repetitions: 20 });
  const step = processorTime(
    () => {
      const loss = () => tf.tidy(() => tf.mean(tf.square(network.apply(images, { training: true }))));
      const { value, grads } = tf.variableGrads(loss, variables);
      tf.dispose([value, grads]);
    },
    { warmUp: 2, repetitions: 4 },
  );
  network.dispose();
  folded.dispose();
  images.dispose();
  return { forward: forward / batch, step: step / batch };
}

export async function measure() {
  await startWasm();
  const reference = await referenceProduct();
  registerWasmTrainingKernels();
  const rows = [reference.row];
  for (const variant of ['small', 'documented']) {
    for (const batch of [1, 8]) {
      const { forward, step } = speed(variant, batch);
      const aim = variant === 'small' ? `, ${times(1000 / forward / AIM)} the ${AIM} images/s aimed at` : '';
      const rate = `${digits(1000 / forward)} images/s, T / ${digits(reference.ms / forward)}${aim}`;
      rows.push(row(`${variant} network, batch ${batch}, one image`, forward, 'ms', rate));
      rows.push(row(`${variant} network, batch ${batch}, training`, step, 'ms an image', times(step / forward)));
    }
  }
  const x = noise([8, 64, 64, 48], 2);
  const dy = noise([8, 128, 128, 48], 3);
  const gradient = tf.grad((input) => upsampleBilinear(input));
  const native = processorTime(() => tf.dispose(gradient(x, dy)));
  const composed = processorTime(() => tf.dispose(upsampleBilinearTranspose(dy)));
  rows.push(row('upsampling [8, 64, 64, 48] and gradient, training kernels', native, 'ms'));
  rows.push(row('… its gradient as a depthwise convolution', composed, 'ms', times(composed / native)));
  const maps = new Float32Array(64 * 64 * 21).map((_, i) => (i % 997) / 997);
  const decode = await milliseconds(() => void decodeHeatmaps(maps, [1, 64, 64, 21]));
  rows.push(row('decoding 21 maps of 64 × 64', decode, 'ms'));
  return rows;
}
