import * as tf from '@tensorflow/tfjs-core';
import { projectPerspective } from '@opposable/geometry/host';
import { loadOpenHand } from '@opposable/open-hand';
import { createRng } from '@opposable/tensor-checks';
import { prepareBackend } from '@opposable/training';
import { fitHands } from './fit-hands.js';
import { placeRigidly } from './place-rigidly.js';
import { scoreFit } from './score-fit.js';
import { CAMERA, hostKeypoints, randomHand, syntheticTargets } from './test-support/synthetic-targets.js';
import type { FitHandsOptions, FitTargets } from './types.js';

const model = loadOpenHand('right');
const largestDifference = (a: ArrayLike<number>, b: ArrayLike<number>) => {
  expect(a.length).toBe(b.length);
  return Array.from(a).reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);
};

/** A busy machine may take several times as long as the few seconds measured. */
const TIMEOUT_MS = 60_000;
beforeAll(() => prepareBackend('wasm'));

describe('placeRigidly', () => {
  it('undoes a rotation and translation of the hand exactly, wherever its wrist joint is', () => {
    const rng = createRng('place');
    const still = { globalOrient: [0, 0, 0], transl: [0, 0, 0], handPose: [0], betas: new Float64Array(10) };
    const moved = Array.from({ length: 4 }, (_, n) => ({
      ...still,
      globalOrient: randomHand(rng.split(n), 6).globalOrient,
      transl: [0.1, -0.2, 0.5],
    }));
    const targets = moved.flatMap((hand) => Array.from(hostKeypoints(model, hand), (value) => value * 1000));
    const placed = placeRigidly(hostKeypoints(model, still), targets);
    moved.forEach((_, n) => {
      const globalOrient = placed.globalOrient.subarray(n * 3, n * 3 + 3);
      const transl = placed.transl.subarray(n * 3, n * 3 + 3);
      const points = hostKeypoints(model, { ...still, globalOrient, transl });
      expect(
        largestDifference(
          points,
          targets.slice(n * 63, n * 63 + 63).map((value) => value / 1000),
        ),
      ).toBeLessThan(1e-6);
    });
  });
});

