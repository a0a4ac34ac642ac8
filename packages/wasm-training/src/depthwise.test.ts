import * as tf from '@tensorflow/tfjs-core';
import { createRng } from '@opposable/tensor-checks';
import { registerWasmTrainingKernels } from './register-wasm-training-kernels.js';
import { expectAsOnHost, noise, relativeError, underGuards } from './test-support/compare.js';

interface Case {
  readonly shape: readonly [number, number, number, number];
  /** [KH, KW, Q] */
  readonly filter: readonly [number, number, number];
  readonly strides?: readonly [number, number];
  readonly dilations?: readonly [number, number];
  readonly pad: 'same' | 'valid' | number | [[0, 0], [number, number], [number, number], [0, 0]];
}

/** Calls `use` with the places in x, y and w that a depthwise convolution multiplies, written out as the definition has it. */
function eachProduct(
  { shape: [batch, height, width, channels], filter: [high, wide, q], strides = [1, 1], dilations = [1, 1], pad }: Case,
  [, outHeight, outWidth]: readonly number[],
  use: (x: number, y: number, w: number) => void,
): void {
  const before = (axis: 0 | 1, size: number, out: number, taps: number): number => {
    if (pad === 'valid') return 0;
    if (pad !== 'same') return typeof pad === 'number' ? pad : pad[axis + 1]![0];
    return Math.floor(Math.max(0, (out - 1) * strides[axis] + (taps - 1) * dilations[axis] + 1 - size) / 2);
  };
  const top = before(0, height, outHeight!, high);
  const left = before(1, width, outWidth!, wide);
  for (let n = 0; n < batch; n++)
    for (let oh = 0; oh < outHeight!; oh++)
      for (let ow = 0; ow < outWidth!; ow++)
        for (let i = 0; i < high; i++)
          for (let j = 0; j < wide; j++) {
            const row = oh * strides[0] + i * dilations[0] - top;
            const column = ow * strides[1] + j * dilations[1] - left;
            if (row < 0 || row >= height || column < 0 || column >= width) continue;
            for (let c = 0; c < channels; c++)
              for (let k = 0; k < q; k++) {
                const pixel = (n * height + row) * width + column;
                const result = (n * outHeight! + oh) * outWidth! + ow;
                use(pixel * channels + c, (result * channels + c) * q + k, ((i * wide + j) * channels + c) * q + k);
              }
          }
}

