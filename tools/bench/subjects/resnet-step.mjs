import * as tf from '@tensorflow/tfjs-core';
import { watchMemory } from '../memory.mjs';
import { digits, processorTime, row } from '../measure.mjs';
import { CASES, prepareStep, startKernels } from '../resnet.mjs';

export const title = 'One training step of ResNets on wasm (forward, backward, Adam), one worker';

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

/** Layers whose results any backward pass reads: inputs of convolutions, normalisations and dense layers, signs of ReLUs. */
const KEPT = ['Conv2D', 'ReLU', 'MaxPooling2D', 'GlobalAveragePooling2D'];

/**
 * Bytes of the activations that any implementation has to keep for the backward pass: the results of convolutions (which the
 * normalisations after them read), of ReLUs and of poolings. Not those of normalisations and additions, which the ReLU after
 * them makes superfluous.
 */
function activationBytes(model, batch) {
  return model.layers
    .filter((layer) => KEPT.includes(layer.getClassName()))
    .reduce(
      (sum, { output }) => sum + 4 * batch * output.shape.slice(1).reduce((product, size) => product * size, 1),
      0,
    );
}

function measureCase(one, bytes) {
  const { name: network, inputSize, batch } = one;
  bytes.peak = bytes.now;
  const { model, step, dispose } = prepareStep(one);
  const ms = processorTime(step, { warmUp: 2, repetitions: 5 });
  const held = tf.memory().numBytes;
  const activations = activationBytes(model, batch);
  const rate = (3 * forwardFlop(model, batch)) / ms / 1e6;
  const name = `${network}, ${inputSize} px, batch ${batch}`;
  dispose();
  return [
    row(`${name}: step`, ms, 'ms', `${((1000 * batch) / ms).toFixed(1)} images/s`),
    row(`${name}: effective rate`, rate, 'GFLOP/s', 'three forward passes in the time of a step'),
    row(
      `${name}: memory at most`,
      bytes.peak / 1e6,
      'MB',
      `${(bytes.peak / (held + activations)).toFixed(2)} × weights, optimiser state and batch (${digits(held / 1e6)}) and activations (${digits(activations / 1e6)})`,
    ),
  ];
}

export async function measure() {
  await startKernels();
  const bytes = watchMemory();
  return CASES.flatMap((one) => measureCase(one, bytes));
}
