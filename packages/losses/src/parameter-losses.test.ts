import * as tf from '@tensorflow/tfjs-core';
import { createRng } from '@opposable/tensor-checks';
import { blockMse, type LossBlock } from './block-mse.js';
import { parameterRegularization } from './parameter-regularization.js';
import { rotationLoss } from './rotation-loss.js';
import { type Arrays, compare, leakOver50Steps, relativeError, tensorsOf, useBackend } from './test-support/compare.js';

const rng = createRng('parameters');
const normals = (count: number) => Array.from({ length: count }, () => rng.normal());
const BATCH = 5;
const coefficients = {
  pose: { shape: [BATCH, 6], values: normals(BATCH * 6) },
  betas: { shape: [BATCH, 10], values: normals(BATCH * 10) },
};
const vectors = {
  predicted: { shape: [BATCH, 22], values: normals(BATCH * 22) },
  target: { shape: [BATCH, 22], values: normals(BATCH * 22) },
};
/** The 22 numbers with the weights of 3dhand's pretraining: scale, translation, rotation, pose, betas. */
const pretraining: LossBlock[] = [
  { start: 0, end: 1, weight: 0.1 },
  { start: 1, end: 3, weight: 0.2 },
  { start: 3, end: 6, weight: 5000 },
  { start: 6, end: 12, weight: 1000 },
  { start: 12, end: 22, weight: 1e5 },
];
const meanSquare = (x: Float64Array) => x.reduce((sum, value) => sum + value * value, 0) / x.length;

function naiveTerm(x: Arrays<keyof typeof vectors>, { start, end }: LossBlock): number {
  let sum = 0;
  for (let b = 0; b < BATCH; b++) {
    for (let i = start; i < end; i++) sum += (x.predicted[b * 22 + i]! - x.target[b * 22 + i]!) ** 2;
  }
  return sum / (BATCH * (end - start));
}

/** Ten pairs of vectors, many of more than half a turn: in one the first is 0, in one the second, in one both are the same. */
const rotations = {
  predicted: { shape: [BATCH, 2, 3], values: normals(BATCH * 6).map((x, i) => (i < 3 ? 0 : 2 * x)) },
  target: { shape: [BATCH, 2, 3], values: normals(BATCH * 6).map((x, i) => (i >= 3 && i < 6 ? 0 : 2 * x)) },
};
rotations.target.values.splice(6, 3, ...rotations.predicted.values.slice(6, 9));

/** Rodrigues' formula, row-major. */
function matrixOf([x, y, z]: readonly number[]): number[] {
  const angle = Math.hypot(x!, y!, z!);
  const [s, c] = angle === 0 ? [1, 0.5] : [Math.sin(angle) / angle, (1 - Math.cos(angle)) / angle ** 2];
  const k = [0, -z!, y!, z!, 0, -x!, -y!, x!, 0];
  return k.map((value, at) => {
    const [row, column] = [Math.floor(at / 3), at % 3];
    const squared = [0, 1, 2].reduce((sum, i) => sum + k[3 * row + i]! * k[3 * i + column]!, 0);
    return (row === column ? 1 : 0) + s * value + c * squared;
  });
}

function naiveRotationLoss(x: Arrays<keyof typeof rotations>): number {
  let sum = 0;
  for (let n = 0; n < x.target.length; n += 3) {
    const [a, b] = [x.predicted, x.target].map((all) => matrixOf([...all.subarray(n, n + 3)]));
    sum += a!.reduce((total, value, i) => total + (value - b![i]!) ** 2, 0) / 6;
  }
  return sum / (x.target.length / 3);
}

