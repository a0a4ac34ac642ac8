import * as tf from '@tensorflow/tfjs-core';
import { createRng } from '@opposable/tensor-checks';
import { keypoint2dLoss, type Keypoint2dInputs, type Keypoint2dOptions } from './keypoint-2d-loss.js';
import { type Arrays, compare, leakOver50Steps, useBackend } from './test-support/compare.js';

const { abs, sqrt } = Math; // once: globals are slow inside Jest
const rng = createRng('2d');
const uniforms = (count: number, min: number, max: number) =>
  Array.from({ length: count }, () => rng.uniform(min, max));
const BATCH = 3;
const predicted = uniforms(BATCH * 42, 0, 256);
const inputs = {
  predicted: { shape: [BATCH, 21, 2], values: predicted },
  target: { shape: [BATCH, 21, 2], values: predicted.map((value, i) => (i < 4 ? value : value + rng.normal(0, 5))) },
  visibility: { shape: [BATCH, 21], values: Array.from({ length: BATCH * 21 }, () => rng.integer(0, 2)) },
};
type Names = keyof typeof inputs;

function naive({ penalty = 'l1', epsilon = 1 }: Keypoint2dOptions) {
  return (x: Arrays<Names>) => {
    let [sum, count] = [0, 0];
    x.visibility.forEach((v, k) => {
      if (v !== 1) return;
      for (const i of [2 * k, 2 * k + 1]) {
        const d = x.predicted[i]! - x.target[i]!;
        if (penalty === 'l1') sum += abs(d);
        if (penalty === 'l2') sum += d * d;
        if (penalty === 'charbonnier') sum += sqrt(d * d + epsilon * epsilon) - epsilon;
        count++;
      }
    });
    return count === 0 ? 0 : sum / count;
  };
}

const VARIANTS: Keypoint2dOptions[] = [
  {},
  { penalty: 'l1' },
  { penalty: 'l2' },
  { penalty: 'charbonnier' },
  { penalty: 'charbonnier', epsilon: 0.1 },
];

describe.each(['cpu', 'wasm'])('keypoint2dLoss on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  it.each(VARIANTS)('equals the float64 loop and its central differences with %j', async (options) => {
    const error = await compare(inputs, (x) => keypoint2dLoss(x, options), naive(options), ['predicted', 'target']);
    expect(error.value).toBeLessThan(1e-6);
    expect(error.gradient['predicted']).toBeLessThan(1e-5);
    expect(error.gradient['target']).toBeLessThan(1e-5);
  });

  it('is 0 with a zero gradient where nothing is visible', async () => {
    const hidden = { ...inputs, visibility: { shape: [BATCH, 21], values: new Array<number>(BATCH * 21).fill(0) } };
    const error = await compare(
      hidden,
      (x) => keypoint2dLoss(x),
      () => 0,
      ['predicted'],
    );
    expect(error).toEqual({ value: 0, gradient: { predicted: 0 } });
  });

  it('counts exactly the keypoints marked 1', async () => {
    const x: Keypoint2dInputs = {
      predicted: tf.tensor3d([
        [
          [0, 0],
          [0, 0],
          [0, 0],
        ],
      ]),
      target: tf.tensor3d([
        [
          [1, 2],
          [50, 50],
          [60, 60],
        ],
      ]),
      visibility: tf.tensor2d([[1, 0, 2]]),
    };
    expect(await keypoint2dLoss(x).data()).toEqual(Float32Array.of(1.5));
  });

  it('lets no NaN of a hidden keypoint into value or gradient', async () => {
    const visibility = tf.tensor2d([[1, 0]]);
    const target = tf.tensor3d([
      [
        [1, 2],
        [NaN, Infinity],
      ],
    ]);
    const { value, grad } = tf.valueAndGrad((x: tf.Tensor) => keypoint2dLoss({ predicted: x, target, visibility }))(
      tf.tensor3d([
        [
          [3, 2],
          [NaN, NaN],
        ],
      ]),
    );
    expect(Array.from(await value.data())).toEqual([1]);
    expect(Array.from(await grad.data())).toEqual([0.5, 0, 0, 0]); // and 0, not ±1, where the difference is 0
  });

  it('leaks nothing in 50 gradient steps', () => {
    expect(leakOver50Steps(inputs, 'predicted', (x) => keypoint2dLoss(x))).toBe(0);
  });
});

describe('keypoint2dLoss', () => {
  it('refuses shapes and options by name', () => {
    const x = { predicted: tf.zeros([2, 21, 2]), target: tf.zeros([2, 21, 2]), visibility: tf.zeros([2, 21]) };
    expect(() => keypoint2dLoss({ ...x, predicted: tf.zeros([2, 21, 3]) })).toThrow(
      'keypoint2dLoss: expected predicted of shape [B, K, 2], got [2, 21, 3].',
    );
    expect(() => keypoint2dLoss({ ...x, target: tf.zeros([2, 20, 2]) })).toThrow('with B = 2, K = 21, got [2, 20, 2]');
    expect(() => keypoint2dLoss({ ...x, visibility: tf.zeros([2, 21, 1]) })).toThrow('expected visibility of shape');
    expect(() => keypoint2dLoss(x, { penalty: 'huber' as 'l1' })).toThrow(
      'keypoint2dLoss: expected penalty l1, l2 or charbonnier and epsilon > 0, got huber and 1.',
    );
    expect(() => keypoint2dLoss(x, { penalty: 'charbonnier', epsilon: 0 })).toThrow('got charbonnier and 0.');
  });
});
