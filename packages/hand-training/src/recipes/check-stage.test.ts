import { ConfigError, DatasetError } from '@opposable/tensor-checks';
import { prepareBackend } from '@opposable/training';
import type { TrainingArrays } from '../data/training-arrays.js';
import { syntheticArrays } from '../test-support/synthetic-arrays.js';
import { batchOfStage, checkReplicas, checkStage, defaultReplicas } from './check-stage.js';
import { DEMO_SETTINGS } from './demo-settings.js';
import type { PretrainSettings, TrainSettings } from './stage.js';

const PRETRAIN: PretrainSettings = { ...DEMO_SETTINGS.pretrain, kind: 'pretrain', seed: 1 };
const TRAIN: TrainSettings = { ...DEMO_SETTINGS.train, kind: 'train', seed: 1 };
const NOTHING = { keypoints2d: 0, keypoints3d: 0, mask: 0, regularization: 0 };
let arrays: TrainingArrays;

beforeAll(async () => {
  await prepareBackend('wasm');
  arrays = await syntheticArrays(3, 32);
});

describe('checkStage', () => {
  it('accepts synthetic hands for both stages', () => {
    expect(() => checkStage(PRETRAIN, arrays)).not.toThrow();
    expect(() => checkStage(TRAIN, arrays)).not.toThrow();
  });

  it('refuses to pretrain on samples without the 22 numbers, and names the first', () => {
    const some = { ...arrays, handParametersValid: Uint8Array.of(1, 0, 1) };
    expect(() => checkStage(TRAIN, some)).not.toThrow();
    expect(() => checkStage(PRETRAIN, some)).toThrow(DatasetError);
    expect(() => checkStage(PRETRAIN, some)).toThrow(
      "pretrain: expected samples with the 22 numbers (synthetic hands have them), got sample 'train-00000001' without.",
    );
  });

  it('refuses weights that leave nothing to learn', () => {
    expect(() => checkStage({ ...TRAIN, weights: NOTHING, maskSchedule: [] }, arrays)).toThrow(ConfigError);
    expect(() => checkStage({ ...TRAIN, weights: NOTHING, maskSchedule: [{ from: 5, weight: 1 }] }, arrays)).toThrow(
      'train: expected at least one loss weight above 0 from the start, got none.',
    );
    expect(() =>
      checkStage({ ...TRAIN, weights: NOTHING, maskSchedule: [{ from: 0, weight: 1 }] }, arrays),
    ).not.toThrow();
  });

  it('takes the weights of the 22 numbers for weights, and refuses to learn numbers that no sample has', () => {
    const zeros = { scale: 0, translation: 0, rotation: 0, pose: 0, betas: 0 };
    const withNumbers = (weights: typeof zeros) => ({
      ...TRAIN,
      weights: NOTHING,
      maskSchedule: [],
      parameters: { weights },
    });
    expect(() => checkStage(withNumbers({ ...zeros, pose: 1 }), arrays)).not.toThrow();
    expect(() => checkStage(withNumbers(zeros), arrays)).toThrow(ConfigError);
    const some = { ...arrays, handParametersValid: Uint8Array.of(0, 0, 1) };
    expect(() => checkStage(withNumbers({ ...zeros, pose: 1 }), some)).not.toThrow();
    const none = { ...arrays, handParametersValid: new Uint8Array(3) };
    expect(() => checkStage(withNumbers({ ...zeros, pose: 1 }), none)).toThrow(
      'train: expected samples with the 22 numbers for their errors (parameters), got none among 3.',
    );
  });

  it('refuses an empty data set', () => {
    expect(() => checkStage(TRAIN, { ...arrays, count: 0 })).toThrow('train: expected at least one sample, got none.');
  });
});

describe('checkReplicas', () => {
  it('is 1 from the sources, where the replicas’ script is not built', () => {
    expect(defaultReplicas(64)).toBe(1);
    expect(checkReplicas(undefined, 64)).toBe(1);
    expect(checkReplicas(1, 64)).toBe(1);
    expect(() => checkReplicas(2, 64)).toThrow(
      'runReplicas: expected 1 replica where the package runs from its sources or not on wasm, got 2.',
    );
  });

  it.each([0, -1, 1.5, NaN, 5, 65])('refuses %p replicas of a batch of 64', (replicas) => {
    expect(() => checkReplicas(replicas, 64)).toThrow(
      `runReplicas: expected a number of replicas that divides the 64 samples of a batch, got ${replicas}.`,
    );
  });
});

describe('batchOfStage', () => {
  it('is never larger than the data set', () => {
    expect(batchOfStage({ ...TRAIN, batchSize: 2 }, arrays)).toBe(2);
    expect(batchOfStage({ ...TRAIN, batchSize: 64 }, arrays)).toBe(3);
  });
});