describe('depthwise convolution and both gradients on wasm', () => {
  beforeAll(async () => {
    await tf.setBackend('wasm');
    await tf.ready();
    registerWasmTrainingKernels();
  });

  const cases: Case[] = [
    { shape: [2, 12, 13, 24], filter: [5, 5, 1], pad: 'same' },
    { shape: [3, 8, 8, 160], filter: [5, 5, 1], pad: 'same' },
    { shape: [1, 16, 17, 12], filter: [3, 3, 1], pad: 'same' },
    { shape: [2, 9, 17, 20], filter: [3, 3, 1], dilations: [2, 3], pad: 'same' },
    { shape: [1, 21, 20, 13], filter: [7, 7, 1], strides: [2, 2], pad: 'same' },
    { shape: [2, 10, 14, 8], filter: [3, 6, 1], strides: [2, 3], pad: 'valid' },
    { shape: [1, 6, 9, 43], filter: [5, 3, 1], pad: 4 },
    { shape: [1, 7, 40, 6], filter: [2, 9, 1], pad: 3 },
    { shape: [1, 2, 3, 9], filter: [5, 5, 1], pad: 'same' },
    { shape: [2, 4, 4, 64], filter: [1, 1, 1], pad: 'valid' },
    { shape: [1, 3, 5, 4], filter: [3, 3, 1], dilations: [4, 6], pad: 'same' },
    { shape: [2, 9, 8, 2], filter: [3, 3, 1], dilations: [2, 2], pad: 'same' },
    { shape: [1, 9, 9, 2], filter: [3, 2, 3], dilations: [2, 3], pad: 'valid' },
    { shape: [1, 6, 7, 3], filter: [3, 3, 4], strides: [2, 2], pad: 1 },
    { shape: [3, 40, 1, 16], filter: [3, 1, 1], pad: 'same' },
    {
      shape: [2, 6, 5, 5],
      filter: [3, 3, 1],
      pad: [
        [0, 0],
        [4, 0],
        [1, 3],
        [0, 0],
      ],
    },
    {
      shape: [1, 7, 6, 3],
      filter: [3, 2, 2],
      strides: [2, 2],
      pad: [
        [0, 0],
        [0, 2],
        [3, 0],
        [0, 0],
      ],
    },
  ];
  it.each(cases)('equals float64 loops: %j', async (what) => {
    const { shape, filter: taps, strides = [1, 1], dilations = [1, 1], pad } = what;
    const rng = createRng(`depthwise ${JSON.stringify(what)}`);
    const how = [[...strides] as [number, number], pad, 'NHWC', [...dilations] as [number, number]] as const;
    await underGuards(async () => {
      const x = noise(rng, shape) as tf.Tensor4D;
      const filter = noise(rng, [taps[0], taps[1], shape[3], taps[2]]) as tf.Tensor4D;
      const y = tf.depthwiseConv2d(x, filter, ...how);
      const dy = noise(rng, y.shape) as tf.Tensor4D;
      const attrs = { strides: how[0], pad, dilations: how[3], dimRoundingMode: undefined };
      const gradient = (name: string, inputs: object, more: object) =>
        tf.engine().runKernel<tf.Tensor4D>(name, inputs as never, { ...attrs, ...more } as never);
      const dx = gradient(tf.DepthwiseConv2dNativeBackpropInput, { dy, filter }, { inputShape: x.shape });
      const dw = gradient(tf.DepthwiseConv2dNativeBackpropFilter, { x, dy }, { filterShape: filter.shape });
      const [xs, ws, dys] = await Promise.all([x.data(), filter.data(), dy.data()]);
      const expected = [y, dx, dw].map(({ size }) => new Float64Array(size)) as [
        Float64Array,
        Float64Array,
        Float64Array,
      ];
      eachProduct(what, y.shape, (at, result, tap) => {
        expected[0][result]! += xs[at]! * ws[tap]!;
        expected[1][at]! += dys[result]! * ws[tap]!;
        expected[2][tap]! += dys[result]! * xs[at]!;
      });
      for (const [k, tensor] of [y, dx, dw].entries()) {
        expect(relativeError(await tensor.data(), expected[k]!)).toBeLessThan(1e-6);
        tensor.dispose();
      }
      tf.dispose([x, filter, dy]);
    });
  });

  it.each([
    { shape: [1, 3, 5, 4], filter: [3, 3, 1], dilations: [4, 6], pad: 'same' },
    { shape: [2, 6, 5, 3], filter: [3, 3, 1], dilations: [2, 1], pad: 'same' },
    { shape: [1, 9, 8, 2], filter: [3, 2, 3], dilations: [2, 3], pad: 'valid' },
    { shape: [1, 7, 6, 1], filter: [2, 3, 1], pad: 1 },
    { shape: [2, 6, 7, 3], filter: [3, 3, 2], strides: [2, 2], pad: 'same' },
  ] as Case[])('has the gradients of differences, which tfjs-core refuses with dilation: %j', async (what) => {
    const { shape, filter: taps, strides = [1, 1], dilations = [1, 1], pad } = what;
    const rng = createRng(`differences ${JSON.stringify(what)}`);
    const normals = (of: number[]) => ({
      shape: of,
      values: Array.from({ length: of.reduce((a, b) => a * b, 1) }, () => rng.normal()),
    });
    const convolution = (x: tf.Tensor, filter: tf.Tensor) =>
      tf.depthwiseConv2d(x as tf.Tensor4D, filter as tf.Tensor4D, [...strides], pad, 'NHWC', [...dilations]);
    const filterShape = [taps[0], taps[1], shape[3], taps[2]];
    const outShape = tf.tidy(() => convolution(tf.zeros([...shape]), tf.zeros(filterShape)).shape);
    await underGuards(() =>
      expectAsOnHost({
        inputs: { x: normals([...shape]), filter: normals(filterShape) },
        onTensors: ({ x, filter }) => convolution(x, filter),
        onHost: ({ x, filter }) => {
          const y = new Float64Array(outShape.reduce((a, b) => a * b, 1));
          eachProduct(what, outShape, (at, result, tap) => (y[result]! += x[at]! * filter[tap]!));
          return y;
        },
        differentiated: ['x', 'filter'],
      }),
    );
  });
});
