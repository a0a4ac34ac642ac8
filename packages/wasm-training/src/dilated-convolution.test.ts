import * as tf from '@tensorflow/tfjs-core';
import { createRng } from '@opposable/tensor-checks';
import { registerWasmTrainingKernels } from './register-wasm-training-kernels.js';
import { underGuards } from './test-support/compare.js';

interface Case {
  shape: [number, number, number, number];
  filter: [number, number, number, number];
  dilation: [number, number];
  strides: [number, number];
  pad: [number, number];
}

/** The convolution and its gradients as plain sums in double precision. */
function naive({ shape, filter, dilation, strides, pad }: Case, x: Float32Array, w: Float32Array, dy?: Float32Array) {
  const [batch, height, width, channels] = shape;
  const [taps, tapsWide, , filters] = filter;
  const outHeight = Math.floor((height + 2 * pad[0] - (taps - 1) * dilation[0] - 1) / strides[0]) + 1;
  const outWidth = Math.floor((width + 2 * pad[1] - (tapsWide - 1) * dilation[1] - 1) / strides[1]) + 1;
  const y = new Float64Array(batch * outHeight * outWidth * filters);
  const dx = new Float64Array(x.length);
  const dw = new Float64Array(w.length);
  for (let n = 0; n < batch; n++)
    for (let oh = 0; oh < outHeight; oh++)
      for (let ow = 0; ow < outWidth; ow++)
        for (let kh = 0; kh < taps; kh++)
          for (let kw = 0; kw < tapsWide; kw++) {
            const ih = oh * strides[0] + kh * dilation[0] - pad[0];
            const iw = ow * strides[1] + kw * dilation[1] - pad[1];
            if (ih < 0 || iw < 0 || ih >= height || iw >= width) continue;
            for (let c = 0; c < channels; c++)
              for (let f = 0; f < filters; f++) {
                const i = ((n * height + ih) * width + iw) * channels + c;
                const j = ((kh * tapsWide + kw) * channels + c) * filters + f;
                const o = ((n * outHeight + oh) * outWidth + ow) * filters + f;
                y[o]! += x[i]! * w[j]!;
                dx[i]! += (dy?.[o] ?? 0) * w[j]!;
                dw[j]! += (dy?.[o] ?? 0) * x[i]!;
              }
          }
  return { y, dx, dw, outShape: [batch, outHeight, outWidth, filters] };
}

function relativeError(actual: ArrayLike<number>, expected: Float64Array): number {
  let difference = 0;
  let scale = 1e-3;
  expected.forEach((value, i) => {
    difference = Math.max(difference, Number.isNaN(actual[i]) ? Infinity : Math.abs(actual[i]! - value));
    scale = Math.max(scale, Math.abs(value));
  });
  return difference / scale;
}

describe('convolution with dilation on wasm', () => {
  beforeAll(async () => {
    await tf.setBackend('wasm');
    await tf.ready();
    registerWasmTrainingKernels();
  });

  /* prettier-ignore */
  const cases: Case[] = [
    { shape: [2, 9, 8, 5], filter: [3, 3, 5, 9], dilation: [2, 2], strides: [1, 1], pad: [2, 2] },
    { shape: [1, 11, 7, 3], filter: [3, 2, 3, 8], dilation: [3, 1], strides: [1, 1], pad: [0, 1] },
    { shape: [1, 9, 9, 4], filter: [2, 3, 4, 3], dilation: [1, 4], strides: [1, 1], pad: [1, 4] },
    { shape: [2, 13, 12, 6], filter: [3, 3, 6, 10], dilation: [2, 3], strides: [2, 3], pad: [2, 3] },
    { shape: [1, 10, 11, 2], filter: [3, 3, 2, 4], dilation: [2, 2], strides: [2, 2], pad: [1, 0] },
    { shape: [1, 12, 9, 2], filter: [3, 2, 2, 4], dilation: [3, 2], strides: [2, 3], pad: [3, 1] },
  ];
  it.each(cases.map((c) => [JSON.stringify(c), c] as const))('equals plain sums: %s', async (seed, c) => {
    const rng = createRng(seed);
    const values = (length: number) => Float32Array.from({ length }, () => rng.normal());
    const size = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);
    const [x, w] = [values(size(c.shape)), values(size(c.filter))];
    const dy = values(naive(c, x, w).y.length);
    const expected = naive(c, x, w, dy);
    const attrs = {
      strides: c.strides,
      dilations: c.dilation,
      pad: [0, ...c.pad, 0].map((zeros) => [zeros, zeros]),
      dataFormat: 'NHWC',
    };
    await underGuards(async () => {
      const inputs = {
        x: tf.tensor(x, c.shape),
        filter: tf.tensor(w, c.filter),
        dy: tf.tensor(dy, expected.outShape),
      };
      const errorOf = async (kernel: string, more: object, values: Float64Array) => {
        const out = tf.engine().runKernel<tf.Tensor>(kernel, inputs, { ...attrs, ...more });
        const data = await out.data();
        out.dispose();
        return relativeError(data, values);
      };
      expect(await errorOf(tf.Conv2D, {}, expected.y)).toBeLessThan(1e-5);
      expect(await errorOf(tf.Conv2DBackpropInput, { inputShape: c.shape }, expected.dx)).toBeLessThan(1e-5);
      expect(await errorOf(tf.Conv2DBackpropFilter, { filterShape: c.filter }, expected.dw)).toBeLessThan(1e-5);
      tf.dispose(inputs);
    });
  });

  it('can be differentiated with tf.grads, which tfjs-core refuses', async () => {
    const [x, filter] = [
      tf.randomNormal([1, 8, 8, 2], 0, 1, 'float32', 1),
      tf.randomNormal([3, 3, 2, 3], 0, 1, 'float32', 2),
    ];
    const f = (a: tf.Tensor, b: tf.Tensor) =>
      tf.sum<tf.Scalar>(tf.square(tf.conv2d(a as tf.Tensor4D, b as tf.Tensor4D, 1, 'same', 'NHWC', 2)));
    const [dx, dw] = tf.grads(f)([x, filter]) as [tf.Tensor, tf.Tensor];
    for (const [variable, gradient, at] of [
      [x, dx, (t: tf.Tensor) => f(t, filter)],
      [filter, dw, (t: tf.Tensor) => f(x, t)],
    ] as const) {
      const direction = tf.randomNormal(variable.shape, 0, 1, 'float32', 3);
      const difference = tf.tidy(() => {
        const up = at(tf.add(variable, tf.mul(direction, 1e-2)));
        const down = at(tf.sub(variable, tf.mul(direction, 1e-2)));
        return tf.div(tf.sub(up, down), 2e-2);
      });
      const analytic = tf.tidy(() => tf.sum(tf.mul(gradient, direction)));
      const [[numeric], [exact]] = await Promise.all([difference.data(), analytic.data()]);
      expect(Math.abs(numeric! - exact!)).toBeLessThan(1e-2 * Math.abs(exact!));
      tf.dispose([direction, difference, analytic]);
    }
    tf.dispose([x, filter, dx, dw]);
  });
});
