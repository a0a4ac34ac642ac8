import * as tf from '@tensorflow/tfjs-core';
import { createHandParameterLayer } from '@opposable/hand-regressor';
import type { ManoLayer } from '@opposable/mano-layer';
import { decodeHandParameters } from '@opposable/mano-layer/conventions';
import { loadOpenHand } from '@opposable/open-hand';
import { ConfigError, createRng } from '@opposable/tensor-checks';
import { prepareBackend } from '@opposable/training';
import { batchOf } from '../data/batches.js';
import type { TrainingArrays } from '../data/training-arrays.js';
import { createRun, trainableVariables } from '../run/hand-run.js';
import { constantModel } from '../test-support/constant-model.js';
import { syntheticArrays } from '../test-support/synthetic-arrays.js';
import { trainLoss, type TrainLossOptions, type TrainWeights } from './train-loss.js';

const hand = loadOpenHand('right');
const rng = createRng(4);
/** A hand near the middle of the image: some of its vertices on the masks, some not. */
const OUTPUT = Float32Array.from({ length: 22 }, (_, i) => (i === 0 ? 620 : i < 3 ? 118 : rng.uniform(-0.4, 0.4)));
const NOTHING: TrainWeights = { keypoints2d: 0, keypoints3d: 0, mask: 0, regularization: 0 };
const decoded = decodeHandParameters(hand, OUTPUT);
let arrays: TrainingArrays;
let layer: ManoLayer;

beforeAll(async () => {
  await prepareBackend('wasm');
  layer = createHandParameterLayer(hand);
  const all = await syntheticArrays(3, 32);
  // one hand without 3D, another without a mask
  arrays = {
    ...all,
    valid3d: Uint8Array.of(1, 0, 1),
    maskValid: Uint8Array.of(0, 1, 1),
    visibility: all.visibility.slice(),
    handParametersValid: Uint8Array.of(1, 1, 0),
    handParameters: all.handParameters.slice().fill(0, 44),
  };
  arrays.visibility.fill(0, 2, 9);
});
afterAll(() => layer.dispose());

function evaluate(weights: TrainWeights, options?: TrainLossOptions): { total: number; terms: Record<string, number> } {
  const model = constantModel(OUTPUT, 32);
  const batch = batchOf(arrays, [0, 1, 2]);
  tf.engine().startScope();
  const { total, terms } = trainLoss(model, layer, batch, weights, options);
  const values = {
    total: total.dataSync()[0]!,
    terms: Object.fromEntries(Object.entries(terms).map(([name, term]) => [name, term.dataSync()[0]!])),
  };
  tf.engine().endScope();
  batch.dispose();
  model.dispose();
  return values;
}

/** Mean absolute error of the visible coordinates. */
function expected2d(): number {
  let [sum, count] = [0, 0];
  for (let n = 0; n < 3; n++) {
    for (let k = 0; k < 21; k++) {
      if (arrays.visibility[n * 21 + k] === 0) continue;
      for (const axis of [0, 1]) {
        sum += Math.abs(decoded.keypoints2d[k * 2 + axis]! - arrays.keypoints[(n * 21 + k) * 2 + axis]!);
        count++;
      }
    }
  }
  return sum / count;
}

/** MSE of hands about their means, the target X·f/(z̄·s) in metres, over the samples with 3D. */
function expected3d(): number {
  let sum = 0;
  for (const n of [0, 2]) {
    const truth = arrays.keypoints3d.subarray(n * 63, n * 63 + 63);
    const mean = (points: ArrayLike<number>, axis: number): number => {
      let total = 0;
      for (let k = 0; k < 21; k++) total += points[k * 3 + axis]! / 21;
      return total;
    };
    const depth = mean(truth, 2);
    for (let i = 0; i < 63; i++) {
      const target = ((truth[i]! - mean(truth, i % 3)) * arrays.focal[n]!) / (depth * OUTPUT[0]!);
      sum += (decoded.keypoints3d[i]! - mean(decoded.keypoints3d, i % 3) - target) ** 2;
    }
  }
  return sum / (2 * 63);
}

