import * as tf from '@tensorflow/tfjs-core';
import { matrixToQuaternion, matrixToRotation6d, type Rotation6dLayout } from '@opposable/geometry/host';
import { permutation } from '@opposable/keypoint-order';
import { linearBlendSkinning } from '@opposable/skinning/host';
import { createRng, type Rng } from '@opposable/tensor-checks';
import type { ManoLayerOptions } from '../conventions/layer-options.js';
import { prepareWasm } from '../test-support/layer-error.js';
import { largestDifference, referenceHand, rodrigues, rotationsOf } from '../test-support/reference-hand.js';
import { rows } from '../test-support/rows.js';
import { manoSizedHand, syntheticHand } from '../test-support/synthetic-hand.js';
import type { ManoModel } from '../types.js';
import { ManoLayer } from './mano-layer.js';

const BATCH = 4;
/** Item 0 is zero, item 1 turns every joint by 180°, the others are random. */
function randomAxisAngles(rng: Rng): number[][] {
  return rows(BATCH, 48, () => rng.normal(0, 0.8)).map((pose, row) => {
    if (row === 0) return pose.map(() => 0);
    if (row > 1) return pose;
    return pose.map((_, k) => (k % 3 === Math.floor(k / 3) % 3 ? Math.PI : 0));
  });
}

/** Joints, then fingertips thumb to pinky: the 'mano-raw' keypoints of the reference. */
function rawKeypoints(model: ManoModel, hand: { vertices: number[][]; joints: number[][] }, tips?: readonly number[]) {
  const { thumb, index, middle, ring, pinky } = model.landmarks?.fingertips ?? ({} as Record<string, number>);
  const ids = tips ?? [thumb, index, middle, ring, pinky];
  return [...hand.joints, ...ids.map((id) => hand.vertices[id]!)];
}

const flat = (points: readonly number[][]): number[] => points.flat();

