import * as tf from '@tensorflow/tfjs-core';
import { createRng } from '@opposable/tensor-checks';
import { keypoint3dLoss, type Keypoint3dOptions } from './keypoint-3d-loss.js';
import { type Arrays, compare, leakOver50Steps, tensorsOf, useBackend } from './test-support/compare.js';

const { abs, max, sqrt } = Math; // once: globals are slow inside Jest
const rng = createRng('3d');
const normals = (count: number, mean: number, deviation: number) =>
  Array.from({ length: count }, () => rng.normal(mean, deviation));
const BATCH = 4;
const K = 21;
/** Hands of some centimetres, at 0.6 m, 1 m, 100 m and (not valid) at depth 0. */
const depths = [600, 1000, 1e5, 0];
const inputs = {
  predicted: { shape: [BATCH, K, 3], values: normals(BATCH * K * 3, 0.02, 0.05) },
  target: {
    shape: [BATCH, K, 3],
    values: depths.flatMap((depth) =>
      depth === 0
        ? new Array<number>(K * 3).fill(0)
        : Array.from({ length: K }, () => [...normals(2, 20, 50), depth + rng.normal(0, 30)]).flat(),
    ),
  },
  valid: { shape: [BATCH], values: [1, 1, 1, 0] },
  focal: { shape: [BATCH], values: [500, 620, 5e4, 0] },
  scale: { shape: [BATCH], values: [545, 700, 400, 0] },
  resize: { shape: [BATCH, 2], values: [0.5, 0.6, 1.5, 1.2, 0.8, 0.9, 1, 1] },
};
type Names = keyof typeof inputs;

/** The formulas of the three variants as plain loops; `frozen` holds the predictions whose statistics are constants. */
function naive(options: Keypoint3dOptions, frozen?: Arrays<Names>) {
  const { variant = 'perspective', center = 'mean', targetAxes, deviation, minimumDeviation = 1e-3 } = options;
  return (x: Arrays<Names>) => {
    let [sum, samples] = [0, 0];
    for (let b = 0; b < BATCH; b++) {
      if (!(x.valid[b]! > 0)) continue;
      const column = (of: Float64Array, axis: number) =>
        Array.from({ length: K }, (_, k) => of[(b * K + k) * 3 + axis]!);
      const mean = (values: number[]) => values.reduce((a, v) => a + v, 0) / values.length;
      const squares = (values: number[]) => {
        const m = mean(values);
        return values.reduce((a, v) => a + (v - m) ** 2, 0);
      };
      const axes = [0, 1, 2].map((axis) => {
        const factor = targetAxes === 'resized-xy' && axis < 2 ? x.resize[b * 2 + axis]! : 1;
        return {
          predicted: column(x.predicted, axis),
          statistics: column((variant === 'normalized-detached' ? frozen! : x).predicted, axis),
          target: column(x.target, axis).map((value) => value * factor),
        };
      });
      const std = (of: 'statistics' | 'target', axis: number, unit: number) => {
        const perAxis = axes.map((a) => squares(a[of]) * unit * unit);
        const variance =
          deviation === 'scalar' ? (perAxis[0]! + perAxis[1]! + perAxis[2]!) / (3 * K - 1) : perAxis[axis]! / (K - 1);
        return max(sqrt(variance), minimumDeviation);
      };
      const meanDepth = mean(column(x.target, 2));
      let error = 0;
      axes.forEach(({ predicted, statistics, target }, axis) => {
        if (variant === 'perspective') {
          const from = (values: number[]) => (center === 'mean' ? mean(values) : values[center]!);
          const metres = x.focal[b]! / (meanDepth * x.scale[b]!);
          const [atPredicted, atTarget] = [from(predicted), from(target)];
          predicted.forEach((p, k) => (error += (p - atPredicted - (target[k]! - atTarget) * metres) ** 2));
          return;
        }
        const [atPredicted, atTarget] = [mean(statistics), mean(target)];
        const [ofPredicted, ofTarget] = [std('statistics', axis, 1), std('target', axis, 1e-3)];
        predicted.forEach((p, k) => {
          error += ((p - atPredicted) / ofPredicted - ((target[k]! - atTarget) * 1e-3) / ofTarget) ** 2;
        });
      });
      sum += error / (3 * K);
      samples++;
    }
    return samples === 0 ? 0 : sum / samples;
  };
}

