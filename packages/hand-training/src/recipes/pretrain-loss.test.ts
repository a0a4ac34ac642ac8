import * as tf from '@tensorflow/tfjs-core';
import { HAND_PARAMETER_BLOCKS, type HandParameterBlock } from '@opposable/mano-layer/conventions';
import { loadOpenHand } from '@opposable/open-hand';
import { createRng } from '@opposable/tensor-checks';
import { prepareBackend } from '@opposable/training';
import { batchOf } from '../data/batches.js';
import type { TrainingArrays } from '../data/training-arrays.js';
import { constantModel } from '../test-support/constant-model.js';
import { syntheticArrays } from '../test-support/synthetic-arrays.js';
import { trainableVariables } from '../run/hand-run.js';
import type { ParameterMetrics } from './parameter-errors.js';
import { PRETRAIN_WEIGHTS, pretrainLoss } from './pretrain-loss.js';

const hand = loadOpenHand('right');
const rng = createRng(8);
const OUTPUT = Float32Array.from({ length: 22 }, (_, i) => (i === 0 ? 500 : i < 3 ? 120 : rng.uniform(-0.5, 0.5)));
const BLOCKS = Object.entries(HAND_PARAMETER_BLOCKS) as [HandParameterBlock, readonly [number, number]][];
let arrays: TrainingArrays;

beforeAll(async () => {
  await prepareBackend('wasm');
  arrays = await syntheticArrays(3, 32);
});

/** Mean over batch and columns of factor · (x̂ − x)², in float64. */
function meanSquare(start: number, end: number, factor: (column: number) => number = () => 1): number {
  let sum = 0;
  for (let n = 0; n < 3; n++) {
    for (let i = start; i < end; i++) sum += factor(i) * (OUTPUT[i]! - arrays.handParameters[n * 22 + i]!) ** 2;
  }
  return sum / (3 * (end - start));
}

function evaluate(weights = PRETRAIN_WEIGHTS, options?: ParameterMetrics) {
  const model = constantModel(OUTPUT, 32);
  const batch = batchOf(arrays, [0, 1, 2]);
  const before = tf.memory().numTensors;
  const { total, terms } = tf.tidy(
    () => pretrainLoss(model, hand, batch, weights, options) as unknown as tf.TensorContainerObject,
  ) as unknown as ReturnType<typeof pretrainLoss>;
  const values = {
    total: total.dataSync()[0]!,
    terms: Object.fromEntries(Object.entries(terms).map(([name, term]) => [name, term.dataSync()[0]!])),
  };
  expect(tf.memory().numTensors - before).toBe(1 + Object.keys(terms).length);
  tf.dispose([total, terms]);
  batch.dispose();
  model.dispose();
  return values;
}

describe('pretrainLoss', () => {
  it('is the sum of the blocks’ mean squared errors, by the weights of 3dhand, and reports them unweighted', () => {
    const { total, terms } = evaluate();
    let expected = 0;
    for (const [name, [start, end]] of BLOCKS) {
      const term = meanSquare(start, end);
      expect(terms[name]! / term).toBeCloseTo(1, 4);
      expected += { scale: 0.1, translation: 0.2, rotation: 5000, pose: 1000, betas: 100_000 }[name] * term;
    }
    expect(total / expected).toBeCloseTo(1, 4);
  });

  it.each(BLOCKS)('lets the weight of %s alone count', (name, [start, end]) => {
    const weights = { scale: 0, translation: 0, rotation: 0, pose: 0, betas: 0, [name]: 3 };
    expect(evaluate(weights).total / (3 * meanSquare(start, end))).toBeCloseTo(1, 4);
  });

  it('measures the pose in angles: each coefficient by the squared length of its component', () => {
    const weights = { scale: 0, translation: 0, rotation: 0, pose: 2, betas: 0 };
    const energy = (column: number): number => {
      let sum = 0;
      for (let k = 0; k < 45; k++) sum += hand.handsComponents[(column - 6) * 45 + k]! ** 2;
      return sum;
    };
    const { total, terms } = evaluate(weights, { poseMetric: 'angles' });
    expect(total / (2 * meanSquare(6, 12, energy))).toBeCloseTo(1, 4);
    expect(terms['pose']! / meanSquare(6, 12)).toBeCloseTo(1, 4); // what is looked at stays the coefficients' own
  });

  it('measures the rotation as a rotation: 4/3 · sin² of half the angle between the two', () => {
    const weights = { scale: 0, translation: 0, rotation: 2, pose: 0, betas: 0.5 };
    const quaternion = (values: ArrayLike<number>, at: number): number[] => {
      const vector = [0, 1, 2].map((i) => values[at + i]!);
      const angle = Math.hypot(...vector);
      return [Math.cos(angle / 2), ...vector.map((value) => (value * Math.sin(angle / 2)) / angle)];
    };
    let sum = 0;
    for (let n = 0; n < 3; n++) {
      const truth = quaternion(arrays.handParameters, n * 22 + 3);
      const cosine = quaternion(OUTPUT, 3).reduce((total, value, i) => total + value * truth[i]!, 0);
      sum += (4 / 3) * (1 - cosine ** 2);
    }
    const { total, terms } = evaluate(weights, { rotationMetric: 'chordal' });
    expect(total / ((2 * sum) / 3 + 0.5 * meanSquare(12, 22))).toBeCloseTo(1, 4);
    expect(terms['rotation']! / (sum / 3)).toBeCloseTo(1, 4);
  });

  it('measures angles as the squared difference of the joints’ axis-angles would, where components are orthogonal', () => {
    const difference = Array.from({ length: 6 }, (_, i) => OUTPUT[6 + i]! - arrays.handParameters[6 + i]!);
    let [angles, separately] = [0, 0];
    for (let k = 0; k < 45; k++) {
      angles += difference.reduce((sum, d, i) => sum + d * hand.handsComponents[i * 45 + k]!, 0) ** 2;
      separately += difference.reduce((sum, d, i) => sum + (d * hand.handsComponents[i * 45 + k]!) ** 2, 0);
    }
    expect(separately / angles).toBeCloseTo(1, 2);
  });

  it('has the gradient 2·w·(x̂ − x)/n in the network’s output', () => {
    const model = constantModel(OUTPUT, 32);
    const batch = batchOf(arrays, [0, 1, 2]);
    const { 'constant/bias': bias, 'constant/kernel': kernel } = trainableVariables(model);
    const { grads } = tf.variableGrads(
      () => pretrainLoss(model, hand, batch, PRETRAIN_WEIGHTS).total,
      [bias!, kernel!],
    );
    const gradient = grads[bias!.name]!.dataSync();
    for (const [name, [start, end]] of BLOCKS) {
      for (let i = start; i < end; i++) {
        let mean = 0;
        for (let n = 0; n < 3; n++) mean += (OUTPUT[i]! - arrays.handParameters[n * 22 + i]!) / 3;
        const expected = (2 * PRETRAIN_WEIGHTS[name] * mean) / (end - start);
        expect(Math.abs(gradient[i]! - expected)).toBeLessThan(
          1e-4 * Math.abs(expected) + 1e-2 * PRETRAIN_WEIGHTS[name] * 1e-3,
        );
      }
    }
    expect(grads[kernel!.name]!.dataSync().some((value) => value !== 0)).toBe(true);
    tf.dispose(grads);
    batch.dispose();
    model.dispose();
  });
});
