import * as tf from '@tensorflow/tfjs-core';
import { createRng } from '@opposable/tensor-checks';
import { registerWasmTrainingKernels } from '@opposable/wasm-training';
import { maskLoss } from './mask-loss.js';
import { type Arrays, compare, leakOver50Steps, relativeError, tensorsOf, useBackend } from './test-support/compare.js';

const { abs, floor, max, min } = Math; // once: globals are slow inside Jest
const rng = createRng('mask');
const [BATCH, V, H, W] = [3, 40, 12, 16];
const inside = () => [rng.uniform(-3, W + 2), rng.uniform(-3, H + 2)];
const inputs = {
  vertices: { shape: [BATCH, V, 2], values: Array.from({ length: BATCH * V }, inside).flat() },
  masks: { shape: [BATCH, H, W], values: Array.from({ length: BATCH * H * W }, () => rng.integer(0, 1)) },
  valid: { shape: [BATCH], values: [1, 0, 1] },
};
type Names = keyof typeof inputs;

/** The mask's value at a point clamped to the image, as a weighted sum over all pixels: tent functions. */
function bilinear(mask: (row: number, column: number) => number, u: number, v: number): number {
  const [x, y] = [min(max(u, 0), W - 1), min(max(v, 0), H - 1)];
  let sum = 0;
  for (let row = 0; row < H; row++) {
    for (let column = 0; column < W; column++) {
      sum += max(0, 1 - abs(x - column)) * max(0, 1 - abs(y - row)) * mask(row, column);
    }
  }
  return sum;
}

function naive(x: Arrays<Names>): number {
  let [sum, count] = [0, 0];
  for (let b = 0; b < BATCH; b++) {
    if (x.valid[b] !== 1) continue;
    for (let i = b * V; i < (b + 1) * V; i++) {
      const mask = (row: number, column: number) => x.masks[(b * H + row) * W + column]!;
      sum += bilinear(mask, x.vertices[i * 2]!, x.vertices[i * 2 + 1]!);
      count++;
    }
  }
  return count === 0 ? 0 : 1 - sum / count;
}