describe('fitHands', () => {
  const { targets } = syntheticTargets(model, 6, 'hands');

  it.each([6, 45])(
    'recovers hands of the model with %i coefficients to less than 1 mm and 1 px',
    async (coefficients) => {
      const records: number[] = [];
      const fitted = await fitHands(model, targets, {
        coefficients,
        iterations: 500,
        weights: { coefficients: 0.001 },
        logger: { log: ({ total }) => void records.push(total) },
        logEvery: 100,
      });
      const scores = scoreFit(fitted, targets);
      expect(scores.paMpjpe.worst).toBeLessThan(1);
      expect(scores.rootAlignedMpjpe.worst).toBeLessThan(1);
      expect(scores.pixels.worst).toBeLessThan(1);
      expect(records).toHaveLength(5);
      expect(records[4]).toBeLessThan(0.01 * records[0]!);
      // What it says it found is what the model makes of the parameters.
      const row = (values: Float32Array) => values.subarray(0, values.length / fitted.count);
      const { globalOrient, transl, handPose, betas } = fitted.parameters;
      const hand = {
        globalOrient: row(globalOrient),
        transl: row(transl),
        handPose: row(handPose),
        betas: row(betas),
      };
      expect(hand.handPose).toHaveLength(coefficients);
      const points = hostKeypoints(model, hand);
      expect(
        largestDifference(
          row(fitted.keypoints3d),
          points.map((value) => value * 1000),
        ),
      ).toBeLessThan(0.01);
      expect(largestDifference(row(fitted.keypoints2d), projectPerspective(points, CAMERA))).toBeLessThan(0.01);
      const tip = model.landmarks!.fingertips.index;
      expect(largestDifference(fitted.vertices.subarray(tip * 3, tip * 3 + 3), points.subarray(24, 27))).toBeLessThan(
        1e-5,
      );
    },
    TIMEOUT_MS,
  );

  it(
    'fits left hands with a left model',
    async () => {
      const left = loadOpenHand('left');
      const { targets: labels } = syntheticTargets(left, 2, 'left hands');
      const fitted = await fitHands(left, labels, { coefficients: 6, weights: { coefficients: 0.001 } });
      expect(scoreFit(fitted, labels).rootAlignedMpjpe.worst).toBeLessThan(1);
    },
    TIMEOUT_MS,
  );

  it(
    'keeps coefficients smaller where they weigh more',
    async () => {
      const norm = async (coefficients: number) => {
        const options: FitHandsOptions = { coefficients: 6, iterations: 80, weights: { coefficients } };
        const { handPose, betas } = (await fitHands(model, targets, options)).parameters;
        return Math.hypot(...handPose, ...betas);
      };
      expect(await norm(100)).toBeLessThan(0.5 * (await norm(0.1)));
    },
    TIMEOUT_MS,
  );

  it(
    'gives the same numbers again, and nearly the same to a hand alone',
    async () => {
      const options: FitHandsOptions = { coefficients: 6, iterations: 80 };
      const first = await fitHands(model, targets, options);
      expect(await fitHands(model, targets, options)).toEqual(first);
      const alone = await fitHands(model, handOf(targets, 2), options);
      expect(largestDifference(alone.keypoints3d, first.keypoints3d.subarray(126, 189))).toBeLessThan(0.05);
    },
    TIMEOUT_MS,
  );

  it('does not look at the numbers of keypoints that are not visible', async () => {
    const hidden = { ...targets, visibility: targets.visibility.slice(), keypoints: targets.keypoints.slice() };
    for (const point of [0, 5, 30]) {
      hidden.visibility[point] = 0;
      hidden.keypoints[point * 2] = NaN;
    }
    const fitted = await fitHands(model, hidden, { coefficients: 6, iterations: 20 });
    expect(fitted.keypoints3d.every(Number.isFinite)).toBe(true);
    expect(scoreFit(fitted, hidden).pixels.perHand.every(Number.isFinite)).toBe(true);
  });

  it(
    'holds as many tensors in every step, and none after a run, also when it fails or is stopped',
    async () => {
      const one = handOf(targets, 0);
      await fitHands(model, one, { coefficients: 6, iterations: 1 });
      const count = () => `${tf.memory().numTensors} tensors, ${tf.backend().numDataIds()} buffers`;
      const before = count();
      const during = new Set<string>();
      const watch = { log: () => void during.add(count()) };
      await fitHands(model, one, { coefficients: 6, iterations: 50, logEvery: 1, logger: watch });
      expect(during.size).toBe(1);
      for (let run = 0; run < 10; run++) await fitHands(model, one, { coefficients: 6, iterations: 2 });
      expect(count()).toBe(before);

      const stop = new AbortController();
      const logger = { log: () => stop.abort() };
      const stopped = fitHands(model, one, { coefficients: 6, logEvery: 5, logger, signal: stop.signal });
      await expect(stopped).rejects.toMatchObject({ name: 'AbortError' });
      await expect(fitHands(model, one, { coefficients: 6, signal: stop.signal })).rejects.toMatchObject({
        name: 'AbortError',
      });
      await expect(fitHands(model, one, { coefficients: 6, learningRate: 1e30 })).rejects.toThrow(/finite loss/);
      expect(count()).toBe(before);
    },
    TIMEOUT_MS,
  );

  const changed = (name: keyof FitTargets, at: number, value: number): FitTargets => {
    const values = Float64Array.from(targets[name]);
    values[at] = value;
    return { ...targets, [name]: values };
  };
  it.each<[string, FitTargets, Partial<FitHandsOptions>, string]>([
    [
      'a NaN in 3D',
      changed('keypoints3d', 63 + 4, NaN),
      {},
      'fitHands: expected finite keypoints3d, got NaN for keypoint 1 of hand 1.',
    ],
    [
      'a NaN in 2D',
      changed('keypoints', 42 * 2 + 3, NaN),
      {},
      'fitHands: expected finite keypoints where visible, got NaN for keypoint 1 of hand 2.',
    ],
    [
      'a hand behind the camera',
      changed('keypoints3d', 2, -5),
      {},
      'fitHands: expected keypoints3d in front of the camera, z > 0, got z = -5 mm for keypoint 0 of hand 0.',
    ],
    [
      'a camera without focal length',
      changed('intrinsics', 9, 0),
      {},
      'fitHands: expected finite intrinsics with fx > 0, fy > 0 and a last 1, got [0, 0, 125, 0, 470, 130, 0, 0, 1] for hand 1.',
    ],
    ['no hands', handOf(targets, 6), {}, 'fitHands: expected keypoints3d of shape [N, 21, 3], got 0 numbers.'],
    [
      'a camera too few',
      { ...targets, intrinsics: [1, 2, 3] },
      {},
      'fitHands: expected intrinsics of shape [N, 3, 3] with N = 6, got 3 numbers.',
    ],
    [
      'too many coefficients',
      targets,
      { coefficients: 46 },
      'ManoLayer: expected numPcaComponents to be an integer from 1 to 45, got 46.',
    ],
    [
      'no iterations',
      targets,
      { iterations: 0 },
      'fitHands: expected iterations to be an integer of at least 1, got 0.',
    ],
    ['a negative rate', targets, { learningRate: -1 }, 'fitHands: expected learningRate to be above 0, got -1.'],
    [
      'a weight that is no number',
      targets,
      { weights: { keypoints2d: NaN } },
      'fitHands: expected weights.keypoints2d to be at least 0, got NaN.',
    ],
    [
      'an unknown weight',
      targets,
      { weights: { mask: 1 } as object },
      'fitHands: expected weights to be of keypoints2d, keypoints3d, coefficients, got mask.',
    ],
  ])('refuses %s in one sentence', async (_name, labels, options, message) => {
    const before = tf.memory().numTensors;
    await expect(fitHands(model, labels, { coefficients: 6, ...options })).rejects.toThrow(message);
    expect(tf.memory().numTensors).toBe(before);
  });
});

/** The labels of one hand. */
function handOf(targets: FitTargets, n: number): FitTargets {
  const part = (values: ArrayLike<number>, width: number) => Array.from(values).slice(n * width, (n + 1) * width);
  return {
    keypoints3d: part(targets.keypoints3d, 63),
    keypoints: part(targets.keypoints, 42),
    visibility: part(targets.visibility, 21),
    intrinsics: part(targets.intrinsics, 9),
  };
}
