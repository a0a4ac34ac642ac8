import * as tf from '@tensorflow/tfjs-core';
import { createRng } from '@opposable/tensor-checks';
import { registerWasmTrainingKernels } from '@opposable/wasm-training';
import { heatmapAdaptiveWingLoss, type AdaptiveWingOptions } from './heatmap-adaptive-wing-loss.js';
import { heatmapExpectationLoss } from './heatmap-expectation-loss.js';
import type { HeatmapLossInputs } from './heatmap-inputs.js';
import { heatmapIouLoss } from './heatmap-iou-loss.js';
import { heatmapMseLoss } from './heatmap-mse-loss.js';
import { type Arrays, compare, leakOver50Steps, relativeError, tensorsOf, useBackend } from './test-support/compare.js';

const { abs, exp, log, max } = Math; // once: globals are slow inside Jest
const rng = createRng('heatmaps');
const [BATCH, H, W, K] = [2, 6, 5, 3];
const shape = [BATCH, H, W, K];
/** A blob per map; the last map of the first sample is empty. */
const target = Array.from({ length: BATCH * H * W * K }, (_, i) => {
  const k = i % K;
  const x = Math.floor(i / K) % W;
  const y = Math.floor(i / (K * W)) % H;
  const b = Math.floor(i / (K * W * H));
  return b === 0 && k === 2 ? 0 : exp(-((x - 1 - k) ** 2 + (y - 2 - b) ** 2) / 2);
});
const inputs = {
  predicted: { shape, values: target.map(() => rng.uniform(0.02, 0.98)) },
  target: { shape, values: target },
  valid: { shape: [BATCH, K], values: [1, 0, 1, 1, 1, 0] },
};
type Names = keyof typeof inputs;
type X = Arrays<Names>;

/** Mean over the maps that count of a function of one map's cells. */
function overMaps(x: X, ofMap: (predicted: number[], truth: number[], b: number, k: number) => number): number {
  let [sum, count] = [0, 0];
  for (let b = 0; b < BATCH; b++)
    for (let k = 0; k < K; k++) {
      if (!(x.valid[b * K + k]! > 0)) continue;
      const cells = Array.from({ length: H * W }, (_, cell) => (b * H * W + cell) * K + k);
      sum += ofMap(
        cells.map((i) => x.predicted[i]!),
        cells.map((i) => x.target[i]!),
        b,
        k,
      );
      count++;
    }
  return count === 0 ? 0 : sum / count;
}

const sumOf = (values: number[]): number => values.reduce((a, b) => a + b, 0);

function naiveIou(x: X): number {
  return overMaps(x, (p, y) => {
    const overlap = sumOf(p.map((value, i) => value * y[i]!));
    const union = sumOf(p.map((value, i) => value ** 2 + y[i]! ** 2)) - overlap;
    return 1 - (overlap + 1e-6) / (union + 1e-6);
  });
}

function naiveMse(x: X): number {
  return overMaps(x, (p, y) => sumOf(p.map((value, i) => (value - y[i]!) ** 2)) / (H * W));
}

function naiveWing({ alpha = 2.1, omega = 14, epsilon = 1, theta = 0.5, foregroundWeight = 10 }: AdaptiveWingOptions) {
  return (x: X): number =>
    overMaps(x, (p, y) => {
      const cell = (value: number, i: number): number => {
        const power = alpha - y[i]!;
        const d = abs(value - y[i]!);
        const slope =
          omega * (1 / (1 + (theta / epsilon) ** power)) * power * (theta / epsilon) ** (power - 1) * (1 / epsilon);
        const offset = theta * slope - omega * log(1 + (theta / epsilon) ** power);
        const loss = d < theta ? omega * log(1 + (d / epsilon) ** power) : slope * d - offset;
        let largest = 0;
        for (const dy of [-1, 0, 1])
          for (const dx of [-1, 0, 1]) {
            const [row, column] = [Math.floor(i / W) + dy, (i % W) + dx];
            if (row >= 0 && row < H && column >= 0 && column < W) largest = max(largest, y[row * W + column]!);
          }
        return loss * (largest >= 0.2 ? 1 + foregroundWeight : 1);
      };
      return sumOf(p.map(cell)) / (H * W);
    });
}

function naiveExpectation(x: X): number {
  const centerOf = (map: number[]): [number, number] => {
    const mass = sumOf(map) + 1e-3;
    const column = sumOf(map.map((value, i) => value * ((i % W) - (W - 1) / 2)));
    const row = sumOf(map.map((value, i) => value * (Math.floor(i / W) - (H - 1) / 2)));
    return [column / mass, row / mass];
  };
  const shown = overMaps(x, (_, y) => (sumOf(y) > 0.01 ? 1 : 0)); // the share of maps that count
  const sum = overMaps(x, (p, y) => {
    if (!(sumOf(y) > 0.01)) return 0;
    const [[px, py], [tx, ty]] = [centerOf(p), centerOf(y)];
    return (((px - tx) ** 2 + (py - ty) ** 2 + 1) ** 0.5 - 1) / max(H, W);
  });
  return shown === 0 ? 0 : sum / shown;
}

