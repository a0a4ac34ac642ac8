import { setFlagsFromString } from 'node:v8';
import * as tf from '@tensorflow/tfjs-core';
import { initializers, input, layers, model as layersModel } from '@tensorflow/tfjs-layers';
import { adam } from '@opposable/training';
import { registerWasmTrainingKernels } from '@opposable/wasm-training';
import { processorTime, row } from '../measure.mjs';
import { noise, startWasm } from '../wasm.mjs';

export const title = 'One training step of ResNets on wasm (forward, backward, Adam), one worker';

const CASES = [
  { name: 'ResNet-18', blocks: [2, 2, 2, 2], inputSize: 128, batch: 16 },
  { name: 'ResNet-34', blocks: [3, 4, 6, 3], inputSize: 256, batch: 8 },
];

/** He, Zhang, Ren and Sun, "Deep Residual Learning for Image Recognition", 2016, with basic blocks and 1,000 classes. */
function resNet(blocks, inputSize) {
  let seed = 0;
  const convolution = (x, filters, kernelSize, strides) =>
    layers
      .conv2d({
        filters,
        kernelSize,
        strides,
        padding: 'same',
        useBias: false,
        kernelInitializer: initializers.heNormal({ seed: ++seed }),
      })
      .apply(x);
  const normalised = (x) => layers.batchNormalization({}).apply(x);
  const relu = (x) => layers.reLU({}).apply(x);
  const images = input({ shape: [inputSize, inputSize, 3] });
  let x = relu(normalised(convolution(images, 64, 7, 2)));
  x = layers.maxPooling2d({ poolSize: 3, strides: 2, padding: 'same' }).apply(x);
  blocks.forEach((count, stage) => {
    const filters = 64 * 2 ** stage;
    for (let block = 0; block < count; block++) {
      const strides = stage > 0 && block === 0 ? 2 : 1;
      const inner = relu(normalised(convolution(x, filters, 3, strides)));
      const residual = normalised(convolution(inner, filters, 3, 1));
      const shortcut = strides === 1 ? x : normalised(convolution(x, filters, 1, 2));
      x = relu(layers.add().apply([residual, shortcut]));
    }
  });
  x = layers.globalAveragePooling2d({}).apply(x);
  const scores = layers.dense({ units: 1000, kernelInitializer: initializers.heNormal({ seed: ++seed }) }).apply(x);
  return layersModel({ inputs: images, outputs: scores });
}

/** Multiplications and additions of the convolutions and dense layers, forward. */
function forwardFlop(model, batch) {
  const flop = (layer) => {
    const positions = layer.getClassName() === 'Conv2D' ? layer.output.shape[1] * layer.output.shape[2] : 1;
    return 2 * batch * positions * layer.getWeights()[0].size;
  };
  return model.layers
    .filter((layer) => ['Conv2D', 'Dense'].includes(layer.getClassName()))
    .reduce((sum, layer) => sum + flop(layer), 0);
}

/** Bytes that the backend holds at most while something runs: every tensor and all working memory. */
function peakBytes(work) {
  const { wasm } = tf.backend();
  const { _malloc: malloc, _free: free } = wasm;
  const sizes = new Map();
  let [now, peak] = [0, 0];
  wasm._malloc = (bytes) => {
    const at = malloc(bytes);
    sizes.set(at >>> 0, bytes);
    now += bytes;
    peak = Math.max(peak, now);
    return at;
  };
  wasm._free = (at) => {
    now -= sizes.get(at >>> 0) ?? 0;
    sizes.delete(at >>> 0);
    free(at);
  };
  work();
  Object.assign(wasm, { _malloc: malloc, _free: free });
  return peak;
}

/** Bytes of the results of all layers that a backward pass needs: each layer's output once. */
function activationBytes(model, batch) {
  return model.layers.reduce(
    (sum, { output }) => sum + 4 * batch * output.shape.slice(1).reduce((product, size) => product * size, 1),
    0,
  );
}

function measureCase({ name: network, blocks, inputSize, batch }) {
  const model = resNet(blocks, inputSize);
  const variables = Object.fromEntries(model.trainableWeights.map((weight) => [weight.name, weight.read()]));
  const images = noise([batch, inputSize, inputSize, 3], 1);
  const target = noise([batch, ...model.outputs[0].shape.slice(1)], 2);
  const optimizer = adam();
  let state = optimizer.init(variables);
  const step = () => {
    const loss = () => tf.mean(tf.square(tf.sub(model.apply(images, { training: true }), target)));
    const { value, grads } = tf.variableGrads(loss, Object.values(variables));
    const gradients = Object.fromEntries(
      Object.entries(variables).map(([name, variable]) => [name, grads[variable.name]]),
    );
    const result = optimizer.update({ variables, gradients, state, learningRate: 1e-3 });
    for (const [name, tensor] of Object.entries(result.values)) variables[name].assign(tensor);
    tf.dispose([value, grads, result.values, state.slots]);
    state = result.state;
  };
  const ms = processorTime(step, { warmUp: 2, repetitions: 5 });
  const held = tf.memory().numBytes;
  const peak = held + peakBytes(step);
  const needed = held + activationBytes(model, batch);
  const rate = (3 * forwardFlop(model, batch)) / ms / 1e6;
  const name = `${network}, ${inputSize} px, batch ${batch}`;
  tf.dispose([images, target, state.slots]);
  model.dispose();
  return [
    row(`${name}: step`, ms, 'ms', `${((1000 * batch) / ms).toFixed(1)} images/s`),
    row(`${name}: effective rate`, rate, 'GFLOP/s', 'three forward passes in the time of a step'),
    row(
      `${name}: memory`,
      peak / 1e6,
      'MB',
      `${(peak / needed).toFixed(2)} × weights, optimiser state and the results of all layers`,
    ),
  ];
}

export async function measure() {
  setFlagsFromString('--no-liftoff');
  setFlagsFromString('--experimental-wasm-relaxed-simd');
  await startWasm();
  registerWasmTrainingKernels();
  return CASES.flatMap(measureCase);
}
