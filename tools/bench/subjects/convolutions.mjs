import * as tf from '@tensorflow/tfjs-core';
import { registerWasmTrainingKernels } from '@opposable/wasm-training';
import { milliseconds, row, times } from '../measure.mjs';
import { BATCH, convolutionsOf, createNetwork, NETWORKS } from '../networks.mjs';
import { noise, referenceProduct, startWasm } from '../wasm.mjs';

export const title = `Convolution gradients on wasm, batch ${BATCH}`;

function attributes({ stride, pad }) {
  return { strides: [stride, stride], pad, dataFormat: 'NHWC', dimRoundingMode: undefined };
}

function inputGradient(layer, dy, filter) {
  const attrs = { ...attributes(layer), inputShape: layer.input };
  return tf.engine().runKernel('Conv2DBackpropInput', { dy, filter }, attrs);
}

function filterGradient(layer, x, dy) {
  const attrs = { ...attributes(layer), filterShape: layer.filter };
  return tf.engine().runKernel('Conv2DBackpropFilter', { x, dy }, attrs);
}

/** Puts one implementation of a kernel in the place of another. */
function use(kernel) {
  tf.unregisterKernel(kernel.kernelName, kernel.backendName);
  tf.registerKernel(kernel);
}

/** Layers of different shapes; the same shape counts once. */
function distinctLayers(network) {
  const model = createNetwork(network);
  const byLabel = new Map(convolutionsOf(model).map((layer) => [layer.label, layer]));
  model.dispose();
  return [...byLabel.values()];
}

const speed = (layer, ms) => `${(layer.flop / ms / 1e6).toFixed(1)} GFLOP/s`;

async function measureLayer(network, layer, shipped, ours) {
  const [x, dy, filter] = [noise(layer.input, 1), noise(layer.output, 2), noise(layer.filter, 3)];
  const patience = { warmUp: 1, minimum: 3, seconds: 0.15 };
  use(shipped);
  const before = await milliseconds(() => tf.dispose(inputGradient(layer, dy, filter)), { ...patience, seconds: 0 });
  use(ours);
  const now = await milliseconds(() => tf.dispose(inputGradient(layer, dy, filter)), patience);
  const filterTime = await milliseconds(() => tf.dispose(filterGradient(layer, x, dy)), patience);
  tf.dispose([x, dy, filter]);
  const name = `${network.name}: ${layer.label}`;
  return [
    row(`${name}, filter gradient`, filterTime, 'ms', speed(layer, filterTime)),
    row(`${name}, input gradient`, now, 'ms', `${speed(layer, now)}, ${times(before / now)} the shipped kernel's`),
  ];
}

/** The filter gradient, which wasm does not have, against the cpu backend, on a shape that the latter can do. */
async function againstCpu(layer) {
  const small = { ...layer, input: [4, ...layer.input.slice(1)], output: [4, ...layer.output.slice(1)] };
  small.flop = (layer.flop * 4) / BATCH;
  const timeOn = async (backend, minimum) => {
    await tf.setBackend(backend);
    const [x, dy] = [noise(small.input, 1), noise(small.output, 2)];
    const ms = await milliseconds(() => tf.dispose(filterGradient(small, x, dy)), { warmUp: 1, minimum, seconds: 0.2 });
    tf.dispose([x, dy]);
    return ms;
  };
  const cpu = await timeOn('cpu', 3);
  const wasm = await timeOn('wasm', 20);
  return row(
    `${layer.label} at batch 4, filter gradient`,
    wasm,
    'ms',
    `${speed(small, wasm)}, ${times(cpu / wasm)} the cpu backend's`,
  );
}

export async function measure() {
  await startWasm();
  const T = await referenceProduct();
  const shipped = tf.getKernel('Conv2DBackpropInput', 'wasm');
  registerWasmTrainingKernels();
  const ours = tf.getKernel('Conv2DBackpropInput', 'wasm');
  const rows = [T.row];
  const networks = NETWORKS.map((network) => ({ ...network, layers: distinctLayers(network) }));
  for (const network of networks) {
    for (const layer of network.layers) rows.push(...(await measureLayer(network, layer, shipped, ours)));
  }
  rows.push(await againstCpu(networks[0].layers.at(-1)));
  return rows;
}
