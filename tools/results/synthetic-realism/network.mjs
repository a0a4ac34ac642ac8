/** The networks that are tried: window → 21 × 2 coordinates over the window and 21 × 3 in units of the hand's length. */
import * as tf from '@tensorflow/tfjs-core';
import { input, layers, model } from '@tensorflow/tfjs-layers';
import { StandardizeImage } from '@opposable/hand-regressor';
import { createRng } from '@opposable/tensor-checks';

export const OUTPUTS = 21 * 5;

/** Normal initial weights of deviation √(gain / fan-in) from a generator of our own; biases stay 0. */
function initialize(network, rng) {
  for (const weight of network.trainableWeights) {
    if (!weight.originalName.endsWith('/kernel')) continue;
    const { shape } = weight;
    const fanIn = shape.slice(0, -1).reduce((a, b) => a * b, 1);
    const deviation = Math.sqrt(gainOf(weight.originalName) / fanIn);
    const own = rng.split(weight.originalName);
    const values = Float32Array.from({ length: fanIn * shape.at(-1) }, () => own.normal(0, deviation));
    const tensor = tf.tensor(values, shape);
    weight.write(tensor);
    tensor.dispose();
  }
}

/** He et al. for what a ReLU follows; less for the ends of residual blocks and for the output. */
const gainOf = (name) => (name.startsWith('out') ? 0.1 : /\.b\//.test(name) ? 0.2 : 2);

/** channels per halving, and residual blocks after each */
export const NETWORKS = {
  plain: { channels: [32, 64, 128, 256], blocks: [0, 0, 0, 0], features: 384 },
  medium: { channels: [32, 64, 128, 256], blocks: [0, 1, 1, 1], features: 512 },
  large: { channels: [32, 64, 128, 256], blocks: [1, 2, 2, 2], features: 512 },
};

export function createNetwork(name, size, seed) {
  const { channels, blocks, features } = NETWORKS[name];
  const rng = createRng(seed).split('weights');
  const convolution = (x, filters, strides, label) =>
    layers.conv2d({ filters, kernelSize: 3, strides, padding: 'same', name: label }).apply(x);
  const relu = (x, label) => layers.reLU({ name: label }).apply(x);
  const image = input({ shape: [size, size, 3] });
  let x = new StandardizeImage({ name: 'standardize' }).apply(image);
  channels.forEach((filters, stage) => {
    x = relu(convolution(x, filters, 2, `down${stage}`), `down${stage}.relu`);
    for (let block = 0; block < blocks[stage]; block++) {
      const label = `block${stage}.${block}`;
      let y = relu(convolution(x, filters, 1, `${label}.a`), `${label}.relu`);
      y = convolution(y, filters, 1, `${label}.b`);
      x = relu(layers.add({ name: `${label}.add` }).apply([x, y]), `${label}.out`);
    }
  });
  x = layers.flatten({ name: 'flatten' }).apply(x);
  x = relu(layers.dense({ units: features, name: 'dense' }).apply(x), 'dense.relu');
  x = layers.dense({ units: OUTPUTS, name: 'out' }).apply(x);
  const network = model({ inputs: image, outputs: x });
  initialize(network, rng);
  return network;
}

export const variablesOf = (network) =>
  Object.fromEntries(network.trainableWeights.map((weight) => [weight.originalName, weight.read()]));