describe.each(['composed operations', 'the fused kernel'])('ManoLayer by %s', (path) => {
  beforeAll(() => prepareWasm({ fused: path === 'the fused kernel' }));
  const rng = createRng(77);
  const model = syntheticHand({ rng: rng.split('model') });

  it('equals the float64 loop to 2e-6 m for axis-angle poses, with and without the mean', async () => {
    const betas = rows(BATCH, 10, () => rng.normal());
    const poses = randomAxisAngles(rng.split('axis-angle'));
    const transl = rows(BATCH, 3, () => rng.uniform(-0.5, 0.5));
    for (const flatHandMean of [true, false]) {
      const layer = new ManoLayer(model, { flatHandMean, poseRepresentation: 'axis-angle', keypointOrder: 'mano-raw' });
      const result = layer.forward({
        betas: tf.tensor2d(betas),
        handPose: tf.tensor2d(poses.map((pose) => pose.slice(3))),
        globalOrient: tf.tensor2d(poses.map((pose) => pose.slice(0, 3))),
        transl: tf.tensor2d(transl),
      });
      expect(result.vertices.shape).toEqual([BATCH, 60, 3]);
      expect(result.joints.shape).toEqual([BATCH, 16, 3]);
      expect(result.keypoints.shape).toEqual([BATCH, 21, 3]);
      const expected = poses.map((pose, b) => {
        const full = pose.map((value, k) => value + (flatHandMean || k < 3 ? 0 : model.handsMean[k - 3]!));
        const hand = referenceHand(model, betas[b]!, rotationsOf(full));
        const move = (points: number[][]) => points.map((point) => point.map((value, i) => value + transl[b]![i]!));
        return { vertices: move(hand.vertices), joints: move(hand.joints), keypoints: move(rawKeypoints(model, hand)) };
      });
      for (const name of ['vertices', 'joints', 'keypoints'] as const) {
        const error = largestDifference(
          await result[name].data(),
          expected.flatMap((hand) => flat(hand[name])),
        );
        expect(error).toBeLessThan(2e-6);
      }
      layer.dispose();
    }
  });

  it.each([1, 6, 45])('equals the float64 loop to 2e-6 m for %d pose coefficients', async (count) => {
    const layer = new ManoLayer(model, { flatHandMean: false, numPcaComponents: count });
    const betas = rows(BATCH, 10, () => rng.normal());
    const coefficients = rows(BATCH, count, (row) => (row === 0 ? 0 : rng.uniform(-2, 2)));
    const orient = rows(BATCH, 3, (row, k) => (row === 1 ? [0, Math.PI, 0][k]! : rng.normal()));
    const { vertices, keypoints } = layer.forward({
      betas: tf.tensor2d(betas),
      handPose: tf.tensor2d(coefficients),
      globalOrient: tf.tensor2d(orient),
    });
    const order = permutation('mano-raw', 'panoptic');
    const expected = coefficients.map((item, b) => {
      const pose = Array.from({ length: 45 }, (_, k) =>
        item.reduce((sum, c, n) => sum + c * model.handsComponents[n * 45 + k]!, model.handsMean[k]!),
      );
      return referenceHand(model, betas[b]!, rotationsOf([...orient[b]!, ...pose]));
    });
    expect(
      largestDifference(
        await vertices.data(),
        expected.flatMap((hand) => flat(hand.vertices)),
      ),
    ).toBeLessThan(2e-6);
    const points = expected.flatMap((hand) => {
      const raw = rawKeypoints(model, hand);
      return flat(order.map((place) => raw[place]!));
    });
    expect(largestDifference(await keypoints.data(), points)).toBeLessThan(2e-6);
  });

  it('gives the same hand for every pose representation', async () => {
    const betas = tf.tensor2d(rows(BATCH, 10, () => rng.normal()));
    const poses = randomAxisAngles(rng.split('representations'));
    const matrices = poses.map((pose) => rotationsOf(pose));
    const run = async (options: Omit<ManoLayerOptions, 'flatHandMean'>, items: number[][][], shape: number[]) => {
      const layer = new ManoLayer(model, { flatHandMean: true, ...options });
      const { vertices } = layer.forward({
        betas,
        handPose: tf.tensor(
          items.flatMap((item) => item.slice(1).flat()),
          [BATCH, ...(shape.length > 0 ? [15, ...shape] : [45])],
        ),
        globalOrient: tf.tensor(
          items.flatMap((item) => item[0]!),
          [BATCH, ...(shape.length > 0 ? shape : [3])],
        ),
      });
      return vertices.data();
    };
    const threes = poses.map((pose) => Array.from({ length: 16 }, (_, j) => pose.slice(j * 3, j * 3 + 3)));
    const expected = await run({ poseRepresentation: 'axis-angle' }, threes, []);
    const compare = (actual: ArrayLike<number>) => expect(largestDifference(actual, expected)).toBeLessThan(2e-6);
    compare(await run({ poseRepresentation: 'matrix' }, matrices, [3, 3]));
    for (const rotation6dLayout of ['columns', 'interleaved', 'rows'] as Rotation6dLayout[]) {
      const sixes = matrices.map((item) =>
        item.map((matrix) => [...matrixToRotation6d(matrix, { layout: rotation6dLayout })]),
      );
      compare(await run({ poseRepresentation: '6d', rotation6dLayout }, sixes, [6]));
    }
    const quaternions = matrices.map((item) => item.map((matrix) => [...matrixToQuaternion(matrix)]));
    compare(await run({ poseRepresentation: 'quaternion' }, quaternions, [4]));
  });

  it('rotates by worldRotation about the origin, centres, translates and converts, in this sequence', async () => {
    const betas = rows(1, 10, () => rng.normal());
    const pose = randomAxisAngles(rng.split('order'))[3]!;
    const turn = [0.3, -0.9, 0.4];
    const input = {
      betas: tf.tensor2d(betas),
      handPose: tf.tensor2d([pose.slice(3)]),
      globalOrient: tf.tensor2d([pose.slice(0, 3)]),
    };
    const extra = {
      worldRotation: tf.tensor3d([...rodrigues(turn)], [1, 3, 3]),
      transl: tf.tensor2d([[0.1, 0.2, 0.3]]),
    };
    const still = new ManoLayer(model, {
      flatHandMean: true,
      poseRepresentation: 'axis-angle',
      keypointOrder: 'mano-raw',
    });
    const raw = still.forward(input);
    const [vertices, keypoints] = [await raw.vertices.array(), await raw.keypoints.array()].map((batch) => batch[0]!);
    const rotated = (points: number[][]) =>
      points.map((point) =>
        [0, 1, 2].map((i) => [0, 1, 2].reduce((sum, k) => sum + rodrigues(turn)[i * 3 + k]! * point[k]!, 0)),
      );
    for (const [center, place] of [
      ['wrist', 0],
      ['middle1', 4],
      ['thumb4', 16],
      ['palm', -1],
    ] as const) {
      const layer = new ManoLayer(model, {
        flatHandMean: true,
        poseRepresentation: 'axis-angle',
        keypointOrder: 'mano-raw',
        center,
        units: 'mm',
      });
      const palm = [0, 1, 2].map((i) => model.landmarks!.palm.reduce((sum, v) => sum + vertices![v]![i]! / 3, 0));
      const origin = rotated([place < 0 ? palm : keypoints![place]!])[0]!;
      const expected = (points: number[][]) =>
        rotated(points).flatMap((point) => point.map((value, i) => 1000 * (value - origin[i]! + [0.1, 0.2, 0.3][i]!)));
      const result = layer.forward({ ...input, ...extra });
      expect(largestDifference(await result.vertices.data(), expected(vertices!))).toBeLessThan(2e-3);
      expect(largestDifference(await result.keypoints.data(), expected(keypoints!))).toBeLessThan(2e-3);
    }
  });

  it('takes fingertips by landmarks, by name on MANO’s mesh, and by vertex ids', async () => {
    const mano = manoSizedHand(rng.split('mano'));
    const left = manoSizedHand(rng.split('mano'), 'left');
    const zeros = { betas: tf.zeros([1, 10]), handPose: tf.zeros([1, 6]), globalOrient: tf.zeros([1, 3]) } as const;
    const tips = async (hand: ManoModel, fingertips: ManoLayerOptions['fingertips']) => {
      const layer = new ManoLayer(hand, { flatHandMean: true, fingertips, keypointOrder: 'mano-raw' });
      const { keypoints, vertices } = layer.forward(zeros as never);
      const [points, mesh] = [(await keypoints.array())[0]!, (await vertices.array())[0]!];
      return points
        .slice(16)
        .map((tip) => mesh.findIndex((vertex) => vertex.every((value, i) => Math.abs(value - tip[i]!) < 1e-7)));
    };
    expect(await tips(mano, 'smplx')).toEqual([744, 320, 443, 554, 671]);
    expect(await tips(mano, 'manopth')).toEqual([745, 317, 444, 556, 673]);
    expect(await tips(left, 'manopth')).toEqual([745, 317, 445, 556, 673]);
    expect(await tips(mano, '3dhand')).toEqual([745, 333, 444, 555, 672]);
    expect(await tips(mano, 'freihand')).toEqual([744, 320, 443, 555, 672]);
    expect(await tips(mano, 'ho3d')).toEqual([744, 333, 444, 555, 672]);
    expect(await tips(model, [5, 4, 3, 2, 1])).toEqual([5, 4, 3, 2, 1]);
    const { thumb, index, middle, ring, pinky } = model.landmarks!.fingertips;
    expect(await tips(model, undefined)).toEqual([thumb, index, middle, ring, pinky]);
  });

  it('puts the palm centre where an order has it instead of the wrist', async () => {
    const layer = new ManoLayer(model, { flatHandMean: true, keypointOrder: 'stb' });
    const input = { betas: tf.zeros([1, 10]), handPose: tf.zeros([1, 6]), globalOrient: tf.zeros([1, 3]) };
    const { keypoints, vertices } = layer.forward(input as never);
    const mesh = (await vertices.array())[0]!;
    const palm = [0, 1, 2].map((i) => model.landmarks!.palm.reduce((sum, v) => sum + mesh[v]![i]! / 3, 0));
    expect(largestDifference((await keypoints.array())[0]![0]!, palm)).toBeLessThan(1e-7);
  });

  it.each(['cpu', 'wasm'])('has the gradients of central differences on the %s backend', async (backend) => {
    await tf.setBackend(backend);
    const random = rng.split('gradient');
    const small = syntheticHand({ rng: random.split('model'), vertexCount: 20 });
    const layer = new ManoLayer(small, { flatHandMean: false, numPcaComponents: 6 });
    // Item 0 is the zero pose, item 1 a half turn of the wrist, item 2 random.
    const values = {
      betas: rows(3, 10, (row) => (row === 0 ? 0 : random.normal())),
      handPose: rows(3, 6, (row) => (row === 0 ? 0 : random.uniform(-2, 2))),
      globalOrient: rows(3, 3, (row, k) => (row === 0 ? 0 : row === 1 ? [Math.PI, 0, 0][k]! : random.normal())),
      transl: rows(3, 3, () => random.normal()),
    };
    const vertexWeights = rows(3, 60, () => random.normal());
    const keypointWeights = rows(3, 63, () => random.normal());
    const names = ['betas', 'handPose', 'globalOrient', 'transl'] as const;
    const gradients = tf.grads((...inputs) => {
      const [betas, handPose, globalOrient, transl] = inputs as tf.Tensor2D[];
      const result = layer.forward({
        betas: betas!,
        handPose: handPose!,
        globalOrient: globalOrient!,
        transl: transl!,
      });
      return tf.add<tf.Scalar>(
        tf.sum(tf.mul(tf.reshape(result.vertices, [3, 60]), tf.tensor2d(vertexWeights))),
        tf.sum(tf.mul(tf.reshape(result.keypoints, [3, 63]), tf.tensor2d(keypointWeights))),
      );
    })(names.map((name) => tf.tensor2d(values[name])));
    const order = permutation('mano-raw', 'panoptic');
    const loss = (b: number, item: Record<(typeof names)[number], number[]>) => {
      const pose = Array.from({ length: 45 }, (_, k) =>
        item.handPose.reduce((sum, c, n) => sum + c * small.handsComponents[n * 45 + k]!, small.handsMean[k]!),
      );
      const rotations = rotationsOf([...item.globalOrient, ...pose]).flat();
      const hand = linearBlendSkinning(small, { betas: item.betas, rotations, transl: item.transl });
      const points = (array: ArrayLike<number>) =>
        Array.from({ length: array.length / 3 }, (_, p) => [0, 1, 2].map((i) => array[p * 3 + i]!));
      const raw = rawKeypoints(small, { vertices: points(hand.vertices), joints: points(hand.joints) });
      const keypoints = order.flatMap((place) => raw[place]!);
      return (
        Array.from(hand.vertices).reduce((sum, x, i) => sum + x * vertexWeights[b]![i]!, 0) +
        keypoints.reduce((sum, x, i) => sum + x * keypointWeights[b]![i]!, 0)
      );
    };
    for (const [place, name] of names.entries()) {
      const expected = values[name].flatMap((row, b) =>
        row.map((_, k) => {
          const shifted = (step: number) => {
            const item = {
              betas: values.betas[b]!,
              handPose: values.handPose[b]!,
              globalOrient: values.globalOrient[b]!,
              transl: values.transl[b]!,
            };
            return loss(b, { ...item, [name]: row.map((value, i) => value + (i === k ? step : 0)) });
          };
          return (shifted(1e-5) - shifted(-1e-5)) / 2e-5;
        }),
      );
      const actual = await gradients[place]!.data();
      const sizes = expected.map(Math.abs).sort((a, b) => a - b);
      const median = sizes[sizes.length >> 1]!;
      const error = Math.max(...expected.map((b, i) => Math.abs(actual[i]! - b) / Math.max(Math.abs(b), median)));
      expect(error).toBeLessThan(1e-4);
    }
    await tf.setBackend('wasm');
  });

  it('leaves no tensors behind in 50 runs and frees its own', () => {
    const before = tf.memory().numTensors;
    const layer = new ManoLayer(model, { flatHandMean: false, center: 'palm', units: 'mm' });
    const input = {
      betas: tf.tensor2d(rows(2, 10, () => rng.normal())),
      handPose: tf.tensor2d(rows(2, 6, () => rng.normal())),
      globalOrient: tf.tensor2d(rows(2, 3, () => rng.normal())),
    };
    const run = () => {
      const { vertices, joints, keypoints } = layer.forward(input);
      tf.dispose([vertices, joints, keypoints]);
      tf.dispose(
        tf.grads((b, p, o) =>
          tf.sum<tf.Scalar>(layer.forward({ betas: b as tf.Tensor2D, handPose: p, globalOrient: o }).vertices),
        )([input.betas, input.handPose, input.globalOrient]),
      );
    };
    run();
    const steady = tf.memory().numTensors;
    for (let i = 0; i < 50; i++) run();
    expect(tf.memory().numTensors).toBe(steady);
    layer.dispose();
    layer.dispose();
    expect(() => layer.forward(input)).toThrow('ManoLayer.forward: the layer was disposed of and cannot be used.');
    tf.dispose(input);
    expect(tf.memory().numTensors).toBe(before);
  });
});
