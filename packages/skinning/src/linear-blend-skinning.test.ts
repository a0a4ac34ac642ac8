import * as tf from '@tensorflow/tfjs-core';
import { createRng, type Rng } from '@opposable/tensor-checks';
import { createSkinningConstants } from './create-skinning-constants.js';
import { linearBlendSkinning as hostSkinning } from './host/linear-blend-skinning.js';
import { linearBlendSkinning } from './linear-blend-skinning.js';
import { referenceSkinning } from './test-support/reference-skinning.js';
import {
  BODY_PARENTS,
  HAND_PARENTS,
  randomParents,
  randomRotations,
  rotationAbout,
  syntheticModel,
} from './test-support/synthetic-model.js';

const S = 4;
const BATCH = 3;

interface Batch {
  betas: Float64Array[];
  rotations: Float64Array[];
  transl: Float64Array[];
  worldRotation: Float64Array[];
}

/** Item 0 is the zero pose, item 1 has half turns everywhere, the others are random. */
function randomBatch(jointCount: number, rng: Rng): Batch {
  const identity = Float64Array.from({ length: jointCount * 9 }, (_, i) => ([0, 4, 8].includes(i % 9) ? 1 : 0));
  const axisOf = (j: number) => [j % 2, 1 - (j % 2), j % 3 === 0 ? 1 : 0];
  const turned = Array.from({ length: jointCount }, (_, j) => rotationAbout(axisOf(j), Math.PI)).flat();
  return {
    betas: Array.from({ length: BATCH }, () => new Float64Array(S).map(() => rng.normal())),
    rotations: [identity, Float64Array.from(turned), randomRotations(jointCount, rng)],
    transl: Array.from({ length: BATCH }, () => new Float64Array(3).map(() => rng.uniform(-1, 1))),
    worldRotation: Array.from({ length: BATCH }, () => randomRotations(1, rng)),
  };
}

const flat = (rows: Float64Array[]) => Float32Array.from(rows.flatMap((row) => [...row]));
const tensorsOf = ({ betas, rotations, transl, worldRotation }: Batch) => ({
  betas: tf.tensor2d(flat(betas), [BATCH, S]),
  rotations: tf.tensor4d(flat(rotations), [BATCH, rotations[0]!.length / 9, 3, 3]),
  transl: tf.tensor2d(flat(transl), [BATCH, 3]),
  worldRotation: tf.tensor3d(flat(worldRotation), [BATCH, 3, 3]),
});

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  let largest = 0;
  for (let i = 0; i < a.length; i++) largest = Math.max(largest, Math.abs(a[i]! - b[i]!));
  return largest;
}

/** |a − b| ≤ tolerance · max(|b|, median |b|) everywhere: the largest ratio found. */
function gradientError(actual: ArrayLike<number>, expected: readonly number[]): number {
  const sorted = expected.map(Math.abs).sort((a, b) => a - b);
  const median = sorted[sorted.length >> 1]!;
  return Math.max(...expected.map((b, i) => Math.abs(actual[i]! - b) / Math.max(Math.abs(b), median)));
}

const handModel = (rng: Rng, vertexCount = 25) =>
  syntheticModel({ vertexCount, shapeCount: S, parents: HAND_PARENTS, arrayType: Float32Array, rng });