const PERSPECTIVE: Keypoint3dOptions[] = [{}, { center: 0 }, { center: 9 }, { targetAxes: 'resized-xy' }];
const NORMALIZED: Keypoint3dOptions[] = [
  { variant: 'normalized' },
  { variant: 'normalized', deviation: 'scalar' },
  { variant: 'normalized', minimumDeviation: 0, targetAxes: 'resized-xy' },
  { variant: 'normalized-detached' },
  { variant: 'normalized-detached', deviation: 'scalar' },
];
const step = (name: string) => (name === 'scale' ? 1e-3 : 1e-6);
const float64 = (values: number[]) => Float64Array.from(Float32Array.from(values));
const frozen = Object.fromEntries(
  Object.entries(inputs).map(([name, { values }]) => [name, float64(values)]),
) as Arrays<Names>;

describe.each(['cpu', 'wasm'])('keypoint3dLoss on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  it.each(PERSPECTIVE)('perspective equals the float64 loop and its central differences with %j', async (options) => {
    const onTensors = (x: Record<Names, tf.Tensor>) => keypoint3dLoss(x, options);
    const error = await compare(inputs, onTensors, naive(options), ['predicted', 'scale'], step);
    expect(error.value).toBeLessThan(2e-6);
    expect(error.gradient['predicted']).toBeLessThan(1e-5);
    expect(error.gradient['scale']).toBeLessThan(1e-5);
  });

  it.each(NORMALIZED)('normalised equals the float64 loop and its central differences with %j', async (options) => {
    const onTensors = (x: Record<Names, tf.Tensor>) => keypoint3dLoss(x, options);
    const error = await compare(inputs, onTensors, naive(options, frozen), ['predicted'], step);
    expect(error.value).toBeLessThan(2e-6);
    expect(error.gradient['predicted']).toBeLessThan(1e-5);
  });

  it('resolves a hand of millimetres at a depth of 100 m', async () => {
    const shape = Array.from({ length: K }, (_, k) => [k * 8, (k % 5) * 16, 1e5 + (k % 3) * 8]); // exact in float32
    const meanDepth = shape.reduce((sum, point) => sum + point[2]!, 0) / K;
    const mean = [0, 1, 2].map((axis) => shape.reduce((sum, point) => sum + point[axis]!, 0) / K);
    const metres = (1e4 / meanDepth / 100) * 1;
    const predicted = shape.map((point) => point.map((value, axis) => (value - mean[axis]!) * metres));
    const loss = keypoint3dLoss({
      predicted: tf.tensor([predicted]),
      target: tf.tensor([shape]),
      valid: tf.ones([1]),
      focal: 1e4,
      scale: tf.tensor1d([100]),
    });
    const rms = sqrt((await loss.data())[0]!);
    expect(rms).toBeLessThan(1e-7); // of offsets of 0.1 m; centring 1e5 mm in float32 would leave 5e-6
  });

  it('sends no gradient through the scale where that is stopped', async () => {
    const x = tensorsOf(inputs);
    const loss = (scaleGradient: 'stop' | 'through') => (scale: tf.Tensor) =>
      keypoint3dLoss({ ...x, scale }, { scaleGradient });
    const [stopped, through] = [tf.grad(loss('stop'))(x.scale), tf.grad(loss('through'))(x.scale)];
    expect(Array.from(await stopped.data())).toEqual([0, 0, 0, 0]);
    expect(
      Array.from(await through.data())
        .slice(0, 3)
        .every((value) => value !== 0),
    ).toBe(true);
    expect(await loss('stop')(x.scale).data()).toEqual(await loss('through')(x.scale).data());
  });

  it('gives the original targets: one focal length for all, x and y resized, z not', async () => {
    const focal = 822.79041;
    const original = { ...inputs, focal: { shape: [BATCH], values: new Array<number>(BATCH).fill(focal) } };
    const options = { targetAxes: 'resized-xy' } as const;
    const error = await compare(
      original,
      (x) => keypoint3dLoss({ ...x, focal }, options),
      naive(options),
      ['scale'],
      step,
    );
    expect(error.value).toBeLessThan(2e-6);
    expect(error.gradient['scale']).toBeLessThan(1e-5);
    const x = tensorsOf(original);
    const [corrected] = await keypoint3dLoss({ ...x, focal }).data();
    const [anisotropic] = await keypoint3dLoss({ ...x, focal }, options).data();
    expect(abs(corrected! - anisotropic!)).toBeGreaterThan(0.01 * corrected!);
  });

  it('is 0 for the right hand under its true scale, wherever both are', async () => {
    const hand = normals(K * 3, 0, 40);
    const [focal, depth] = [700, 850];
    const centre = hand.reduce((sum, value, i) => (i % 3 === 2 ? sum + value / K : sum), 0);
    const target = hand.map((value, i) => value + [30, -60, depth - centre][i % 3]!);
    const inMetres = hand.map((value) => value / 1000 + 0.4);
    const x = {
      predicted: tf.tensor(inMetres, [1, K, 3]),
      target: tf.tensor(target, [1, K, 3]),
      valid: tf.ones([1]),
      focal: tf.tensor1d([focal]),
      scale: tf.tensor1d([(focal * 1000) / depth]), // s = f·1000/z̄ pixels per metre
    };
    expect((await keypoint3dLoss(x).data())[0]).toBeLessThan(1e-13);
    expect((await keypoint3dLoss(x, { center: 4 }).data())[0]).toBeLessThan(1e-13);
    expect((await keypoint3dLoss(x, { variant: 'normalized' }).data())[0]).toBeLessThan(1e-11);
    expect((await keypoint3dLoss({ ...x, scale: tf.tensor1d([600]) }).data())[0]).toBeGreaterThan(1e-5);
  });

  const everyVariant = ['perspective', 'normalized', 'normalized-detached'] as const;

  it.each(everyVariant)('lets nothing of a sample that is not valid into value or gradient (%s)', async (variant) => {
    const poison = (values: number[], perSample: number) =>
      values.map((value, i) => (i >= 3 * perSample ? [NaN, Infinity, 0][i % 3]! : value));
    const poisoned = {
      ...inputs,
      predicted: { ...inputs.predicted, values: poison(inputs.predicted.values, K * 3) },
      target: { ...inputs.target, values: poison(inputs.target.values, K * 3) },
      focal: { ...inputs.focal, values: poison(inputs.focal.values, 1) },
      scale: { ...inputs.scale, values: poison(inputs.scale.values, 1) },
      resize: { ...inputs.resize, values: poison(inputs.resize.values, 2) },
    };
    const options = { variant, targetAxes: 'resized-xy' } as const;
    const run = (x: Record<Names, tf.Tensor>) =>
      tf.valueAndGrads((predicted: tf.Tensor, scale: tf.Tensor) => keypoint3dLoss({ ...x, predicted, scale }, options));
    if (variant !== 'perspective') {
      const [clean, dirty] = [inputs, poisoned].map((data) => {
        const x = tensorsOf(data);
        return tf.valueAndGrad((predicted: tf.Tensor) => keypoint3dLoss({ ...x, predicted }, options))(x.predicted);
      }) as [{ value: tf.Tensor; grad: tf.Tensor }, { value: tf.Tensor; grad: tf.Tensor }];
      expect(await dirty.value.data()).toEqual(await clean.value.data());
      expect(await dirty.grad.data()).toEqual(await clean.grad.data());
      return;
    }
    const [clean, dirty] = [inputs, poisoned].map((data) => {
      const x = tensorsOf(data);
      return run(x)([x.predicted, x.scale]);
    }) as [{ value: tf.Tensor; grads: tf.Tensor[] }, { value: tf.Tensor; grads: tf.Tensor[] }];
    expect(await dirty.value.data()).toEqual(await clean.value.data());
    for (const i of [0, 1]) {
      const gradient = await dirty.grads[i]!.data();
      expect(gradient).toEqual(await clean.grads[i]!.data());
      expect(gradient.every(Number.isFinite)).toBe(true);
    }
  });

  it.each(everyVariant)('is 0 with a zero gradient where no sample is valid (%s)', async (variant) => {
    const none = { ...inputs, valid: { shape: [BATCH], values: [0, 0, 0, 0] } };
    const error = await compare(
      none,
      (x) => keypoint3dLoss(x, { variant }),
      () => 0,
      ['predicted'],
    );
    expect(error).toEqual({ value: 0, gradient: { predicted: 0 } });
  });

  it.each(['normalized', 'normalized-detached'] as const)(
    'keeps finite gradients for a flat hand, predicted and labelled, and for a single point (%s)',
    async (variant) => {
      const flatten = (values: number[], axis: number, to: number) =>
        values.map((value, i) => (i % 3 === axis ? to : value));
      const flat = {
        ...inputs,
        predicted: { ...inputs.predicted, values: flatten(inputs.predicted.values, 2, 0.03) },
        target: { ...inputs.target, values: flatten(inputs.target.values, 2, 700) },
      };
      const frozenFlat = { ...frozen, predicted: float64(flat.predicted.values) };
      const options = { variant };
      const error = await compare(flat, (x) => keypoint3dLoss(x, options), naive(options, frozenFlat), ['predicted']);
      expect(error.value).toBeLessThan(2e-6);
      expect(error.gradient['predicted']).toBeLessThan(1e-5);
      const point = { ...flat, predicted: { ...flat.predicted, values: new Array<number>(BATCH * K * 3).fill(0.5) } };
      const x = tensorsOf(point);
      const gradient = tf.grad((predicted: tf.Tensor) => keypoint3dLoss({ ...x, predicted }, options))(x.predicted);
      expect((await gradient.data()).every(Number.isFinite)).toBe(true);
    },
  );

  // Normalised points do not change when a hand is moved or stretched along an axis. With the gradient through mean and
  // deviation, Σ_j g_j and Σ_j g_j·x_j of every hand and axis are therefore 0; with them held, ∂L/∂x goes its own way.
  it('passes the gradient through the statistics with normalized, and not with normalized-detached', async () => {
    const x = tensorsOf(inputs);
    const alongStretch = async (variant: 'normalized' | 'normalized-detached') => {
      const gradient = await tf
        .grad((predicted: tf.Tensor) => keypoint3dLoss({ ...x, predicted }, { variant }))(x.predicted)
        .data<'float32'>();
      const size = gradient.reduce((sum, value) => sum + Math.abs(value), 0);
      let [moved, stretched] = [0, 0];
      for (let n = 0; n < 3; n++) {
        for (let axis = 0; axis < 3; axis++) {
          let [shift, stretch, scale] = [0, 0, 0];
          for (let k = 0; k < K; k++) {
            const i = (n * K + k) * 3 + axis;
            shift += gradient[i]!;
            stretch += gradient[i]! * inputs.predicted.values[i]!;
            scale += Math.abs(gradient[i]! * inputs.predicted.values[i]!);
          }
          moved = Math.max(moved, Math.abs(shift) / size);
          stretched = Math.max(stretched, Math.abs(stretch) / scale);
        }
      }
      return { moved, stretched };
    };
    const through = await alongStretch('normalized');
    const held = await alongStretch('normalized-detached');
    expect(through.moved).toBeLessThan(1e-5);
    expect(through.stretched).toBeLessThan(1e-4);
    expect(held.stretched).toBeGreaterThan(0.05);
  });

  it.each(everyVariant)('leaks nothing in 50 gradient steps (%s)', (variant) => {
    expect(leakOver50Steps(inputs, 'predicted', (x) => keypoint3dLoss(x, { variant }))).toBe(0);
  });
});

