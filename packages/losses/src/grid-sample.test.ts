import * as tf from '@tensorflow/tfjs-core';
import { createRng } from '@opposable/tensor-checks';
import { registerWasmTrainingKernels } from '@opposable/wasm-training';
import { gridSample, type GridSampleOptions } from './grid-sample.js';
import { type Arrays, compare, leakOver50Steps, useBackend } from './test-support/compare.js';

const { abs, max, min } = Math; // once: globals are slow inside Jest
const rng = createRng('grid');
const [BATCH, H, W, C, N] = [2, 5, 7, 3, 25];
const uniforms = (count: number, min: number, max: number) =>
  Array.from({ length: count }, () => rng.uniform(min, max));
const inputs = {
  images: { shape: [BATCH, H, W, C], values: uniforms(BATCH * H * W * C, -1, 1) },
  grid: { shape: [BATCH, N, 2], values: uniforms(BATCH * N * 2, -1.5, 1.5) },
  /** Makes a scalar of the samples. */
  weights: { shape: [BATCH, N, C], values: uniforms(BATCH * N * C, -1, 1) },
};
type Names = keyof typeof inputs;

function naive({ alignCorners, paddingMode }: GridSampleOptions) {
  return (x: Arrays<Names>) => {
    const place = (g: number, size: number) => {
      const pixel = alignCorners ? ((g + 1) / 2) * (size - 1) : ((g + 1) * size - 1) / 2;
      return paddingMode === 'border' ? min(max(pixel, 0), size - 1) : pixel;
    };
    let sum = 0;
    for (let b = 0; b < BATCH; b++) {
      for (let n = b * N; n < (b + 1) * N; n++) {
        const [u, v] = [place(x.grid[n * 2]!, W), place(x.grid[n * 2 + 1]!, H)];
        for (let row = 0; row < H; row++) {
          for (let column = 0; column < W; column++) {
            const tent = max(0, 1 - abs(u - column)) * max(0, 1 - abs(v - row));
            for (let c = 0; c < C; c++) {
              sum += tent * x.images[((b * H + row) * W + column) * C + c]! * x.weights[n * C + c]!;
            }
          }
        }
      }
    }
    return sum;
  };
}

const OPTIONS: GridSampleOptions[] = [true, false].flatMap((alignCorners) =>
  (['zeros', 'border'] as const).map((paddingMode) => ({ alignCorners, paddingMode })),
);
const weighted = (x: Record<Names, tf.Tensor>, options: GridSampleOptions) =>
  tf.sum(tf.mul(gridSample(x.images, x.grid, options), x.weights));

describe.each([
  ['cpu', ''],
  ['wasm', ''],
  ['wasm', ' with fused kernels'],
])('gridSample on %s%s', (backend, kernels) => {
  beforeAll(async () => {
    await useBackend(backend);
    if (kernels) registerWasmTrainingKernels();
    expect(tf.getKernel('OpposableBilinearSample', backend) !== undefined).toBe(kernels !== '');
  });

  it.each(OPTIONS)('equals the float64 loop and its central differences with %j', async (options) => {
    const error = await compare(inputs, (x) => weighted(x, options), naive(options), ['images', 'grid']);
    expect(error.value).toBeLessThan(1e-5);
    expect(error.gradient['images']).toBeLessThan(1e-5);
    expect(error.gradient['grid']).toBeLessThan(1e-5);
  });

  it('adds up the gradients of points that share a pixel', async () => {
    const grid = tf.tensor3d([
      [
        [0, 0],
        [0, 0],
        [0, 0],
      ],
    ]);
    const options = { alignCorners: true, paddingMode: 'zeros' } as const;
    const gradient = tf.grad((images: tf.Tensor) => tf.sum(gridSample(images, grid, options)))(tf.zeros([1, 3, 3, 1]));
    expect(Array.from(await gradient.data())).toEqual([0, 0, 0, 0, 3, 0, 0, 0, 0]);
  });

  it('reads the corners at -1 and 1, or half a pixel outside of them', async () => {
    const images = tf.tensor4d([1, 2, 3, 4], [1, 2, 2, 1]);
    const corners = tf.tensor3d([
      [
        [-1, -1],
        [1, -1],
        [-1, 1],
        [1, 1],
      ],
    ]);
    const sample = async (alignCorners: boolean, paddingMode: 'zeros' | 'border') =>
      Array.from(await gridSample(images, corners, { alignCorners, paddingMode }).data());
    expect(await sample(true, 'zeros')).toEqual([1, 2, 3, 4]);
    expect(await sample(true, 'border')).toEqual([1, 2, 3, 4]);
    expect(await sample(false, 'zeros')).toEqual([0.25, 0.5, 0.75, 1]);
    expect(await sample(false, 'border')).toEqual([1, 2, 3, 4]);
  });

  it('reads images of one pixel, and 0 or the border far outside', async () => {
    const pixel = tf.tensor4d([5], [1, 1, 1, 1]);
    const grid = tf.tensor3d([
      [
        [0, 0],
        [1e6, -1e6],
      ],
    ]);
    const sample = async (alignCorners: boolean, paddingMode: 'zeros' | 'border') =>
      Array.from(await gridSample(pixel, grid, { alignCorners, paddingMode }).data());
    expect(await sample(false, 'zeros')).toEqual([5, 0]);
    expect(await sample(false, 'border')).toEqual([5, 5]);
    expect(await sample(true, 'border')).toEqual([5, 5]);
  });

  it.each(['zeros', 'border'] as const)(
    'gives NaN for a point that is NaN and spoils no other (%s)',
    async (paddingMode) => {
      const grid = tf.tensor3d([
        [
          [NaN, 0],
          [0, 0],
        ],
      ]);
      const samples = gridSample(tf.ones([1, 3, 3, 1]), grid, { alignCorners: true, paddingMode });
      expect(Array.from(await samples.data())).toEqual([NaN, 1]);
    },
  );

  it('leaks nothing in 50 gradient steps', () => {
    for (const options of OPTIONS) expect(leakOver50Steps(inputs, 'grid', (x) => weighted(x, options))).toBe(0);
  });
});

describe('gridSample', () => {
  it('refuses shapes and options by name', () => {
    const options = { alignCorners: true, paddingMode: 'zeros' } as const;
    expect(() => gridSample(tf.zeros([2, 4, 4]), tf.zeros([2, 3, 2]), options)).toThrow(
      'gridSample: expected images of shape [B, H, W, C], got [2, 4, 4].',
    );
    expect(() => gridSample(tf.zeros([2, 4, 4, 1]), tf.zeros([3, 3, 2]), options)).toThrow(
      'gridSample: expected grid of shape [B, N, 2] with B = 2',
    );
    const reflection = { ...options, paddingMode: 'reflection' as 'zeros' };
    expect(() => gridSample(tf.zeros([2, 4, 4, 1]), tf.zeros([2, 3, 2]), reflection)).toThrow(
      'gridSample: expected paddingMode to be one of zeros, border, got reflection.',
    );
    expect(() => gridSample(tf.zeros([2, 4, 4, 1]), tf.zeros([2, 3, 2]), {} as typeof options)).toThrow(
      'gridSample: expected alignCorners to be one of true, false, got undefined.',
    );
  });
});
