import * as tf from '@tensorflow/tfjs-core';
import { createRng } from '@opposable/tensor-checks';
import { registerWasmTrainingKernels } from '../register-wasm-training-kernels.js';
import {
  expectAsOnHost,
  growthOver50Runs,
  type HostCase,
  noise,
  relativeError,
  underGuards,
} from '../test-support/compare.js';

const rng = createRng('images');
const normals = (shape: readonly number[]) => ({
  shape: [...shape],
  values: Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => rng.normal()),
});
const tent = (distance: number) => Math.max(0, 1 - Math.abs(distance));
const clip = (x: number, size: number) => Math.min(Math.max(x, 0), size - 1);

/** Bilinear samples by the sum over all pixels of a tent, in float64; `at` gives (x, y) of each sample of image n. */
function sampled(shape: number[], images: ArrayLike<number>, count: number, at: (n: number, i: number) => number[]) {
  const [batch, height, width, channels] = shape as [number, number, number, number];
  const y = new Float64Array(batch * count * channels);
  for (let n = 0; n < batch; n++) {
    for (let i = 0; i < count; i++) {
      const [u, v] = at(n, i) as [number, number];
      for (let h = 0; h < height; h++) {
        for (let w = 0; w < width; w++) {
          const weight = tent(u - w) * tent(v - h);
          if (weight === 0) continue;
          for (let c = 0; c < channels; c++) {
            y[(n * count + i) * channels + c]! += weight * images[((n * height + h) * width + w) * channels + c]!;
          }
        }
      }
    }
  }
  return y;
}