describe('keypoint3dLoss', () => {
  it('refuses shapes, options and missing inputs by name', () => {
    const x = { predicted: tf.zeros([2, 21, 3]), target: tf.zeros([2, 21, 3]), valid: tf.ones([2]) };
    const full = { ...x, focal: 500, scale: tf.ones([2]) };
    const message = (inputsGiven: typeof full | typeof x, options: Keypoint3dOptions = {}) => {
      try {
        keypoint3dLoss(inputsGiven, options);
      } catch (error) {
        return (error as Error).message;
      }
      return 'nothing was thrown';
    };
    expect(message({ ...full, predicted: tf.zeros([2, 21, 2]) })).toBe(
      'keypoint3dLoss: expected predicted of shape [B, K, 3], got [2, 21, 2].',
    );
    expect(message({ ...full, valid: tf.ones([3]) })).toBe(
      'keypoint3dLoss: expected valid of shape [B] with B = 2, got [3].',
    );
    expect(message(x)).toBe("keypoint3dLoss: expected focal for variant 'perspective', got none.");
    expect(message({ ...x, focal: 500 })).toBe("keypoint3dLoss: expected scale for variant 'perspective', got none.");
    expect(message(full, { targetAxes: 'resized-xy' })).toBe(
      "keypoint3dLoss: expected resize for targetAxes 'resized-xy', got none.",
    );
    expect(message(full, { variant: '3d_norm' as 'normalized' })).toBe(
      'keypoint3dLoss: expected variant to be one of perspective, normalized, normalized-detached, got 3d_norm.',
    );
    expect(message(full, { center: 21 })).toBe(
      "keypoint3dLoss: expected center 'mean' or an index from 0 to 20, got 21.",
    );
    expect(message(full, { scaleGradient: 'no' as 'stop' })).toContain(
      'scaleGradient to be one of through, stop, got no',
    );
    expect(message(full, { variant: 'normalized', minimumDeviation: -1 })).toBe(
      'keypoint3dLoss: expected minimumDeviation >= 0 metres, got -1.',
    );
    expect(message(full, { variant: 'normalized', deviation: 'x' as 'scalar' })).toContain('per-axis, scalar, got x');
  });
});