/** 1 − mean of the masks at the vertices, by bilinear interpolation between pixel centres. */
function expectedMask(): number {
  const size = arrays.maskSize;
  const count = hand.vertexCount;
  let covered = 0;
  for (const n of [1, 2]) {
    const at = (row: number, column: number): number => arrays.masks[n * size * size + row * size + column]! / 255;
    for (let v = 0; v < count; v++) {
      // 256 pixels → `size` pixels
      const place = (value: number): number => Math.min(size - 1, Math.max(0, ((value + 0.5) * size) / 256 - 0.5));
      const [u, w] = [place(decoded.vertices2d[v * 2]!), place(decoded.vertices2d[v * 2 + 1]!)];
      const [column, row] = [Math.min(size - 2, Math.floor(u)), Math.min(size - 2, Math.floor(w))];
      const [a, b] = [u - column, w - row];
      covered +=
        (1 - a) * (1 - b) * at(row, column) +
        a * (1 - b) * at(row, column + 1) +
        (1 - a) * b * at(row + 1, column) +
        a * b * at(row + 1, column + 1);
    }
  }
  return 1 - covered / (2 * count);
}

function expectedRegularization(betaWeight: number): number {
  const meanSquare = (start: number, end: number): number =>
    OUTPUT.subarray(start, end).reduce((sum, value) => sum + value ** 2, 0) / (end - start);
  return meanSquare(6, 12) + betaWeight * meanSquare(12, 22);
}

