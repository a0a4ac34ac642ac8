import * as tf from '@tensorflow/tfjs-core';
import { createRng } from '@opposable/tensor-checks';
import { registerWasmTrainingKernels } from '../register-wasm-training-kernels.js';
import { expectAsOnCpu, expectAsOnHost, growthOver50Runs, noise, underGuards } from '../test-support/compare.js';

type Pad = 'same' | 'valid' | number | [[number, number], [number, number], [number, number], [number, number]];

/* prettier-ignore */
const pools: [number[], number | [number, number], number | [number, number], Pad][] = [
  [[2, 8, 8, 3], 2, 2, 'valid'], [[2, 9, 7, 5], 3, 2, 'same'], [[1, 5, 5, 1], 3, 1, 'same'], [[2, 6, 6, 4], [3, 2], [1, 3], 'valid'],
  [[2, 8, 8, 3], 3, 2, 1], [[1, 2, 2, 3], 3, 2, 'same'], [[1, 4, 5, 64], 2, 2, 'same'], [[2, 5, 4, 6], 3, 2, [[0, 0], [2, 1], [0, 1], [0, 0]]],
  [[1, 1, 1, 2], 1, 1, 'valid'], [[3, 7, 7, 9], 7, 7, 'valid'],
];

/** Means over the places of each window inside the image, in float64. */
function averages(shape: number[], [window, stride]: [number, number], [top, left]: [number, number], out: number[]) {
  const [batch, height, width, channels] = shape as [number, number, number, number];
  const [, outHeight, outWidth] = out as [number, number, number];
  return ({ x }: { x: Float64Array }): Float64Array => {
    const y = new Float64Array(batch * outHeight * outWidth * channels);
    let i = 0;
    for (let n = 0; n < batch; n++) {
      for (let oh = 0; oh < outHeight; oh++) {
        for (let ow = 0; ow < outWidth; ow++) {
          for (let c = 0; c < channels; c++, i++) {
            let count = 0;
            for (let h = oh * stride - top; h < oh * stride - top + window; h++) {
              for (let w = ow * stride - left; w < ow * stride - left + window; w++) {
                if (h < 0 || w < 0 || h >= height || w >= width) continue;
                count++;
                y[i]! += x[((n * height + h) * width + w) * channels + c]!;
              }
            }
            y[i]! /= count;
          }
        }
      }
    }
    return y;
  };
}

describe('pooling on wasm', () => {
  beforeAll(async () => {
    await tf.setBackend('wasm');
    await tf.ready();
    registerWasmTrainingKernels();
  });

  it.each(pools)('maxPool of %j, window %j, stride %j, pad %j and its gradient', async (shape, window, stride, pad) => {
    await expectAsOnCpu('pool', (rng) => {
      // few distinct values: ties go to the first position
      const x = tf.round(noise(rng, shape)) as tf.Tensor4D;
      const pool = (a: tf.Tensor) => tf.maxPool(a as tf.Tensor4D, window, stride, pad);
      const y = pool(x);
      return [y, tf.grad(pool)(x, noise(rng, y.shape))];
    });
  });

  it.each(pools.filter(([, , , pad]) => pad === 'valid'))(
    'avgPool of %j, window %j, stride %j, pad %j and its gradient equal the cpu backend',
    async (shape, window, stride, pad) => {
      await expectAsOnCpu('pool', (rng) => {
        const x = noise(rng, shape);
        const pool = (a: tf.Tensor) => tf.avgPool(a as tf.Tensor4D, window, stride, pad);
        const y = pool(x);
        return [y, tf.grad(pool)(x, noise(rng, y.shape))];
      });
    },
  );

  it.each([
    [[2, 5, 5, 3], 3, 2, 1],
    [[1, 4, 6, 5], 3, 1, 1],
    [[1, 3, 3, 2], 2, 2, 1],
    [[2, 5, 4, 3], 2, 1, 'same'],
    [[1, 6, 5, 64], 3, 2, 'same'],
    [[2, 5, 4, 1], 3, 2, [[0, 0], [2, 1], [0, 1], [0, 0]]], // prettier-ignore
  ] as [number[], number, number, Pad][])(
    'the gradient of avgPool of %j, window %d, stride %d, pad %j is that of the forward pass at the border too',
    async (shape, window, stride, pad) => {
      const rng = createRng('average');
      const values = Array.from({ length: shape.reduce((a: number, b) => a * b, 1) }, () => rng.normal());
      const rounding = pad === 'same' ? undefined : 'floor';
      const pool = (x: tf.Tensor) => tf.avgPool(x as tf.Tensor4D, window, stride, pad, rounding);
      await underGuards(() => {
        const out = tf.tidy(() => pool(tf.zeros([...shape])).shape);
        const size = shape as [number, number, number, number];
        const { top, left } = tf.backend_util.computePool2DInfo(size, window, stride, 1, pad, rounding).padInfo;
        return expectAsOnHost({
          inputs: { x: { shape: [...shape], values } },
          onTensors: ({ x }) => pool(x),
          onHost: averages([...shape], [window, stride], [top, left], out),
          differentiated: ['x'],
        });
      });
    },
  );

  it('leaks nothing', async () => {
    await tf.setBackend('wasm');
    const x = noise(createRng(1), [2, 8, 8, 3]) as tf.Tensor4D;
    const both = (a: tf.Tensor) =>
      tf.add(tf.maxPool(a as tf.Tensor4D, 3, 2, 'same'), tf.avgPool(a as tf.Tensor4D, 2, 2, 'valid'));
    expect(growthOver50Runs(() => tf.tidy(() => tf.grad(both)(x)))).toEqual({ tensors: 0, buffers: 0 });
  });
});
