import * as tf from '@tensorflow/tfjs-core';
import { registerWasmTrainingKernels } from '@opposable/wasm-training';
import { milliseconds, row, times } from '../measure.mjs';
import { BATCH, convolutionsOf, createNetwork, denseFlop, NETWORKS } from '../networks.mjs';
import { noise, referenceProduct, startWasm } from '../wasm.mjs';

export const title = `One Adam step on wasm (forward, backward, update), batch ${BATCH}`;

function workOf({ options }, model) {
  const images = noise([BATCH, options.inputSize, options.inputSize, 3], 1);
  const target = noise([BATCH, 22], 2);
  const variables = model.trainableWeights.map((weight) => weight.read());
  const optimizer = tf.train.adam(1e-3);
  const loss = () => tf.mean(tf.square(tf.sub(model.apply(images, { training: true }), target)));
  return {
    forward: () => tf.tidy(() => void loss()),
    step: () => optimizer.minimize(loss, false, variables),
  };
}

/** Operations of the products of a step: forward, both gradients, none for the images. */
function stepFlop(model) {
  const convolutions = convolutionsOf(model).reduce((sum, { flop, input }) => sum + flop * (input[3] === 3 ? 2 : 3), 0);
  return convolutions + 3 * denseFlop(model);
}

export async function measure() {
  await startWasm();
  const T = await referenceProduct();
  const cases = NETWORKS.map((network) => {
    const model = createNetwork(network);
    return { network, flop: stepFlop(model), work: workOf(network, model) };
  });
  for (const one of cases) {
    one.forwardBefore = await milliseconds(one.work.forward, { minimum: 3 });
    try {
      one.work.step();
      one.stepBefore = await milliseconds(one.work.step, { minimum: 3 });
    } catch (error) {
      one.impossible = /Kernel '(\w+)'/.exec(error.message)?.[1] ?? error.message;
    }
  }
  registerWasmTrainingKernels();
  const rows = [T.row];
  for (const { network, flop, work, forwardBefore, stepBefore, impossible } of cases) {
    const forward = await milliseconds(work.forward);
    const step = await milliseconds(work.step, { warmUp: 4, minimum: 9, seconds: 2 });
    const shipped = impossible === undefined ? times(stepBefore / step) : `impossible (no ${impossible})`;
    const products = flop / T.gigaflops / 1e6;
    rows.push(
      row(`${network.name}: forward`, forward, 'ms', `shipped kernels: ${times(forwardBefore / forward)} as long`),
      row(`${network.name}: step`, step, 'ms', `shipped kernels: ${shipped}`),
      row(
        `${network.name}: images`,
        (BATCH * 1000) / step,
        '/s',
        `its products alone at the speed of T: ${((100 * products) / step).toFixed(0)} % of the step`,
      ),
    );
  }
  return rows;
}