describe('trainLoss', () => {
  it('adds the errors of the 22 numbers where asked for, over the samples that have them', () => {
    const weights = { scale: 1e-3, translation: 0, rotation: 5, pose: 2, betas: 0 };
    const meanSquare = (start: number, end: number): number => {
      let sum = 0;
      for (const n of [0, 1]) {
        for (let i = start; i < end; i++) sum += (OUTPUT[i]! - arrays.handParameters[n * 22 + i]!) ** 2;
      }
      return sum / (2 * (end - start));
    };
    const { total, terms } = evaluate({ ...NOTHING, keypoints2d: 3 }, { parameters: { weights } });
    const errors = 1e-3 * meanSquare(0, 1) + 5 * meanSquare(3, 6) + 2 * meanSquare(6, 12);
    expect(total / (3 * expected2d() + errors)).toBeCloseTo(1, 4);
    expect(terms['translation']! / meanSquare(1, 3)).toBeCloseTo(1, 4);
    expect(Object.keys(terms)).toEqual(['keypoints2d', 'scale', 'translation', 'rotation', 'pose', 'betas']);
    expect(evaluate({ ...NOTHING, keypoints2d: 3 }).terms).not.toHaveProperty('pose');
    const alone = evaluate(NOTHING, { parameters: { weights } });
    expect(alone.total / errors).toBeCloseTo(1, 4);
    const chordal = evaluate({ ...NOTHING, keypoints2d: 3 }, { parameters: { weights, rotationMetric: 'chordal' } });
    expect(chordal.terms['rotation']).toBeLessThan(4 / 3);
    expect(chordal.total).not.toBeCloseTo(total, 2);
  });

  it('has the mean absolute error of the visible 2D coordinates', () => {
    const { total, terms } = evaluate({ ...NOTHING, keypoints2d: 3 });
    expect(terms['keypoints2d']! / expected2d()).toBeCloseTo(1, 4);
    expect(total / (3 * expected2d())).toBeCloseTo(1, 4);
  });

  it('has the perspective error of the samples with 3D, in m²', () => {
    const { total, terms } = evaluate({ ...NOTHING, keypoints3d: 1000 });
    expect(terms['keypoints3d']! / expected3d()).toBeCloseTo(1, 3);
    expect(total / (1000 * expected3d())).toBeCloseTo(1, 3);
  });

  it('has the part of the vertices outside the masks of the samples that have one', () => {
    const { total, terms } = evaluate({ ...NOTHING, mask: 10 });
    const expected = expectedMask();
    expect(expected).toBeGreaterThan(0.05);
    expect(expected).toBeLessThan(0.95);
    expect(terms['mask']).toBeCloseTo(expected, 4);
    expect(total).toBeCloseTo(10 * expected, 3);
  });

  it('has the squares of pose and shape coefficients, the latter by 10⁴ or by the weight given', () => {
    const { total } = evaluate({ ...NOTHING, regularization: 2 });
    expect(total / (2 * expectedRegularization(10_000))).toBeCloseTo(1, 4);
    const other = evaluate({ ...NOTHING, regularization: 2 }, { betaWeight: 1 });
    expect(other.total / (2 * expectedRegularization(1))).toBeCloseTo(1, 4);
  });

  it('is the weighted sum of all', () => {
    const { total, terms } = evaluate({ keypoints2d: 4, keypoints3d: 20_000, mask: 10, regularization: 0.1 });
    const expected =
      4 * expected2d() + 20_000 * expected3d() + 10 * expectedMask() + 0.1 * expectedRegularization(10_000);
    expect(total / expected).toBeCloseTo(1, 3);
    expect(Object.keys(terms)).toEqual(['keypoints2d', 'keypoints3d', 'mask', 'regularization']);
  });

  it('leaves out the terms with weight 0', () => {
    expect(Object.keys(evaluate({ ...NOTHING, keypoints2d: 1 }).terms)).toEqual(['keypoints2d']);
    expect(Object.keys(evaluate({ ...NOTHING, mask: 1, regularization: 1 }).terms)).toEqual(['mask', 'regularization']);
  });

  it('takes the other variants of the 3D loss', () => {
    const perspective = evaluate({ ...NOTHING, keypoints3d: 1 }).total;
    const normalized = evaluate({ ...NOTHING, keypoints3d: 1 }, { variant: 'normalized' }).total;
    expect(normalized).toBeGreaterThan(10 * perspective); // standard deviations of 1 instead of centimetres
    expect(evaluate({ ...NOTHING, keypoints3d: 1 }, { variant: 'normalized-detached' }).total).toBeCloseTo(
      normalized,
      5,
    );
  });

  it('refuses to have no term at all', () => {
    expect(() => evaluate(NOTHING)).toThrow(ConfigError);
    expect(() => evaluate(NOTHING)).toThrow('trainLoss: expected at least one weight above 0, got none.');
  });

  it.each(['keypoints2d', 'keypoints3d', 'mask', 'regularization'] as const)(
    'sends a gradient from %s into the network',
    (name) => {
      const run = createRun({ encoder: 'small', inputSize: 32 }, 3);
      const batch = batchOf(arrays, [0, 1, 2]);
      const variables = trainableVariables(run.model);
      const { grads } = tf.variableGrads(
        () => trainLoss(run.model, layer, batch, { ...NOTHING, [name]: 1 }).total,
        Object.values(variables),
      );
      const sums = Object.values(variables).map(({ name: key }) =>
        grads[key]!.dataSync<'float32'>().reduce((sum, value) => sum + Math.abs(value), 0),
      );
      for (const sum of sums) expect(Number.isFinite(sum)).toBe(true);
      expect(sums.filter((sum) => sum > 0).length).toBeGreaterThan(sums.length / 3);
      tf.dispose(grads);
      batch.dispose();
      run.dispose();
    },
  );

  it('has the gradient that differences of the 2D error have', () => {
    const model = constantModel(OUTPUT, 32);
    const batch = batchOf(arrays, [0, 1, 2]);
    const { 'constant/bias': bias } = trainableVariables(model);
    const { grads } = tf.variableGrads(
      () => trainLoss(model, layer, batch, { ...NOTHING, keypoints2d: 1 }).total,
      [bias!],
    );
    const gradient = grads[bias!.name]!.dataSync();
    const error = (numbers: Float64Array): number => {
      const { keypoints2d } = decodeHandParameters(hand, numbers);
      let [sum, count] = [0, 0];
      for (let n = 0; n < 3; n++) {
        for (let i = 0; i < 42; i++) {
          if (arrays.visibility[n * 21 + (i >> 1)] === 0) continue;
          sum += Math.abs(keypoints2d[i]! - arrays.keypoints[n * 42 + i]!);
          count++;
        }
      }
      return sum / count;
    };
    for (let i = 0; i < 22; i++) {
      const [more, less] = [1e-5, -1e-5].map((step) => {
        const moved = Float64Array.from(OUTPUT);
        moved[i]! += step;
        return error(moved);
      });
      const expected = (more! - less!) / 2e-5;
      expect(Math.abs(gradient[i]! - expected)).toBeLessThan(1e-3 * Math.max(1, Math.abs(expected)));
    }
    tf.dispose(grads);
    batch.dispose();
    model.dispose();
  });
});