const LOSSES: [string, (x: HeatmapLossInputs) => tf.Scalar, (x: X) => number][] = [
  ['heatmapIouLoss', heatmapIouLoss, naiveIou],
  ['heatmapMseLoss', heatmapMseLoss, naiveMse],
  ['heatmapExpectationLoss', heatmapExpectationLoss, naiveExpectation],
  ['heatmapAdaptiveWingLoss', heatmapAdaptiveWingLoss, naiveWing({})],
  [
    'heatmapAdaptiveWingLoss with other constants',
    (x) => heatmapAdaptiveWingLoss(x, { alpha: 2.5, omega: 5, epsilon: 0.5, theta: 0.3, foregroundWeight: 2 }),
    naiveWing({ alpha: 2.5, omega: 5, epsilon: 0.5, theta: 0.3, foregroundWeight: 2 }),
  ],
];

describe.each([
  ['cpu', ''],
  ['wasm', ''],
  ['wasm', ' with training kernels'],
])('heat-map losses on %s%s', (backend, kernels) => {
  beforeAll(async () => {
    await useBackend(backend);
    if (kernels) registerWasmTrainingKernels();
  });

  it.each(LOSSES)('%s equals the float64 loop and its central differences', async (_, loss, naive) => {
    const error = await compare(inputs, (x) => loss(x), naive, ['predicted']);
    expect(error.value).toBeLessThan(2e-6);
    expect(error.gradient['predicted']).toBeLessThan(1e-5);
  });

  it.each(LOSSES)('%s counts every map without flags', async (_, loss, naive) => {
    const all = { ...inputs, valid: { shape: [BATCH, K], values: new Array<number>(BATCH * K).fill(1) } };
    const { predicted, target: truth } = tensorsOf(all);
    const [value] = await loss({ predicted, target: truth }).data();
    const expected = naive({
      predicted: Float64Array.from(all.predicted.values),
      target: Float64Array.from(all.target.values),
      valid: Float64Array.from(all.valid.values),
    });
    expect(abs(value! - expected) / expected).toBeLessThan(2e-6);
  });

  it.each(LOSSES)('%s lets nothing of a map that does not count into value or gradient', async (_, loss) => {
    const poison = (value: number, i: number): number =>
      inputs.valid.values[Math.floor(i / (H * W * K)) * K + (i % K)] === 0 ? NaN : value;
    const [clean, dirty] = await Promise.all(
      [inputs.predicted.values, inputs.predicted.values.map(poison)].map(async (values) => {
        const x = tensorsOf({ ...inputs, predicted: { shape, values } });
        const { value, grad } = tf.valueAndGrad((predicted: tf.Tensor) => loss({ ...x, predicted }))(x.predicted);
        return { value: await value.data(), grad: await grad.data() };
      }),
    );
    expect(dirty!.value).toEqual(clean!.value);
    const counted = (_value: number, i: number) => poison(1, i) === 1;
    expect(dirty!.grad.filter(counted)).toEqual(clean!.grad.filter(counted));
    expect(clean!.grad.some((value) => value !== 0)).toBe(true);
  });

  it.each(LOSSES)('%s is 0 with a zero gradient where no map counts', async (_, loss) => {
    const none = { ...inputs, valid: { shape: [BATCH, K], values: new Array<number>(BATCH * K).fill(0) } };
    const error = await compare(
      none,
      (x) => loss(x),
      () => 0,
      ['predicted'],
    );
    expect(error).toEqual({ value: 0, gradient: { predicted: 0 } });
  });

  it.each(LOSSES)('%s is 0 with a zero gradient for equal maps', async (_, loss) => {
    const x = tensorsOf(inputs);
    const { value, grad } = tf.valueAndGrad((predicted: tf.Tensor) => loss({ target: x.target, predicted }))(x.target);
    expect(abs((await value.data())[0]!)).toBeLessThan(1e-6);
    expect(max(...Array.from(await grad.data(), abs))).toBeLessThan(1e-6);
  });

  it.each(LOSSES)('%s scales its gradient with what stands behind it', async (_, loss) => {
    const x = tensorsOf(inputs);
    const [once, thrice] = [1, 3].map((factor) =>
      tf.grad((predicted: tf.Tensor) => tf.mul(loss({ ...x, predicted }), factor))(x.predicted),
    );
    const expected = (await once!.data()).map((value) => 3 * value);
    expect(relativeError(await thrice!.data(), expected)).toBeLessThan(1e-6);
  });

  it.each(LOSSES)('%s leaks nothing in 50 gradient steps', (_, loss) => {
    expect(leakOver50Steps(inputs, 'predicted', (x) => loss(x))).toBe(0);
  });
});

describe('heat-map losses', () => {
  it.each(LOSSES.slice(0, 3))('%s refuses shapes by name', (name, loss) => {
    const x = { predicted: tf.zeros([2, 4, 4, 3]), target: tf.zeros([2, 4, 4, 3]) };
    expect(() => loss({ ...x, predicted: tf.zeros([2, 4, 4]) })).toThrow(
      `${name}: expected predicted of shape [B, H, W, K], got [2, 4, 4].`,
    );
    expect(() => loss({ ...x, target: tf.zeros([2, 4, 4, 2]) })).toThrow(`${name}: expected target of shape`);
    expect(() => loss({ ...x, valid: tf.zeros([2, 4]) })).toThrow(`${name}: expected valid of shape`);
  });

  it('heatmapAdaptiveWingLoss refuses an exponent that makes the slope infinite', () => {
    const x = { predicted: tf.zeros([1, 2, 2, 1]), target: tf.zeros([1, 2, 2, 1]) };
    expect(() => heatmapAdaptiveWingLoss(x, { alpha: 2 })).toThrow(
      'heatmapAdaptiveWingLoss: expected alpha above 2, positive omega, epsilon and theta, and foregroundWeight of at least 0, got 2, 14, 1, 0.5 and 10.',
    );
  });
});
