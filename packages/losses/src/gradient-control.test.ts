import * as tf from '@tensorflow/tfjs-core';
import { constMask } from './const-mask.js';
import { stopGradient } from './stop-gradient.js';
import { useBackend } from './test-support/compare.js';

describe.each(['cpu', 'wasm'])('gradient control on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  it('stopGradient keeps the values and stops the gradient', async () => {
    const x = tf.tensor1d([1, -2, 3]);
    const { value, grad } = tf.valueAndGrad((y: tf.Tensor) => tf.sum(tf.mul(y, stopGradient(y))))(x);
    expect(Array.from(await value.data())).toEqual([14]);
    expect(Array.from(await grad.data())).toEqual([1, -2, 3]); // not twice that
    const stopped = stopGradient(x);
    stopped.dispose();
    expect(x.isDisposed).toBe(false);
  });

  it('constMask selects by a comparison of a differentiated tensor', async () => {
    const positivePart = (x: tf.Tensor) =>
      tf.mul(
        x,
        constMask(x, (y) => tf.greater(y, 0)),
      );
    const gradient = tf.grad((x: tf.Tensor) => tf.sum(tf.square(positivePart(x))))(tf.tensor1d([-1, 0, 2]));
    expect(Array.from(await gradient.data())).toEqual([0, 0, 4]);
    expect(constMask(tf.tensor1d([1, -1]), (y) => tf.greater(y, 0)).dtype).toBe('float32');
  });

  it('constMask may change the shape and may feed tf.where', async () => {
    const x = tf.tensor2d([
      [1, 2],
      [3, -4],
    ]);
    const largest = (y: tf.Tensor) => {
      const isChosen = tf.cast(
        constMask(y, (z) => tf.oneHot(tf.argMax(z, 1), 2)),
        'bool',
      );
      return tf.sum(tf.where(isChosen, y, tf.zerosLike(y)));
    };
    const { value, grad } = tf.valueAndGrad(largest)(x);
    expect(Array.from(await value.data())).toEqual([5]);
    expect(Array.from(await grad.data())).toEqual([0, 1, 1, 0]);
  });

  it('leaks nothing', () => {
    const x = tf.tensor1d([1, 2]);
    const step = () =>
      tf.dispose(
        tf.grad((y: tf.Tensor) =>
          tf.sum(
            tf.mul(
              stopGradient(y),
              constMask(y, (z) => tf.greater(z, 1)),
            ),
          ),
        )(x),
      );
    step();
    const before = tf.memory().numTensors;
    for (let i = 0; i < 50; i++) step();
    expect(tf.memory().numTensors).toBe(before);
  });
});
