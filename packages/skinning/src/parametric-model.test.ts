import * as tf from '@tensorflow/tfjs-core';
import { createRng, type Rng } from '@opposable/tensor-checks';
import { createSkinningConstants, type SkinningConstantsOptions } from './create-skinning-constants.js';
import { linearBlendSkinning } from './linear-blend-skinning.js';
import { parametricModel, type ParametricModelInput } from './parametric-model.js';
import { prepareIdentity } from './prepare-identity.js';
import { gradientError, largestDifference } from './test-support/compare.js';
import { PATHS } from './test-support/paths.js';
import { referenceModel, referenceRotations, type ReferenceItem } from './test-support/reference-model.js';
import { HAND_PARENTS, syntheticModel } from './test-support/synthetic-model.js';

const S = 4;
const V = 27;
const J = 16;
const NUMBERS = 6;
const NAMES = ['betas', 'pose', 'globalOrient', 'worldRotation', 'transl'] as const;
const SHAPES = { betas: [S], pose: [NUMBERS], globalOrient: [3], worldRotation: [3, 3], transl: [3] } as const;

type Item = Record<(typeof NAMES)[number], Float64Array>;
const sizeOf = (shape: readonly number[]) => shape.reduce((product, size) => product * size, 1);

/** Item 0 is the zero pose, item 1 turns by 180°, the others are random; in float32, so that both sides get the same. */
function randomItems(count: number, rng: Rng): Item[] {
  const draw = (length: number, value: () => number) => Float64Array.from({ length }, () => Math.fround(value()));
  return Array.from({ length: count }, (_, b) => ({
    betas: draw(S, () => rng.normal()),
    pose: draw(NUMBERS, () => (b === 0 ? 0 : rng.uniform(-2, 2))),
    globalOrient:
      b === 0 ? new Float64Array(3) : b === 1 ? Float64Array.of(0, Math.PI, 0) : draw(3, () => rng.normal()),
    worldRotation: draw(9, () => rng.normal()),
    transl: draw(3, () => rng.uniform(-1, 1)),
  }));
}

function tensorsOf(items: readonly Item[]): Record<(typeof NAMES)[number], tf.Tensor> {
  const tensor = (name: (typeof NAMES)[number]) =>
    tf.tensor(Float32Array.from(items.flatMap((item) => [...item[name]])), [items.length, ...SHAPES[name]]);
  return {
    betas: tensor('betas'),
    pose: tensor('pose'),
    globalOrient: tensor('globalOrient'),
    worldRotation: tensor('worldRotation'),
    transl: tensor('transl'),
  };
}

const asInput = (tensors: object) => tensors as ParametricModelInput;

function optionsOf(rng: Rng, center?: 'joints' | 'vertices'): SkinningConstantsOptions {
  return {
    points: [
      [{ joint: 3, weight: 1 }],
      [{ vertex: 5, weight: 1 }],
      [
        { vertex: 25, weight: 0.5 },
        { vertex: 5, weight: 0.4 },
        { joint: 1, weight: 0.2 },
      ],
    ],
    center: center && [
      { joint: 4, weight: 0.5 },
      center === 'joints' ? { joint: 7, weight: 0.5 } : { vertex: 26, weight: 0.5 },
    ],
    scale: center && 10,
    poseBasis: {
      components: new Float32Array(NUMBERS * 45).map(() => rng.normal(0, 0.3)),
      mean: new Float32Array(45).map(() => rng.normal(0, 0.3)),
    },
  };
}

