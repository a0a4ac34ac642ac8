import * as tf from '@tensorflow/tfjs-core';
import { registerWasmTrainingKernels } from '../register-wasm-training-kernels.js';
import { expectAsOnCpu, growthOver50Runs, noise } from '../test-support/compare.js';
import { planBroadcast } from './binary.js';

/* prettier-ignore */
const shapes: [number[], number[]][] = [
  [[], []], [[1], []], [[7], [7]], [[7], []], [[], [7]], [[7], [1]], [[2, 3], [3]], [[3], [2, 3]], [[5, 4, 3], [3]], [[5, 4, 3], [4, 3]],
  [[5, 4, 3], [5, 1, 1]], [[5, 4, 3], [5, 4, 1]], [[5, 4, 3], [5, 1, 3]], [[5, 1, 3], [5, 4, 3]], [[5, 4, 3], [1, 4, 1]],
  [[5, 1, 1], [5, 4, 3]], [[2, 9, 9, 64], [64]], [[2, 9, 9, 5], [5]], [[2, 9, 9, 1], [1]], [[3, 33, 1], [3, 1, 1]], [[2, 40, 70], [70]],
  [[2, 7, 7, 3], [2, 1, 1, 3]], [[2, 7, 7, 3], [2, 1, 1, 1]], [[3, 1], [1, 4]], [[0, 3], [3]], [[2, 1, 3], [1, 4, 1]], [[1, 1, 5], [5]],
];

describe('element by element on wasm', () => {
  beforeAll(async () => {
    await tf.setBackend('wasm');
    await tf.ready();
    registerWasmTrainingKernels();
  });

  it.each(shapes)('add, sub, mul and div of %j and %j equal the cpu backend', async (a, b) => {
    await expectAsOnCpu(JSON.stringify([a, b]), (rng) => {
      const [x, y] = [noise(rng, a), noise(rng, b)];
      const away = tf.add(tf.mul(tf.sign(y), 0.5), y);
      return [tf.add(x, y), tf.sub(x, y), tf.mul(x, y), tf.div(x, away)];
    });
  });

  it.each(
    shapes.filter(([a, b]) => a.length >= b.length && b.every((size, i) => size === 1 || size === a.at(i - b.length))),
  )('prelu of %j with slopes %j equals the cpu backend', async (a, b) => {
    await expectAsOnCpu(JSON.stringify(['prelu', a, b]), (rng) => {
      const [x, alpha] = [noise(rng, a), noise(rng, b)];
      return [tf.prelu(x, alpha), ...tf.grads((u, v) => tf.prelu(u, v))([x, alpha], noise(rng, a))];
    });
  });

  it('prelu sees slopes that an optimiser has written in place', async () => {
    await tf.setBackend('wasm');
    const [x, alpha] = [tf.tensor1d([-1, -2, 3]), tf.tensor1d([0.5, 0.5, 0.5])];
    expect(Array.from(await tf.prelu(x, alpha).data())).toEqual([-0.5, -1, 3]);
    const inputs = { value0: alpha, gradient0: tf.tensor1d([1, 1, 3]) };
    tf.engine().runKernel('OpposableSgd', inputs, { rate: 0.25, momentum: 0, l2: 0, keep: 1, inPlace: true });
    expect(Array.from(await tf.prelu(x, alpha).data())).toEqual([-0.25, -0.5, 3]);
  });

  it('keeps integers integers', async () => {
    await expectAsOnCpu('int', () => [
      tf.add(tf.tensor1d([1, 2, 3], 'int32'), tf.scalar(4, 'int32')),
      tf.mul(tf.tensor1d([1, 2, 3], 'int32'), tf.tensor1d([4, 5, 6], 'int32')),
    ]);
  });

  it('passes gradients to both sides of a broadcast', async () => {
    await expectAsOnCpu('grad', (rng) => {
      const [x, y] = [noise(rng, [3, 20, 5]), tf.add(noise(rng, [5]), 4)];
      return [tf.add, tf.sub, tf.mul, tf.div].flatMap((op) =>
        tf.grads((a, b) => op(a, b))([x, y], noise(rng, [3, 20, 5])),
      );
    });
  });

  it('passes relu its gradient: dy where the result is positive, 0 at 0', async () => {
    await expectAsOnCpu('relu', (rng) => {
      const x = tf.concat([noise(rng, [1031]), tf.zeros([4])]);
      return [tf.relu(x), tf.grad((a) => tf.relu(a))(x, noise(rng, [1035]))];
    });
    await tf.setBackend('wasm');
    const gradient = tf.grad((a) => tf.relu(a))(tf.tensor1d([-1, 0, 1e-30, 2]), tf.tensor1d([3, 4, 5, 6]));
    expect(Array.from(await gradient.data())).toEqual([0, 0, 5, 6]);
  });

  it('leaks nothing', async () => {
    await tf.setBackend('wasm');
    const [x, y] = [tf.ones([4, 9, 3]), tf.ones([3])];
    const step = () => tf.tidy(() => tf.grads((a, b) => tf.relu(tf.div(tf.sub(tf.mul(a, b), b), b)))([x, y]));
    expect(growthOver50Runs(step)).toEqual({ tensors: 0, buffers: 0 });
  });
});

describe('planBroadcast', () => {
  it.each([
    [[5, 4, 3], [5, 4, 3], { outer: 60, middle: 1, inner: 1 }],
    [[5, 4, 3], [3], { outer: 1, middle: 20, inner: 3 }],
    [[5, 4, 3], [5, 1, 3], { outer: 5, middle: 4, inner: 3 }],
    [[5, 4, 3], [5, 1, 1], { outer: 5, middle: 12, inner: 1 }],
    [[5, 1, 3], [1, 1, 1], { outer: 1, middle: 15, inner: 1 }],
    [[5, 4, 3], [1, 4, 1], undefined],
    [[5, 1, 3], [5, 4, 3], undefined],
    [[3], [2, 3], undefined],
  ])('of %j and %j', (full, small, plan) => {
    expect(planBroadcast(full, small)).toEqual(plan);
  });
});
