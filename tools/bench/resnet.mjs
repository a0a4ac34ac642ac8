import { setFlagsFromString } from 'node:v8';
import * as tf from '@tensorflow/tfjs-core';
import { initializers, input, layers, model as layersModel } from '@tensorflow/tfjs-layers';
import { adam } from '@opposable/training';
import { fuseActivations, registerWasmTrainingKernels, variableGradients } from '@opposable/wasm-training';
import { noise, startWasm } from './wasm.mjs';

export const CASES = [
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

const named = (weights) => Object.fromEntries(weights.map((weight) => [weight.name, weight.read()]));

/** A network, one batch of noise and its loss; `dispose` gives it all back. */
export function prepareTraining({ blocks, inputSize, batch }) {
  const model = resNet(blocks, inputSize);
  fuseActivations(model);
  const images = noise([batch, inputSize, inputSize, 3], 1);
  const target = noise([batch, ...model.outputs[0].shape.slice(1)], 2);
  return {
    model,
    variables: named(model.trainableWeights),
    runningAverages: named(model.nonTrainableWeights),
    computeLoss: () => tf.mean(tf.square(tf.sub(model.apply(images, { training: true }), target))),
    dispose() {
      tf.dispose([images, target]);
      model.dispose();
    },
  };
}

/** Everything for one step, forward, backward and Adam; `dispose` gives it back. */
export function prepareStep(one) {
  const { model, variables, computeLoss, dispose: disposeTraining } = prepareTraining(one);
  const optimizer = adam();
  let state = optimizer.init(variables);
  const step = () => {
    const { value, grads } = variableGradients(computeLoss, Object.values(variables));
    const gradients = Object.fromEntries(
      Object.entries(variables).map(([name, variable]) => [name, grads[variable.name]]),
    );
    state = optimizer.updateInPlace({ variables, gradients, state, learningRate: 1e-3 });
    tf.dispose([value, grads]);
  };
  const dispose = () => {
    tf.dispose(Object.values(state.slots));
    disposeTraining();
  };
  return { model, step, dispose };
}

/** The wasm backend with the kernels, with relaxed SIMD where the engine has it. */
export async function startKernels() {
  setFlagsFromString('--no-liftoff');
  setFlagsFromString('--experimental-wasm-relaxed-simd');
  await startWasm();
  registerWasmTrainingKernels();
}