describe.each(['cpu', 'wasm'])('linearBlendSkinning on the %s backend', (backend) => {
  const rng = createRng(5).split(backend);

  beforeAll(async () => {
    await tf.setBackend(backend);
    await tf.ready();
  });

  it.each(
    Object.entries({
      'a hand': HAND_PARENTS,
      'a body': BODY_PARENTS,
      'one joint': [-1],
      'a chain': [-1, 0, 1, 2, 3, 4],
      'a random tree': randomParents(11, createRng(8)),
    }),
  )('equals the plain loop to 1e-6 for %s', async (name, parents) => {
    const random = rng.split(name);
    const model = syntheticModel({ vertexCount: 30, shapeCount: S, parents, arrayType: Float32Array, rng: random });
    const constants = createSkinningConstants(model);
    const batch = randomBatch(parents.length, random);
    const { betas, rotations, transl } = tensorsOf(batch);
    const { vertices, joints } = linearBlendSkinning(constants, { betas, rotations, transl });
    expect(vertices.shape).toEqual([BATCH, 30, 3]);
    expect(joints.shape).toEqual([BATCH, parents.length, 3]);
    const expected = batch.betas.map((betas, b) =>
      referenceSkinning(model, betas, batch.rotations[b]!, batch.transl[b]),
    );
    expect(
      largestDifference(
        await vertices.data(),
        expected.flatMap((item) => item.vertices),
      ),
    ).toBeLessThan(1e-6);
    expect(
      largestDifference(
        await joints.data(),
        expected.flatMap((item) => item.joints),
      ),
    ).toBeLessThan(1e-6);
  });

  it('computes points of the surface with and without the other vertices', async () => {
    const random = rng.split('points');
    const model = handModel(random);
    const weights = new Float32Array(2 * 25);
    weights[7] = 1;
    weights[25 + 3] = 0.5;
    weights[25 + 20] = 0.5;
    const constants = createSkinningConstants(model, { pointRegressor: { pointCount: 2, weights } });
    const input = tensorsOf(randomBatch(16, random));
    const full = linearBlendSkinning(constants, input);
    const vertices = await full.vertices.data();
    const expected = Array.from({ length: BATCH }, (_, b) => {
      const at = (v: number, i: number) => vertices[(b * 25 + v) * 3 + i]!;
      return [0, 1, 2].map((i) => at(7, i)).concat([0, 1, 2].map((i) => (at(3, i) + at(20, i)) / 2));
    }).flat();
    expect(full.points!.shape).toEqual([BATCH, 2, 3]);
    expect(largestDifference(await full.points!.data(), expected)).toBeLessThan(1e-6);
    const few = linearBlendSkinning(constants, input, { vertices: false });
    expect('vertices' in few).toBe(false);
    expect(largestDifference(await few.points!.data(), expected)).toBeLessThan(1e-6);
    expect(await few.joints.data()).toEqual(await full.joints.data());
  });

  it('has the gradients of central differences', async () => {
    const random = rng.split('gradient');
    const model = handModel(random, 12);
    const constants = createSkinningConstants(model);
    const batch = randomBatch(16, random);
    const vertexWeights = new Float64Array(BATCH * 12 * 3).map(() => random.normal());
    const jointWeights = new Float64Array(BATCH * 16 * 3).map(() => random.normal());
    const { betas, rotations, transl, worldRotation } = tensorsOf(batch);
    const gradients = tf.grads((b, r, t, w) => {
      const result = linearBlendSkinning(constants, {
        betas: b as tf.Tensor2D,
        rotations: r as tf.Tensor4D,
        transl: t as tf.Tensor2D,
        worldRotation: w as tf.Tensor3D,
      });
      return tf.add<tf.Scalar>(
        tf.sum(tf.mul(result.vertices, tf.tensor3d(Float32Array.from(vertexWeights), [BATCH, 12, 3]))),
        tf.sum(tf.mul(result.joints, tf.tensor3d(Float32Array.from(jointWeights), [BATCH, 16, 3]))),
      );
    })([betas, rotations, transl, worldRotation]);
    const loss = (b: number, changed: Partial<Record<keyof Batch, Float64Array>>) => {
      const item = {
        betas: batch.betas[b]!,
        rotations: batch.rotations[b]!,
        transl: batch.transl[b]!,
        worldRotation: batch.worldRotation[b]!,
        ...changed,
      };
      const result = hostSkinning(model, item);
      let sum = 0;
      result.vertices.forEach((x, i) => (sum += x * vertexWeights[b * 36 + i]!));
      result.joints.forEach((x, i) => (sum += x * jointWeights[b * 48 + i]!));
      return sum;
    };
    for (const [place, name] of (['betas', 'rotations', 'transl', 'worldRotation'] as const).entries()) {
      const expected = batch[name].flatMap((values, b) =>
        Array.from(values, (_, i) => {
          const shifted = (step: number) => {
            const copy = values.slice();
            copy[i]! += step;
            return loss(b, { [name]: copy });
          };
          return (shifted(1e-5) - shifted(-1e-5)) / 2e-5;
        }),
      );
      expect(gradientError(await gradients[place]!.data(), expected)).toBeLessThan(1e-4);
    }
  });

  it('leaves no tensors behind in 50 runs with gradients', () => {
    const random = rng.split('leak');
    const before = tf.memory().numTensors;
    const constants = createSkinningConstants(handModel(random));
    const { betas, rotations, transl, worldRotation } = tensorsOf(randomBatch(16, random));
    const run = () =>
      tf.dispose(
        tf.grads(
          (b, r, t) =>
            linearBlendSkinning(constants, {
              betas: b as tf.Tensor2D,
              rotations: r as tf.Tensor4D,
              transl: t as tf.Tensor2D,
            }).vertices,
        )([betas, rotations, transl]),
      );
    run();
    const steady = tf.memory().numTensors;
    for (let i = 0; i < 50; i++) run();
    expect(tf.memory().numTensors).toBe(steady);
    const outputs = linearBlendSkinning(constants, { betas, rotations, transl });
    expect(tf.memory().numTensors).toBe(steady + 2);
    tf.dispose([outputs.vertices, outputs.joints, betas, rotations, transl, worldRotation]);
    constants.dispose();
    constants.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('refuses shapes that are not the model’s', () => {
    const constants = createSkinningConstants(handModel(rng.split('shapes')));
    const betas = tf.zeros<tf.Rank.R2>([2, S]);
    const rotations = tf.zeros<tf.Rank.R4>([2, 16, 3, 3]);
    expect(() => linearBlendSkinning(constants, { betas: tf.zeros([2, 3]), rotations })).toThrow(
      'linearBlendSkinning: expected betas of shape [B, 4], got [2, 3].',
    );
    expect(() => linearBlendSkinning(constants, { betas, rotations: tf.zeros([2, 15, 3, 3]) })).toThrow(
      'linearBlendSkinning: expected rotations of shape [B, 16, 3, 3] with B = 2, got [2, 15, 3, 3].',
    );
    expect(() => linearBlendSkinning(constants, { betas, rotations, transl: tf.zeros([1, 3]) })).toThrow(
      'linearBlendSkinning: expected transl of shape [B, 3] with B = 2, got [1, 3].',
    );
    expect(() => linearBlendSkinning(constants, { betas, rotations, worldRotation: tf.zeros([2, 3, 4]) })).toThrow(
      'linearBlendSkinning: expected worldRotation of shape [B, 3, 3] with B = 2, got [2, 3, 4].',
    );
    constants.dispose();
  });
});

describe('createSkinningConstants', () => {
  it('refuses a model that contradicts itself and a regressor of another size', () => {
    const model = handModel(createRng(1));
    expect(() => createSkinningConstants({ ...model, shapeCount: 5 })).toThrow(
      'validateParametricModel: expected shapeDirs',
    );
    expect(() =>
      createSkinningConstants(model, { pointRegressor: { pointCount: 2, weights: new Float32Array(25) } }),
    ).toThrow('createSkinningConstants: expected pointRegressor.weights of length 50 ([2, 25]), got 25.');
  });
});
