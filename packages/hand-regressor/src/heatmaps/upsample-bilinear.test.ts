import * as tf from '@tensorflow/tfjs-core';
import { createRng } from '@opposable/tensor-checks';
import { registerWasmTrainingKernels } from '@opposable/wasm-training';
import { upsampleBilinear } from './upsample-bilinear.js';
import { UpsampleBilinear } from './upsample-layer.js';

const { abs, max } = Math;

/** y(i) = Σ x(j)·tent((i + ½)/2 − ½ − j), with the outermost pixel repeated: written as a position, unlike the code. */
function naive(x: Float64Array, shape: readonly number[]): Float64Array {
  const [batch, height, width, channels] = shape as [number, number, number, number];
  const out = new Float64Array(batch * height * width * channels * 4);
  const weight = (i: number, j: number, size: number): number => {
    const position = Math.min(max((i + 0.5) / 2 - 0.5, 0), size - 1);
    return max(0, 1 - abs(position - j));
  };
  for (let b = 0; b < batch; b++)
    for (let y = 0; y < 2 * height; y++)
      for (let u = 0; u < 2 * width; u++)
        for (let c = 0; c < channels; c++) {
          let sum = 0;
          for (let row = 0; row < height; row++)
            for (let column = 0; column < width; column++)
              sum +=
                weight(y, row, height) *
                weight(u, column, width) *
                x[((b * height + row) * width + column) * channels + c]!;
          out[((b * 2 * height + y) * 2 * width + u) * channels + c] = sum;
        }
  return out;
}

describe.each([
  ['cpu', ''],
  ['wasm', ''],
  ['wasm', ' with training kernels'],
])('upsampleBilinear on %s%s', (backend, kernels) => {
  beforeAll(async () => {
    await tf.setBackend(backend);
    await tf.ready();
    if (kernels) registerWasmTrainingKernels();
  });

  it.each([
    [2, 3, 5, 2],
    [1, 1, 4, 3],
    [1, 4, 1, 1],
  ])('and its gradient equal float64 and its differences for [%i, %i, %i, %i]', async (...shape) => {
    const rng = createRng('upsample');
    const values = Float64Array.from({ length: shape.reduce((a, b) => a * b) }, () => Math.fround(rng.normal()));
    const weights = Float64Array.from({ length: values.length * 4 }, () => Math.fround(rng.normal()));
    const outShape = [shape[0], 2 * shape[1], 2 * shape[2], shape[3]] as [number, number, number, number];
    const { value, grad } = tf.valueAndGrad((x: tf.Tensor) =>
      tf.sum(tf.mul(upsampleBilinear(x as tf.Tensor4D), tf.tensor4d(Float32Array.from(weights), outShape))),
    )(tf.tensor4d(Float32Array.from(values), shape));
    const forward = await upsampleBilinear(tf.tensor4d(Float32Array.from(values), shape)).data();
    naive(values, shape).forEach((expected, i) => expect(abs(forward[i]! - expected)).toBeLessThan(2e-6));
    const loss = (x: Float64Array): number => naive(x, shape).reduce((sum, y, i) => sum + y * weights[i]!, 0);
    expect(abs((await value.data())[0]! - loss(values))).toBeLessThan(1e-4);
    const gradient = await grad.data();
    values.forEach((_, i) => {
      const moved = (by: number): number => loss(values.map((x, k) => (k === i ? x + by : x)));
      expect(abs(gradient[i]! - (moved(1e-4) - moved(-1e-4)) / 2e-4)).toBeLessThan(1e-5);
    });
  });

  it('leaks nothing in 50 gradient steps', () => {
    const x = tf.ones<tf.Rank.R4>([1, 4, 4, 2]);
    const step = (): void =>
      tf.dispose(tf.grad((y: tf.Tensor) => tf.sum(tf.square(upsampleBilinear(y as tf.Tensor4D))))(x));
    step();
    const before = tf.memory().numTensors;
    for (let i = 0; i < 50; i++) step();
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('UpsampleBilinear', () => {
  it('knows its output shape, also of maps of unknown size', () => {
    const layer = new UpsampleBilinear({ name: 'up' });
    expect(layer.computeOutputShape([null, 8, 6, 3])).toEqual([null, 16, 12, 3]);
    expect(layer.computeOutputShape([null, null, null, 3])).toEqual([null, null, null, 3]);
  });
});
