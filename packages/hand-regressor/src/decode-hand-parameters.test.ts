import * as tf from '@tensorflow/tfjs-core';
import { decodeHandParameters as decodeOnHost, HAND_PARAMETER_MEAN } from '@opposable/mano-layer/conventions';
import { loadOpenHand } from '@opposable/open-hand';
import { createRng } from '@opposable/tensor-checks';
import { createHandParameterLayer, decodeHandParameters } from './decode-hand-parameters.js';

const hand = loadOpenHand('right');

function randomParameters(seed: number, count: number): number[][] {
  const rng = createRng(seed);
  return Array.from({ length: count }, (_, n) => [
    rng.uniform(200, 900),
    rng.uniform(0, 255),
    rng.uniform(0, 255),
    ...(n === 0 ? [0, 0, 0] : n === 1 ? [Math.PI, 0, 0] : [1, 2, 3].map(() => rng.uniform(-3, 3))),
    ...Array.from({ length: 6 }, () => (n === 0 ? 0 : rng.uniform(-2, 2))),
    ...Array.from({ length: 10 }, () => (n === 0 ? 0 : rng.normal())),
  ]);
}

describe.each(['cpu', 'wasm'])('decodeHandParameters on %s', (backend) => {
  beforeAll(async () => {
    await tf.setBackend(backend);
    await tf.ready();
  });

  it('agrees with the decode on plain arrays, zero rotation and a half turn included', async () => {
    const layer = createHandParameterLayer(hand);
    const rows = randomParameters(1, 12);
    const decoded = decodeHandParameters(layer, tf.tensor2d(rows));
    const close = (actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void => {
      let worst = 0;
      for (let i = 0; i < expected.length; i++) worst = Math.max(worst, Math.abs(actual[i]! - expected[i]!));
      expect(worst).toBeLessThan(tolerance);
    };
    for (const [n, row] of rows.entries()) {
      const expected = decodeOnHost(hand, row);
      const of = (points: tf.Tensor3D): Promise<Float32Array> =>
        tf.slice(points, [n, 0, 0], [1, -1, -1]).data<'float32'>();
      close(await of(decoded.keypoints3d), expected.keypoints3d, 2e-6);
      close(await of(decoded.vertices3d!), expected.vertices3d, 2e-6);
      close(await of(decoded.keypoints2d), expected.keypoints2d, 2e-3);
      close(await of(decoded.vertices2d!), expected.vertices2d, 2e-3);
    }
    layer.dispose();
  });

  it('passes gradients that agree with central differences of the plain decode', async () => {
    const layer = createHandParameterLayer(hand);
    const [row] = randomParameters(2, 3).slice(2);
    const weights = Array.from({ length: 42 }, (_, i) => Math.sin(i));
    const objective = (values: number[]): number =>
      decodeOnHost(hand, values).keypoints2d.reduce((sum, value, i) => sum + value * weights[i]!, 0);
    const gradient = await tf
      .grad((x: tf.Tensor) =>
        tf.sum(
          tf.mul(
            decodeHandParameters(layer, x as tf.Tensor2D, { vertices: false }).keypoints2d,
            tf.tensor3d(weights, [1, 21, 2]),
          ),
        ),
      )(tf.tensor2d([row!]))
      .data();
    const numeric = row!.map((value, i) => {
      const h = 1e-4 * Math.max(1, Math.abs(value));
      const at = (delta: number) => objective(row!.map((v, j) => (j === i ? v + delta : v)));
      return (at(h) - at(-h)) / (2 * h);
    });
    const median = numeric.map(Math.abs).sort((a, b) => a - b)[11]!;
    numeric.forEach((expected, i) => {
      expect(Math.abs(gradient[i]! - expected)).toBeLessThanOrEqual(1e-3 * Math.max(Math.abs(expected), median));
    });
    layer.dispose();
  });

  it('owns nothing after 50 calls', () => {
    const layer = createHandParameterLayer(hand);
    const parameters = tf.tensor2d(randomParameters(3, 2));
    const run = () => tf.dispose(decodeHandParameters(layer, parameters) as unknown as tf.TensorContainer);
    run(); // the layer's own tensors are made by its first call
    const before = tf.memory().numTensors;
    for (let i = 0; i < 50; i++) run();
    expect(tf.memory().numTensors).toBe(before);
    layer.dispose();
  });

  it('takes more pose coefficients where the layer has them', () => {
    const layer = createHandParameterLayer(hand, { numPcaComponents: 45 });
    const decoded = decodeHandParameters(layer, tf.zeros([1, 61]));
    expect(decoded.pose.shape).toEqual([1, 45]);
    expect(() => decodeHandParameters(layer, tf.zeros([1, 22]))).toThrow(
      'decodeHandParameters: expected parameters of shape [B, 61], got [1, 22].',
    );
    layer.dispose();
  });
});

describe('the mean vector', () => {
  it('shows a hand of plausible size in the 256-pixel frame', () => {
    const { vertices2d } = decodeOnHost(hand, [...HAND_PARAMETER_MEAN]);
    const u = vertices2d.filter((_, i) => i % 2 === 0);
    const extent = Math.max(...u) - Math.min(...u);
    expect(extent).toBeGreaterThan(80);
    expect(extent).toBeLessThan(140);
  });
});