describe.each([
  ['cpu', ''],
  ['wasm', ''],
  ['wasm', ' with fused kernels'],
])('maskLoss on %s%s', (backend, kernels) => {
  beforeAll(async () => {
    await useBackend(backend);
    if (kernels) registerWasmTrainingKernels();
    expect(tf.getKernel('OpposableBilinearSample', backend) !== undefined).toBe(kernels !== '');
  });

  it('equals the float64 loop and its central differences', async () => {
    const error = await compare(inputs, (x) => maskLoss(x), naive, ['vertices']);
    expect(error.value).toBeLessThan(1e-6);
    expect(error.gradient['vertices']).toBeLessThan(1e-5);
  });

  it('takes bool and int32 masks', async () => {
    const x = tensorsOf(inputs);
    const [expected] = await maskLoss(x).data();
    for (const dtype of ['bool', 'int32'] as const) {
      const loss = (vertices: tf.Tensor) => maskLoss({ ...x, vertices, masks: tf.cast(x.masks, dtype) });
      expect((await loss(x.vertices).data())[0]).toBe(expected);
      const [gradient, reference] = [loss, (vertices: tf.Tensor) => maskLoss({ ...x, vertices })].map((f) =>
        tf.grad(f)(x.vertices),
      ) as [tf.Tensor, tf.Tensor];
      expect(await gradient.data()).toEqual(await reference.data());
    }
  });

  /** One vertex on a mask that is 1 in the columns from 5 to 9. */
  const single = async (u: number, v: number) => {
    const masks = tf.tensor3d([
      Array.from({ length: H }, () => Array.from({ length: W }, (_, column) => (column >= 5 && column <= 9 ? 1 : 0))),
    ]);
    const { value, grad } = tf.valueAndGrad((vertices: tf.Tensor) =>
      maskLoss({ vertices, masks, valid: tf.ones([1]) }),
    )(tf.tensor3d([[[u, v]]]));
    return { value: (await value.data())[0]!, gradient: Array.from(await grad.data(), (x) => x + 0) };
  };

  it('pulls a vertex towards the mask only within one pixel of the outline', async () => {
    expect(await single(4.25, 6)).toEqual({ value: 0.75, gradient: [-1, 0] });
    expect(await single(9.75, 6)).toEqual({ value: 0.75, gradient: [1, 0] });
    expect(await single(7.3, 6.2)).toEqual({ value: 0, gradient: [0, 0] });
    expect(await single(2.5, 6)).toEqual({ value: 1, gradient: [0, 0] });
  });

  it('has the slope of the cell to the right and below at an exact pixel centre', async () => {
    expect(await single(4, 6)).toEqual({ value: 1, gradient: [-1, 0] });
    expect(await single(5, 6)).toEqual({ value: 0, gradient: [0, 0] });
    expect(await single(9, 3)).toEqual({ value: 0, gradient: [1, 0] });
    expect(await single(10, 3)).toEqual({ value: 1, gradient: [0, 0] });
  });

  it('clamps vertices outside the image and gives them no gradient along that axis', async () => {
    expect(await single(9.5, -4)).toEqual({ value: 0.5, gradient: [1, 0] });
    expect(await single(9.5, H + 4)).toEqual({ value: 0.5, gradient: [1, 0] });
    expect(await single(-7, 6)).toEqual({ value: 1, gradient: [0, 0] });
    expect(await single(1e9, -1e9)).toEqual({ value: 1, gradient: [0, 0] });
    const full = tf.ones([1, H, W]);
    for (const corner of [
      [0, 0],
      [W - 1, H - 1],
      [-1, H],
      [W, -1],
    ]) {
      const loss = maskLoss({ vertices: tf.tensor3d([[corner]]), masks: full, valid: tf.ones([1]) });
      expect(Array.from(await loss.data())).toEqual([0]); // the border is inside, nothing beyond it is read
    }
  });

  it('keeps the inner slope for a vertex exactly on the border of the image', async () => {
    const masks = tf.tensor3d([
      Array.from({ length: H }, () => Array.from({ length: W }, (_, u) => (u === W - 1 ? 1 : 0))),
    ]);
    const gradient = tf.grad((vertices: tf.Tensor) => maskLoss({ vertices, masks, valid: tf.ones([1]) }))(
      tf.tensor3d([[[W - 1, H - 1]]]),
    );
    expect(Array.from(await gradient.data(), (x) => x + 0)).toEqual([-1, 0]);
  });

  it('lets nothing of a sample that is not valid into value or gradient', async () => {
    const middle = (perSample: number) => (value: number, i: number) =>
      floor(i / perSample) === 1 ? [NaN, Infinity, -Infinity][i % 3]! : value;
    const poisoned = {
      ...inputs,
      vertices: { ...inputs.vertices, values: inputs.vertices.values.map(middle(V * 2)) },
      masks: { ...inputs.masks, values: inputs.masks.values.map(middle(H * W)) },
    };
    const [clean, dirty] = [inputs, poisoned].map((data) => {
      const x = tensorsOf(data);
      return tf.valueAndGrad((vertices: tf.Tensor) => maskLoss({ ...x, vertices }))(x.vertices);
    }) as [{ value: tf.Tensor; grad: tf.Tensor }, { value: tf.Tensor; grad: tf.Tensor }];
    expect(await dirty.value.data()).toEqual(await clean.value.data());
    expect(relativeError(await dirty.grad.data(), await clean.grad.data())).toBe(0);
  });

  it('is 0 with a zero gradient where no sample is valid', async () => {
    const none = { ...inputs, valid: { shape: [BATCH], values: [0, 0, 0] } };
    const error = await compare(
      none,
      (x) => maskLoss(x),
      () => 0,
      ['vertices'],
    );
    expect(error).toEqual({ value: 0, gradient: { vertices: 0 } });
  });

  it('leaks nothing in 50 gradient steps', () => {
    expect(leakOver50Steps(inputs, 'vertices', (x) => maskLoss(x))).toBe(0);
  });
});

describe('maskLoss', () => {
  it('refuses shapes by name', () => {
    const x = { vertices: tf.zeros([2, 5, 2]), masks: tf.zeros([2, 8, 8]), valid: tf.ones([2]) };
    expect(() => maskLoss({ ...x, vertices: tf.zeros([2, 5, 3]) })).toThrow(
      'maskLoss: expected vertices of shape [B, V, 2], got [2, 5, 3].',
    );
    expect(() => maskLoss({ ...x, masks: tf.zeros([2, 8, 8, 1]) })).toThrow(
      'maskLoss: expected masks of shape [B, H, W]',
    );
    expect(() => maskLoss({ ...x, valid: tf.ones([1]) })).toThrow('maskLoss: expected valid of shape [B] with B = 2');
  });
});