describe('images on wasm', () => {
  beforeAll(async () => {
    await tf.setBackend('wasm');
    await tf.ready();
    registerWasmTrainingKernels();
  });

  const sizes: [number[], [number, number]][] = [
    [
      [2, 2, 2, 1],
      [4, 4],
    ],
    [
      [1, 3, 5, 3],
      [7, 4],
    ],
    [
      [2, 6, 4, 5],
      [3, 9],
    ],
    [
      [1, 4, 4, 64],
      [8, 8],
    ],
    [
      [1, 1, 1, 2],
      [3, 2],
    ],
    [
      [2, 5, 3, 4],
      [1, 1],
    ],
    [
      [1, 4, 7, 3],
      [4, 7],
    ],
  ];
  const conventions = [
    { alignCorners: false, half: true },
    { alignCorners: false, half: false },
    { alignCorners: true, half: false },
  ];
  it.each(sizes.flatMap((size) => conventions.map((convention) => [...size, convention] as const)))(
    'resizeBilinear of %j to %j with %j and its gradient equal float64 and its differences',
    async (shape, size, { alignCorners, half }) => {
      const [, height, width] = shape as [number, number, number];
      const place = (i: number, inSize: number, outSize: number) => {
        const scale = alignCorners && outSize > 1 ? (inSize - 1) / (outSize - 1) : inSize / outSize;
        return clip(half ? scale * (i + 0.5) - 0.5 : scale * i, inSize);
      };
      await underGuards(() =>
        expectAsOnHost({
          inputs: { x: normals(shape) },
          onTensors: ({ x }) => tf.image.resizeBilinear(x as tf.Tensor4D, size, alignCorners, half),
          onHost: ({ x }) =>
            sampled(shape, x, size[0] * size[1], (_n, i) => [
              place(i % size[1], width, size[1]),
              place(Math.floor(i / size[1]), height, size[0]),
            ]),
          differentiated: ['x'],
        }),
      );
    },
  );

  it.each([
    [[2, 9, 8, 3], 2, [6, 7]],
    [[1, 9, 8, 3], 1, [9, 8]],
    [[2, 5, 6, 1], 1, [8, 3]],
    [[2, 6, 6, 5], 2, [4, 9]],
    [[1, 1, 1, 3], 1, [3, 3]],
    [[1, 7, 7, 8], 1, [7, 7]],
  ] as const)('transform of %j by %d matrices to %j equals float64', async (shape, matrices, size) => {
    const [batch, , , channels] = shape;
    const base = [0.8, -0.3, 1, 0.4, 0.9, -0.5, 0, 0];
    const projective = [1, 0, 0.2, 0.1, 1.1, 0.3, 0.02, -0.03];
    for (const start of [base, projective]) {
      const transforms = Array.from(
        { length: matrices * 8 },
        (_, k) => start[k % 8]! + (k % 8 < 6 ? 0.05 : 0) * rng.normal(),
      );
      const rounded = Float32Array.from(transforms);
      const image = normals(shape);
      const expected = sampled([...shape], Float32Array.from(image.values), size[0] * size[1], (n, i) => {
        const [a, b, c, d, e, f, g, h] = rounded.subarray(matrices === 1 ? 0 : 8 * n) as unknown as number[];
        const [x, y] = [i % size[1], Math.floor(i / size[1])];
        const w = g! * x + h! * y + 1;
        return [(a! * x + b! * y + c!) / w, (d! * x + e! * y + f!) / w];
      });
      await underGuards(async () => {
        const out = tf.tidy(() =>
          tf.image.transform(
            tf.tensor4d(image.values, [...shape]),
            tf.tensor2d(transforms, [matrices, 8]),
            'bilinear',
            'constant',
            0,
            [...size],
          ),
        );
        expect(out.shape).toEqual([batch, ...size, channels]);
        expect(relativeError(await out.data(), expected)).toBeLessThan(1e-4);
        out.dispose();
      });
    }
  });

  it('transform fills with the number asked for, and leaves the other modes as they were', async () => {
    const image = tf.tensor4d([1, 2, 3, 4], [1, 2, 2, 1]);
    const shift = tf.tensor2d([[1, 0, 1, 0, 1, 0, 0, 0]]);
    const transform = async (interpolation: 'bilinear' | 'nearest', mode: 'constant' | 'nearest') =>
      Array.from(await tf.image.transform(image, shift, interpolation, mode, 9).data());
    expect(await transform('bilinear', 'constant')).toEqual([2, 9, 4, 9]);
    expect(await transform('nearest', 'constant')).toEqual([2, 9, 4, 9]);
    expect(await transform('bilinear', 'nearest')).toEqual([2, 2, 4, 4]);
    tf.dispose([image, shift]);
  });

  /** The three sampling kernels as one operation. */
  const bilinearSample = (border: boolean, chosen?: tf.Tensor) =>
    tf.customGrad((images, points, save) => {
      const inputs = { images: images as tf.Tensor, points: points as tf.Tensor, ...(chosen ? { chosen } : {}) };
      (save as tf.GradSaveFunc)([images as tf.Tensor, points as tf.Tensor]);
      const run = (name: string, more: object) =>
        tf.engine().runKernel<tf.Tensor>(name, { ...inputs, ...more }, { border });
      return {
        value: run('OpposableBilinearSample', {}),
        gradFunc: (dy: tf.Tensor, [a, b]: tf.Tensor[]) =>
          ['OpposableBilinearImageGrad', 'OpposableBilinearPointGrad'].map((name) =>
            run(name, { images: a, points: b, dy }),
          ),
      };
    });

  it.each(
    [
      [[2, 5, 7, 3], 9],
      [[1, 1, 1, 1], 4],
      [[2, 4, 1, 5], 6],
      [[1, 3, 3, 64], 3],
      [[3, 3, 4, 8], 1],
    ].flatMap(([shape, count]) => [true, false].map((border) => [shape, count, border] as [number[], number, boolean])),
  )('samples of %j at %d points (border %j) and both gradients equal float64', async (shape, count, border) => {
    const [batch, height, width] = shape as [number, number, number];
    const points = Array.from({ length: batch * count * 2 }, (_, k) =>
      rng.uniform(-1.5, (k % 2 ? height : width) + 0.5),
    );
    const hostCase: HostCase<'images' | 'points'> = {
      inputs: { images: normals(shape), points: { shape: [batch, count, 2], values: points } },
      onTensors: ({ images, points: at }) => bilinearSample(border)(images, at),
      onHost: (x) =>
        sampled(shape, x.images, count, (n, i) => {
          const at = [x.points[2 * (n * count + i)]!, x.points[2 * (n * count + i) + 1]!] as const;
          return border ? [clip(at[0], width), clip(at[1], height)] : [...at];
        }),
      differentiated: ['images', 'points'],
    };
    await underGuards(() => expectAsOnHost(hostCase));
  });

  it('samples 0 from images that are not chosen, and gives them no gradient', async () => {
    await underGuards(async () => {
      const chosen = tf.tensor1d([true, false], 'bool');
      const images = tf.ones([2, 3, 3, 5]);
      const points = tf.fill([2, 2, 2], 1.25);
      const sample = (a: tf.Tensor, b: tf.Tensor) => bilinearSample(false, chosen)(a, b);
      const y = sample(images, points);
      expect(Array.from(await y.data())).toEqual([...Array<number>(10).fill(1), ...Array<number>(10).fill(0)]);
      const [dImages, dPoints] = tf.grads(sample)([images, points], tf.ones(y.shape)) as [tf.Tensor, tf.Tensor];
      const sums = await tf.sum(dImages, [1, 2, 3]).data();
      expect(Array.from(sums)).toEqual([10, 0]);
      expect(Array.from(await dPoints.data()).slice(4)).toEqual([0, 0, 0, 0]);
    });
  });

  it('leaks nothing', async () => {
    await tf.setBackend('wasm');
    const [images, points] = [noise(createRng(1), [2, 5, 5, 3]), tf.fill([2, 4, 2], 1.5)];
    const step = () =>
      tf.tidy(() => {
        const loss = (a: tf.Tensor, b: tf.Tensor) =>
          bilinearSample(true)(tf.image.resizeBilinear(a as tf.Tensor4D, [9, 9], false, true), b);
        return tf.grads(loss)([images, points]);
      });
    expect(growthOver50Runs(step)).toEqual({ tensors: 0, buffers: 0 });
  });
});
