import * as tf from '@tensorflow/tfjs-core';
import { prepareBackend } from '@opposable/training';
import type { TrainingArrays } from '../data/training-arrays.js';
import { allVariables, createRun, trainableVariables } from '../run/hand-run.js';
import { largestDifference } from '../test-support/largest-difference.js';
import { syntheticArrays } from '../test-support/synthetic-arrays.js';
import { DEMO_SETTINGS } from './demo-settings.js';
import { runReplicas } from './run-replicas.js';
import { type AnyStage, type PretrainSettings, runStage, type TrainSettings } from './stage.js';

const SMALL = { encoder: 'small', inputSize: 32 } as const;
const COMMON = {
  seed: 1,
  iterations: 30,
  batchSize: 4,
  learningRate: 0.001,
  decay: { kind: 'constant' },
  beta1: 0.9,
  weightDecay: 0,
  gradientClip: undefined,
  augmentation: {},
} as const;
const PRETRAIN: PretrainSettings = { ...DEMO_SETTINGS.pretrain, ...COMMON, kind: 'pretrain' };
const TRAIN: TrainSettings = { ...DEMO_SETTINGS.train, ...COMMON, kind: 'train' };
let arrays: TrainingArrays;

beforeAll(async () => {
  await prepareBackend('wasm');
  arrays = await syntheticArrays(8, 32);
});

async function trained(stage: AnyStage, seed = 2) {
  const run = createRun(SMALL, seed);
  const result = await runStage(run, arrays, stage, { logEvery: 5 });
  const weights = Object.fromEntries(
    Object.entries(allVariables(run.model)).map(([name, variable]) => [name, variable.dataSync()]),
  );
  run.dispose();
  return { ...result, weights };
}

describe('runStage', () => {
  it.each([PRETRAIN, TRAIN])('makes the loss fall: $kind', async (stage) => {
    const { history, reason, run } = await trained(stage);
    expect(reason).toBe('finished');
    expect(history.iteration).toEqual([5, 10, 15, 20, 25, 30]);
    expect(history.total.at(-1)!).toBeLessThan(0.7 * history.total[0]!);
    expect(run.info.stages).toEqual([{ name: stage.kind, iterations: 30 }]);
    expect(Object.keys(history.terms)).toEqual(Object.keys(stage.weights));
  });

  it('gives the same weights for the same seed, and others for another order of the samples', async () => {
    const stage = { ...PRETRAIN, iterations: 4, augmentation: { gain: [0.9, 1.1], noise: 2 } } as const;
    const [one, two, other] = [await trained(stage), await trained(stage), await trained({ ...stage, seed: 2 })];
    expect(two.weights).toEqual(one.weights);
    expect(other.weights).not.toEqual(one.weights);
  });

  it('leaves the weights alone whose names begin with what is frozen', async () => {
    const run = createRun(SMALL, 2);
    const weightsOf = () =>
      Object.fromEntries(
        Object.entries(trainableVariables(run.model)).map(([name, v]) => [name, v.dataSync().slice()]),
      );
    const before = weightsOf();
    await runStage(run, arrays, { ...PRETRAIN, iterations: 3, weightDecay: 0.01, frozen: ['fc'] });
    const after = weightsOf();
    const same = Object.keys(before).filter((name) => largestDifference(before[name]!, after[name]!) === 0);
    expect(same.sort()).toEqual(
      Object.keys(before)
        .filter((name) => name.startsWith('fc'))
        .sort(),
    );
    expect(same.length).toBeGreaterThan(0);
    run.dispose();
  });

  it('has as many tensors after 50 steps as before', async () => {
    const run = createRun(SMALL, 2);
    for (const stage of [PRETRAIN, TRAIN]) {
      await runStage(run, arrays, { ...stage, iterations: 1 }); // constants that are made once
      const before = tf.memory().numTensors;
      await runStage(run, arrays, { ...stage, iterations: 50 });
      expect(tf.memory().numTensors).toBe(before);
    }
    run.dispose();
  });

  it('stops between two steps when it is told to, and says so', async () => {
    const run = createRun(SMALL, 2);
    const before = tf.memory().numTensors;
    const stop = new AbortController();
    const result = await runStage(run, arrays, PRETRAIN, {
      signal: stop.signal,
      logEvery: 1,
      logger: { log: ({ iteration }) => (iteration === 3 ? stop.abort() : undefined) },
    });
    expect(result.reason).toBe('aborted');
    expect(result.run.info.stages).toEqual([{ name: 'pretrain', iterations: 3 }]);
    expect(tf.memory().numTensors).toBe(before);
    run.dispose();
  });

  it('lowers the learning rate as the stage says', async () => {
    const rates = async (decay: PretrainSettings['decay']): Promise<number[]> => {
      const run = createRun(SMALL, 2);
      const { history } = await runStage(run, arrays, { ...PRETRAIN, iterations: 6, decay }, { logEvery: 1 });
      run.dispose();
      return history.learningRate.map((rate) => rate / 0.001);
    };
    expect(await rates({ kind: 'constant' })).toEqual([1, 1, 1, 1, 1, 1]);
    expect(await rates({ kind: 'step', every: 2, factor: 0.5 })).toEqual([1, 1, 0.5, 0.5, 0.25, 0.25]);
    const cosine = await rates({ kind: 'cosine', final: 0.1, warmUp: 2 });
    expect(cosine.slice(0, 2)).toEqual([0.5, 1]);
    const expected = [0, 1, 2, 3].map((i) => 0.1 + 0.9 * 0.5 * (1 + Math.cos((Math.PI * i) / 4)));
    cosine.slice(2).forEach((rate, i) => expect(rate).toBeCloseTo(expected[i]!, 6));
  });

  it('changes the weight of the mask term where the schedule says', async () => {
    const run = createRun(SMALL, 2);
    const weights = { keypoints2d: 1, keypoints3d: 0, mask: 10, regularization: 0 };
    const stage = { ...TRAIN, weights, iterations: 4, maskSchedule: [{ from: 2, weight: 1000 }] };
    const { history } = await runStage(run, arrays, stage, { logEvery: 1 });
    run.dispose();
    history.total.forEach((total, i) => {
      const { keypoints2d, mask } = history.terms as { keypoints2d: number[]; mask: number[] };
      expect(total / (keypoints2d[i]! + (i < 2 ? 10 : 1000) * mask[i]!)).toBeCloseTo(1, 4);
    });
  });
});

describe('runReplicas', () => {
  it('with one replica is the stage itself', async () => {
    const stage = { ...PRETRAIN, iterations: 3 };
    const run = createRun(SMALL, 2);
    await runReplicas(run, arrays, stage, { replicas: 1 });
    const { weights } = await trained(stage);
    for (const [name, variable] of Object.entries(allVariables(run.model))) {
      expect(variable.dataSync()).toEqual(weights[name]);
    }
    run.dispose();
  });

  it('refuses a stage that cannot be trained before it starts a thread', async () => {
    const run = createRun(SMALL, 2);
    await expect(runReplicas(run, arrays, PRETRAIN, { replicas: 3 })).rejects.toThrow(/divides the 4 samples/);
    await expect(runReplicas(run, { ...arrays, handParametersValid: new Uint8Array(8) }, PRETRAIN)).rejects.toThrow(
      /expected samples with the 22 numbers/,
    );
    run.dispose();
  });
});
