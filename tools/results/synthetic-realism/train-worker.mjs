/** One of the threads that train: windows are cut, turned and recoloured as they are needed. */
import * as tf from '@tensorflow/tfjs-core';
import { chooseBackend } from '@opposable/hand-training';
import { createRng } from '@opposable/tensor-checks';
import { adam, cosineDecay, storeTensors, warmUp } from '@opposable/training';
import { boxOf, readWindow, toWindow, WINDOW } from './crop.mjs';
import { createNetwork, OUTPUTS, variablesOf } from './network.mjs';

const TABLE = 1 << 16;

export async function train(replica) {
  const { data: images, labels, settings } = replica.data;
  await chooseBackend('wasm');
  const { network: name, inputSize, batchSize, iterations, learningRate, seed, augment } = settings;
  const network = createNetwork(name, inputSize, seed);
  const variables = variablesOf(network);
  const own = batchSize / replica.workers;
  const rng = createRng(seed).split('batches').split(replica.rank);
  const table = Float32Array.from({ length: TABLE }, () => rng.normal());
  const pixels = new Float32Array(own * inputSize * inputSize * 3);
  const targets = new Float32Array(own * OUTPUTS);
  const { count, size } = images;

  function* batches() {
    for (let step = 0; ; step++) {
      for (let b = 0; b < own; b++) {
        const n = rng.integer(0, count - 1);
        const keypoints = labels.keypoints.subarray(42 * n, 42 * n + 42);
        const box = boxOf(keypoints);
        const window = {
          x: box.x + box.side * augment.shift * rng.normal(),
          y: box.y + box.side * augment.shift * rng.normal(),
          side: box.side * WINDOW * Math.exp(augment.scale * rng.normal()),
          angle: (augment.angleDegrees * Math.PI * rng.normal()) / 180,
        };
        const gain = rng.uniform(1 - augment.gain, 1 + augment.gain);
        const gains = [0, 1, 2].map(() => gain * rng.uniform(1 - augment.tint, 1 + augment.tint));
        const noise = {
          amplitude: augment.noise * rng.uniform(),
          table,
          mask: TABLE - 1,
          start: rng.integer(0, TABLE - 1),
        };
        const image = { data: images.data, width: size, height: size, start: n * size * size * 3 };
        readWindow(image, window, inputSize, pixels, b * inputSize * inputSize * 3, gains, noise);
        const [c, s] = [Math.cos(window.angle), Math.sin(window.angle)];
        for (let k = 0; k < 21; k++) {
          const at = b * OUTPUTS + 5 * k;
          [targets[at], targets[at + 1]] = toWindow(keypoints[2 * k], keypoints[2 * k + 1], window);
          const p = 63 * n + 3 * k;
          const [x, y, z] = [labels.shape[p], labels.shape[p + 1], labels.shape[p + 2]];
          targets[at + 2] = c * x + s * y;
          targets[at + 3] = -s * x + c * y;
          targets[at + 4] = z;
        }
      }
      yield {
        images: tf.tensor4d(pixels.slice(), [own, inputSize, inputSize, 3]),
        targets: tf.tensor2d(targets.slice(), [own, OUTPUTS]),
      };
    }
  }
  const rising = Math.min(100, Math.floor(iterations / 10));
  const start = Date.now();
  const result = await replica.fit({
    variables,
    batches: batches(),
    countSamples: () => own,
    iterations,
    computeLoss: (batch) => {
      const error = tf.abs(tf.sub(network.apply(batch.images, { training: true }), batch.targets));
      const parts = tf.reshape(error, [own * 21, 5]);
      const flat = tf.mean(tf.slice(parts, [0, 0], [-1, 2]));
      const deep = tf.mean(tf.slice(parts, [0, 2], [-1, 3]));
      return { total: tf.add(flat, tf.mul(deep, settings.depthWeight)), terms: { flat, deep } };
    },
    optimizer: adam({}),
    learningRate: warmUp({
      iterations: rising,
      then: cosineDecay({ initial: learningRate, final: learningRate * 0.01, iterations: iterations - rising }),
    }),
    gradientClip: 5,
    logEvery: 100,
  });
  return {
    weights: await storeTensors(variables),
    seconds: (Date.now() - start) / 1000,
    loss: result.history.total.at(-1),
    terms: Object.fromEntries(Object.entries(result.history.terms).map(([key, values]) => [key, values.at(-1)])),
  };
}
