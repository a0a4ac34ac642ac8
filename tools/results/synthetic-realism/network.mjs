/** The networks that are tried: window → 21 × 2 coordinates over the window and 21 × 3 in units of the hand's length. */
import * as tf from '@tensorflow/tfjs-core';
import { input, layers, model } from '@tensorflow/tfjs-layers';
import { StandardizeImage, UpsampleBilinear } from '@opposable/hand-regressor';
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
  // keypoints as centres of mass of maps, which come from all scales: places are read off, not remembered
  maps: { channels: [32, 64, 128, 192], blocks: [0, 0, 0, 1], features: 384, pyramid: 64 },
};

/** Maps [B, S, S, 21] → centres of mass of their softmax over the window, [B, 21, 2] in −1 … 1. */
class CentersOfMass extends layers.Layer {
  static className = 'RealismCentersOfMass';

  call(inputs) {
    const [maps] = Array.isArray(inputs) ? inputs : [inputs];
    const [, side, , count] = maps.shape;
    return tf.tidy(() => {
      const place = (i) => (2 * i + 1) / side - 1;
      const places = Array.from({ length: side * side }, (_, i) => [place(i % side), place(Math.floor(i / side))]);
      const flat = tf.transpose(tf.reshape(maps, [-1, side * side, count]), [0, 2, 1]);
      const shares = tf.reshape(tf.softmax(flat), [-1, side * side]);
      return tf.reshape(tf.matMul(shares, tf.tensor2d(places)), [-1, count, 2]);
    });
  }

  computeOutputShape([batch, , , count]) {
    return [batch, count, 2];
  }
}

export function createNetwork(name, size, seed) {
  const { channels, blocks, features, pyramid } = NETWORKS[name];
  const rng = createRng(seed).split('weights');
  const convolution = (x, filters, strides, label) =>
    layers.conv2d({ filters, kernelSize: 3, strides, padding: 'same', name: label }).apply(x);
  const relu = (x, label) => layers.reLU({ name: label }).apply(x);
  const image = input({ shape: [size, size, 3] });
  const scales = [];
  let x = new StandardizeImage({ name: 'standardize' }).apply(image);
  channels.forEach((filters, stage) => {
    x = relu(convolution(x, filters, 2, `down${stage}`), `down${stage}.relu`);
    for (let block = 0; block < blocks[stage]; block++) {
      const label = `block${stage}.${block}`;
      let y = relu(convolution(x, filters, 1, `${label}.a`), `${label}.relu`);
      y = convolution(y, filters, 1, `${label}.b`);
      x = relu(layers.add({ name: `${label}.add` }).apply([x, y]), `${label}.out`);
    }
    scales.push(x);
  });
  const dense = (units) => {
    const flat = layers.flatten({ name: 'flatten' }).apply(x);
    const hidden = relu(layers.dense({ units: features, name: 'dense' }).apply(flat), 'dense.relu');
    return layers.dense({ units, name: 'out' }).apply(hidden);
  };
  const network = model({ inputs: image, outputs: pyramid ? keypointsFromMaps() : dense(OUTPUTS) });

  /** From the coarsest scale to a quarter of the input: doubled, the finer scale added, and at last one map a keypoint. */
  function keypointsFromMaps() {
    const side = (filters, from, label) => layers.conv2d({ filters, kernelSize: 1, name: label }).apply(from);
    let y = relu(side(pyramid, scales[3], 'up3'), 'up3.relu');
    for (const stage of [2, 1]) {
      const doubled = new UpsampleBilinear({ name: `up${stage}.double` }).apply(y);
      const finer = side(pyramid, scales[stage], `up${stage}`);
      y = relu(layers.add({ name: `up${stage}.add` }).apply([doubled, finer]), `up${stage}.relu`);
      if (stage === 2) y = relu(convolution(y, pyramid, 1, 'up2.mix'), 'up2.mix.relu');
    }
    const places = new CentersOfMass({ name: 'centers' }).apply(
      side(21, relu(side(pyramid, y, 'maps.mix'), 'maps.relu'), 'maps'),
    );
    const points = layers.reshape({ targetShape: [21, 3], name: 'points' }).apply(dense(63));
    const both = layers.concatenate({ axis: 2, name: 'both' }).apply([places, points]);
    return layers.reshape({ targetShape: [OUTPUTS], name: 'numbers' }).apply(both);
  }
  initialize(network, rng);
  return network;
}

export const variablesOf = (network) =>
  Object.fromEntries(network.trainableWeights.map((weight) => [weight.originalName, weight.read()]));