describe.each(PATHS)('parametricModel %s', (path, start) => {
  const rng = createRng(12).split(path);
  const model = syntheticModel({
    vertexCount: V,
    shapeCount: S,
    parents: HAND_PARENTS,
    arrayType: Float32Array,
    rng: rng.split('model'),
  });

  beforeAll(start);

  const expectEqual = async (
    result: { vertices?: tf.Tensor; joints: tf.Tensor; points?: tf.Tensor },
    options: SkinningConstantsOptions,
    items: readonly ReferenceItem[],
  ) => {
    const expected = items.map((item) => referenceModel(model, options, item));
    const tolerance = 2e-6 * (options.scale ?? 1);
    for (const name of ['vertices', 'joints', 'points'] as const) {
      if (result[name] === undefined) continue;
      const error = largestDifference(
        await result[name].data(),
        expected.flatMap((item) => item[name]),
      );
      expect([name, error < tolerance, error]).toEqual([name, true, error]);
    }
  };

  // Groups of eight, four and one are computed by different code.
  it.each([1, 2, 3, 5, 8, 9, 12, 15])('equals the float64 loop to 2e-6 for a batch of %d', async (batch) => {
    const random = rng.split(`values ${batch}`);
    const options = optionsOf(random);
    const items = randomItems(batch, random);
    const constants = createSkinningConstants(model, options);
    const result = parametricModel(constants, asInput(tensorsOf(items)));
    expect(result.vertices.shape).toEqual([batch, V, 3]);
    expect(result.joints.shape).toEqual([batch, J, 3]);
    expect(result.points!.shape).toEqual([batch, 3, 3]);
    await expectEqual(result, options, items);
    constants.dispose();
  });

  it.each(['joints', 'vertices'] as const)('centres on %s, and scales', async (center) => {
    const random = rng.split(center);
    const options = optionsOf(random, center);
    const items = randomItems(9, random);
    const constants = createSkinningConstants(model, options);
    const input = asInput(tensorsOf(items));
    await expectEqual(parametricModel(constants, input), options, items);
    const few = parametricModel(constants, input, { vertices: false });
    expect('vertices' in few).toBe(false);
    await expectEqual(few, options, items);
    constants.dispose();
  });

  it('needs neither translation, nor world rotation, nor a pose basis', async () => {
    const random = rng.split('plain');
    const items = randomItems(3, random).map(({ betas, globalOrient }, b) => ({
      betas,
      globalOrient,
      pose: new Float64Array(45).map(() => (b === 0 ? 0 : Math.fround(random.normal()))),
    }));
    const constants = createSkinningConstants(model);
    const result = parametricModel(constants, {
      betas: tf.tensor2d(items.map(({ betas }) => [...betas])),
      pose: tf.tensor2d(items.map(({ pose }) => [...pose])),
      globalOrient: tf.tensor2d(items.map(({ globalOrient }) => [...globalOrient])),
    });
    expect('points' in result).toBe(false);
    await expectEqual(result, {}, items);
    constants.dispose();
  });

  it('computes some vertices only, in the order asked for, and points of others', async () => {
    const random = rng.split('subset');
    const options = { ...optionsOf(random, 'vertices'), vertices: [20, 3, 11, 4, 9, 2, 7, 26, 1] };
    const items = randomItems(6, random);
    const constants = createSkinningConstants(model, options);
    const result = parametricModel(constants, asInput(tensorsOf(items)));
    expect(result.vertices.shape).toEqual([6, 9, 3]);
    await expectEqual(result, options, items);
    const tensors = tensorsOf(items);
    const all = NAMES.map((name) => tensors[name]);
    const loss = (given: SkinningConstantsOptions, sum: (vertices: tf.Tensor3D) => tf.Tensor) => {
      const own = createSkinningConstants(model, given);
      const gradients = tf.grads((...inputs) => {
        const named = Object.fromEntries(NAMES.map((name, i) => [name, inputs[i]!]));
        return sum(parametricModel(own, asInput(named)).vertices);
      })(all);
      own.dispose();
      return gradients;
    };
    const pick = tf.oneHot(tf.tensor1d(options.vertices, 'int32'), V); // [9, V]
    const picked = loss({ ...options, vertices: undefined }, (vertices) =>
      tf.sum(tf.square(tf.matMul(tf.tile(tf.expandDims(tf.cast(pick, 'float32'), 0), [6, 1, 1]), vertices))),
    );
    const direct = loss(options, (vertices) => tf.sum(tf.square(vertices)));
    for (const [i, gradient] of direct.entries()) {
      expect(gradientError(await gradient.data(), await picked[i]!.data())).toBeLessThan(1e-4);
    }
    constants.dispose();
  });

  it('takes matrices instead of numbers, with the root or without', async () => {
    const random = rng.split('matrices');
    const options = optionsOf(random);
    const items = randomItems(5, random);
    const constants = createSkinningConstants(model, options);
    const { betas, transl } = tensorsOf(items);
    const rotations = items.map((item) => referenceRotations(model, options.poseBasis!, item));
    const shape = { betas: betas as tf.Tensor2D, transl: transl as tf.Tensor2D };
    const parts = parametricModel(constants, {
      ...shape,
      globalOrient: tf.tensor(rotations.map((all) => all.slice(0, 9)).flat(), [5, 3, 3]),
      pose: tf.tensor(rotations.map((all) => all.slice(9)).flat(), [5, J - 1, 3, 3]),
    });
    const whole = linearBlendSkinning(constants, { ...shape, rotations: tf.tensor(rotations.flat(), [5, J, 3, 3]) });
    const plain = items.map(({ betas, pose, globalOrient, transl }) => ({ betas, pose, globalOrient, transl }));
    await expectEqual(parts, options, plain);
    await expectEqual(whole, options, plain);
    constants.dispose();
  });

  it.each([1, 7])('gives the same with an identity of %d', async (people) => {
    const random = rng.split(`identity ${people}`);
    const options = optionsOf(random);
    const items = randomItems(7, random).map((item, _, all) =>
      people === 1 ? { ...item, betas: all[0]!.betas } : item,
    );
    const constants = createSkinningConstants(model, options);
    const { betas, ...others } = tensorsOf(items);
    const identity = prepareIdentity(constants, tf.slice(betas as tf.Tensor2D, [0, 0], [people, S]));
    expect(identity.batch).toBe(people);
    const names = ['pose', 'globalOrient', 'worldRotation', 'transl'] as const;
    await expectEqual(parametricModel(constants, asInput({ identity, ...others })), options, items);
    const gradientsWith = (shape: object) =>
      tf.grads((...inputs) => {
        const posed = Object.fromEntries(names.map((name, i) => [name, inputs[i]!]));
        return tf.sum(tf.square(parametricModel(constants, asInput({ ...posed, ...shape })).vertices));
      })(names.map((name) => others[name]));
    const direct = gradientsWith({ betas });
    for (const [i, gradient] of gradientsWith({ identity }).entries()) {
      expect(gradientError(await gradient.data(), await direct[i]!.data())).toBeLessThan(1e-4);
    }
    const other = createSkinningConstants(model, options);
    expect(() => parametricModel(other, asInput({ identity, ...others }))).toThrow(
      'prepareIdentity: expected the identity to be used with the constants it was made for, got others.',
    );
    identity.dispose();
    identity.dispose();
    expect(() => parametricModel(constants, asInput({ identity, ...others }))).toThrow(
      'prepareIdentity: the identity was disposed of and cannot be used.',
    );
    constants.dispose();
  });

  it.each([
    [1, 'vertices'],
    [3, 'joints'],
    [10, 'vertices'],
  ] as const)('has the gradients of central differences for a batch of %d, centred on %s', async (batch, center) => {
    const random = rng.split(`gradient ${batch}`);
    const options = optionsOf(random, center);
    const items = randomItems(batch, random);
    if (batch === 1) items[0] = randomItems(3, random)[2]!;
    const constants = createSkinningConstants(model, options);
    const weights = { vertices: V * 3, joints: J * 3, points: 9 };
    const outputs = Object.entries(weights).map(([name, length]) => {
      const values = items.map(() => Float64Array.from({ length }, () => Math.fround(random.normal())));
      return { name: name as keyof typeof weights, values };
    });
    const tensors = tensorsOf(items);
    const gradients = tf.grads((...inputs) => {
      const result = parametricModel(
        constants,
        asInput(Object.fromEntries(NAMES.map((name, i) => [name, inputs[i]!]))),
      );
      return tf.addN(
        outputs.map(({ name, values }) =>
          tf.sum<tf.Scalar>(tf.mul(tf.reshape(result[name]!, [batch, -1]), tf.tensor2d(values.map((row) => [...row])))),
        ),
      );
    })(NAMES.map((name) => tensors[name]));
    const loss = (b: number, item: Item) => {
      const result = referenceModel(model, options, item);
      return outputs.reduce(
        (sum, { name, values }) => sum + values[b]!.reduce((part, weight, i) => part + weight * result[name][i]!, 0),
        0,
      );
    };
    for (const [place, name] of NAMES.entries()) {
      const expected = items.flatMap((item, b) =>
        Array.from({ length: sizeOf(SHAPES[name]) }, (_, i) => {
          const shifted = (step: number) =>
            loss(b, { ...item, [name]: item[name].map((x, k) => (k === i ? x + step : x)) });
          return (shifted(1e-5) - shifted(-1e-5)) / 2e-5;
        }),
      );
      const error = gradientError(await gradients[place]!.data(), expected);
      expect([name, error < 1e-4, error]).toEqual([name, true, error]);
    }
    constants.dispose();
  });

  it('leaves no tensors behind in 50 runs, and constants and identities free theirs', () => {
    const random = rng.split('leak');
    const tensors = tensorsOf(randomItems(3, random));
    const before = tf.memory().numTensors;
    const constants = createSkinningConstants(model, optionsOf(random, 'vertices'));
    expect(tf.memory().numTensors).toBe(before);
    const identity = prepareIdentity(constants, tensors.betas as tf.Tensor2D);
    const run = () => {
      const { betas, ...others } = tensors;
      tf.dispose(parametricModel(constants, asInput(tensors)) as unknown as tf.TensorContainer);
      tf.dispose(parametricModel(constants, asInput(tensors), { vertices: false }) as unknown as tf.TensorContainer);
      tf.tidy(() => void parametricModel(constants, asInput({ identity, ...others })));
      const gradients = tf.grads((b, p) =>
        tf.sum(parametricModel(constants, asInput({ ...tensors, betas: b, pose: p })).points!),
      );
      tf.dispose(gradients([betas, tensors.pose]));
    };
    run();
    const steady = tf.memory();
    for (let i = 0; i < 50; i++) run();
    expect(tf.memory().numTensors).toBe(steady.numTensors);
    expect(tf.memory().numBytes).toBe(steady.numBytes);
    const outputs = parametricModel(constants, asInput(tensors));
    expect(tf.memory().numTensors).toBe(steady.numTensors + 3);
    tf.dispose(outputs as unknown as tf.TensorContainer);
    identity.dispose();
    constants.dispose();
    constants.dispose();
    expect(tf.memory().numTensors).toBe(before);
    expect(() => parametricModel(constants, asInput(tensors))).toThrow(
      'createSkinningConstants: the constants were disposed of and cannot be used.',
    );
  });

  it('passes on numbers that are not finite, and bends by many turns', async () => {
    const constants = createSkinningConstants(model);
    const poseOf = (angle: number) => {
      const { vertices } = parametricModel(constants, {
        ...{ betas: tf.zeros([1, S]), pose: tf.zeros([1, 45]), globalOrient: tf.tensor2d([[0, angle, 0]]) },
      });
      return vertices.data();
    };
    expect((await poseOf(NaN)).every(Number.isNaN)).toBe(true);
    expect((await poseOf(Infinity)).every(Number.isNaN)).toBe(true);
    expect(largestDifference(await poseOf(64 * Math.PI + 1), await poseOf(1))).toBeLessThan(1e-5);
    constants.dispose();
  });

  it('takes an empty batch', () => {
    const constants = createSkinningConstants(model, optionsOf(rng.split('empty'), 'vertices'));
    const empty = { betas: tf.zeros([0, S]), pose: tf.zeros([0, NUMBERS]), globalOrient: tf.zeros([0, 3]) };
    const { vertices, joints, points } = parametricModel(constants, asInput(empty));
    expect([vertices.shape, joints.shape, points!.shape]).toEqual([
      [0, V, 3],
      [0, J, 3],
      [0, 3, 3],
    ]);
    constants.dispose();
  });

  it('takes whole numbers as float32', async () => {
    const constants = createSkinningConstants(model);
    const input = { betas: tf.ones<tf.Rank.R2>([1, S]), pose: tf.ones([1, 45]), globalOrient: tf.ones([1, 3]) };
    const whole = { ...input, betas: tf.ones<tf.Rank.R2>([1, S], 'int32'), pose: tf.ones([1, 45], 'int32') };
    const [a, b] = [parametricModel(constants, input), parametricModel(constants, whole)];
    expect(await b.vertices.data()).toEqual(await a.vertices.data());
    constants.dispose();
  });

  it('refuses shapes that are not the model’s, and a shape given twice or not at all', () => {
    const constants = createSkinningConstants(model, optionsOf(rng.split('shapes')));
    const good = { betas: tf.zeros([2, S]), pose: tf.zeros([2, NUMBERS]), globalOrient: tf.zeros([2, 3]) };
    const run = (changes: object) => () => parametricModel(constants, asInput({ ...good, ...changes }));
    expect(run({ betas: tf.zeros([2, 5]) })).toThrow(
      'parametricModel: expected betas of shape [B, 4] with B = 2, got [2, 5].',
    );
    expect(run({ pose: tf.zeros([2, 45]) })).toThrow(
      'parametricModel: expected pose of shape [B, 6] with B = 2, got [2, 45].',
    );
    expect(run({ pose: tf.zeros([2, J, 3, 3]) })).toThrow(
      'parametricModel: expected pose of shape [B, 15, 3, 3] with B = 2, got [2, 16, 3, 3].',
    );
    expect(run({ globalOrient: tf.zeros([2, 3, 3]) })).toThrow(
      'parametricModel: expected globalOrient of shape [B, 3] with B = 2, got [2, 3, 3].',
    );
    expect(run({ transl: tf.zeros([1, 3]) })).toThrow(
      'parametricModel: expected transl of shape [B, 3] with B = 2, got [1, 3].',
    );
    expect(run({ betas: undefined })).toThrow('parametricModel: expected either betas or identity, got neither.');
    const identity = prepareIdentity(constants, tf.zeros([3, S]));
    expect(run({ identity })).toThrow('parametricModel: expected either betas or identity, got both.');
    expect(run({ betas: undefined, identity })).toThrow(
      'parametricModel: expected identity of shape [B, 4] with B = 2, got [3, 4].',
    );
    expect(() => prepareIdentity(constants, tf.zeros([1, 3]))).toThrow(
      'prepareIdentity: expected betas of shape [B, 4], got [1, 3].',
    );
    identity.dispose();
    constants.dispose();
  });
});