describe.each(['cpu', 'wasm'])('losses of parameters on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  it.each([undefined, 0, 3])('parameterRegularization is mean(θ²) + w·mean(β²), w = %p', async (betaWeight) => {
    const error = await compare(
      coefficients,
      (x) => parameterRegularization(x, { betaWeight }),
      (x) => meanSquare(x.pose) + (betaWeight ?? 1e4) * meanSquare(x.betas),
      ['pose', 'betas'],
    );
    expect(error.value).toBeLessThan(1e-6);
    expect(error.gradient['pose']).toBeLessThan(1e-5);
    expect(error.gradient['betas']).toBeLessThan(1e-5);
  });

  it('rotationLoss is a sixth of the squared distance of the rotation matrices', async () => {
    const error = await compare(rotations, (x) => rotationLoss(x.predicted, x.target), naiveRotationLoss, ['predicted', 'target']); // prettier-ignore
    expect(error.value).toBeLessThan(1e-6);
    expect(error.gradient['predicted']).toBeLessThan(1e-5);
    expect(error.gradient['target']).toBeLessThan(1e-5);
  });

  it('rotationLoss takes vectors of either side of π for what they are', async () => {
    const [near, far] = tf.tidy(() => {
      const loss = (a: number[], b: number[]) => rotationLoss(tf.tensor2d([a]), tf.tensor2d([b]));
      return [loss([3.1, 0, 0], [-3.1, 0, 0]), loss([0, Math.PI, 0], [0, 0, 0])] as const;
    });
    expect((await near.data())[0]).toBeCloseTo((4 / 3) * Math.sin(Math.PI - 3.1) ** 2, 5);
    expect((await far.data())[0]).toBeCloseTo(4 / 3, 5);
    tf.dispose([near, far]);
  });

  it('blockMse is the weighted sum of the mean squared errors of its blocks', async () => {
    const total = (x: Arrays<keyof typeof vectors>) =>
      pretraining.reduce((sum, block) => sum + block.weight * naiveTerm(x, block), 0);
    const error = await compare(vectors, (x) => blockMse(x.predicted, x.target, pretraining).total, total, [
      'predicted',
      'target',
    ]);
    expect(error.value).toBeLessThan(1e-6);
    expect(error.gradient['predicted']).toBeLessThan(1e-5);
    expect(error.gradient['target']).toBeLessThan(1e-5);
  });

  it('blockMse gives the terms of its blocks without weights, and ignores other columns', async () => {
    const x = tensorsOf(vectors);
    const blocks = [
      { start: 2, end: 7, weight: 10 },
      { start: 5, end: 6, weight: -1 },
    ];
    const { total, terms } = blockMse(x.predicted, x.target, blocks);
    const arrays = {
      predicted: Float64Array.from(vectors.predicted.values),
      target: Float64Array.from(vectors.target.values),
    };
    const expected = blocks.map((block) => naiveTerm(arrays, block));
    expect(terms.shape).toEqual([2]);
    expect(relativeError(await terms.data(), expected)).toBeLessThan(1e-6);
    expect(relativeError(await total.data(), [10 * expected[0]! - expected[1]!])).toBeLessThan(1e-6);
  });

  it('leak nothing in 50 gradient steps', () => {
    expect(leakOver50Steps(coefficients, 'betas', (x) => parameterRegularization(x))).toBe(0);
    expect(leakOver50Steps(vectors, 'predicted', (x) => blockMse(x.predicted, x.target, pretraining).total)).toBe(0);
    const x = tensorsOf(vectors);
    const before = tf.memory().numTensors;
    const { total, terms } = blockMse(x.predicted, x.target, pretraining);
    expect(tf.memory().numTensors).toBe(before + 2);
    tf.dispose([total, terms]);
  });
});

describe('blockMse', () => {
  it('refuses shapes and blocks by name', () => {
    const x = tf.zeros([2, 22]);
    expect(() => blockMse(x, tf.zeros([2, 21]), pretraining)).toThrow(
      'blockMse: expected target of shape [B, N] with B = 2, N = 22, got [2, 21].',
    );
    expect(() => blockMse(tf.zeros([22]), x, pretraining)).toThrow('blockMse: expected predicted of shape [B, N]');
    expect(() => blockMse(x, x, [{ start: 20, end: 23, weight: 1 }])).toThrow(
      'blockMse: expected blocks with 0 <= start < end <= 22, got 20 to 23.',
    );
    expect(() => blockMse(x, x, [{ start: 3, end: 3, weight: 1 }])).toThrow('got 3 to 3.');
    expect(() => blockMse(x, x, [])).toThrow('blockMse: expected at least one block, got none.');
  });
});
