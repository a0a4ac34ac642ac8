import * as tf from '@tensorflow/tfjs-core';
import { processorTime, row } from '../measure.mjs';
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

function measureCase(one) {
  const { name: network, inputSize, batch } = one;
  const { model, step, dispose } = prepareStep(one);
  const ms = processorTime(step, { warmUp: 2, repetitions: 5 });
  const held = tf.memory().numBytes;
  const peak = held + peakBytes(step);
  const needed = held + activationBytes(model, batch);
  const rate = (3 * forwardFlop(model, batch)) / ms / 1e6;
  const name = `${network}, ${inputSize} px, batch ${batch}`;
  dispose();
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
  await startKernels();
  return CASES.flatMap(measureCase);
}
