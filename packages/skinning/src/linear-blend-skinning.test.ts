import * as tf from '@tensorflow/tfjs-core';
import { createRng, type Rng } from '@opposable/tensor-checks';
import { createSkinningConstants, type SkinningConstantsOptions } from './create-skinning-constants.js';
import { linearBlendSkinning as hostSkinning } from './host/linear-blend-skinning.js';
import { linearBlendSkinning } from './linear-blend-skinning.js';
import { gradientError, largestDifference } from './test-support/compare.js';
import { PATHS } from './test-support/paths.js';
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

const handModel = (rng: Rng, vertexCount = 25) =>
  syntheticModel({ vertexCount, shapeCount: S, parents: HAND_PARENTS, arrayType: Float32Array, rng });

describe.each(PATHS)('linearBlendSkinning %s', (path, start) => {
  const rng = createRng(5).split(path);

  beforeAll(start);

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
      'linearBlendSkinning: expected betas of shape [B, 4] with B = 2, got [2, 3].',
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
  it('refuses a model that contradicts itself and options that do not fit it', () => {
    const model = handModel(createRng(1));
    expect(() => createSkinningConstants({ ...model, shapeCount: 5 })).toThrow(
      'validateParametricModel: expected shapeDirs',
    );
    const refused: [SkinningConstantsOptions, string][] = [
      [
        { points: [[{ vertex: 25, weight: 1 }]] },
        'expected each term of points[0] to name one joint (0 to 15) or one vertex (0 to 24) with a finite weight, ' +
          'got joint none, vertex 25, weight 1.',
      ],
      [{ center: [{ joint: 1, vertex: 2, weight: 1 } as never] }, 'got joint 1, vertex 2, weight 1.'],
      [{ points: [[{ joint: 1, weight: NaN }]] }, 'got joint 1, vertex none, weight NaN.'],
      [{ scale: Infinity }, 'expected scale to be a finite number, got Infinity.'],
      [{ vertices: [3, -1] }, 'expected vertices to hold ids from 0 to 24, got -1 at 1.'],
      [{ poseBasis: { mean: new Float32Array(48) } }, 'expected poseBasis.mean with 45 numbers for 16 joints, got 48.'],
      [
        { poseBasis: { components: new Float32Array(50) } },
        'expected poseBasis.components with rows of 45 numbers for 16 joints, got 50.',
      ],
    ];
    for (const [options, message] of refused) {
      expect(() => createSkinningConstants(model, options)).toThrow(message);
    }
  });
});
