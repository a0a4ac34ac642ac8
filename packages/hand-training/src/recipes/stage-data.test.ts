import { DEMO_SETTINGS } from './demo-settings.js';
import type { PretrainSettings, TrainSettings } from './stage.js';
import { trainsOnPlaces } from './stage-data.js';

const COMMON = { seed: 1, batchSize: 2, augmentation: { rotation: 180 } } as const;
const PRETRAIN: PretrainSettings = { ...DEMO_SETTINGS.pretrain, ...COMMON, kind: 'pretrain' };
const TRAIN: TrainSettings = { ...DEMO_SETTINGS.train, ...COMMON, kind: 'train', maskSchedule: [] };
const without = { ...TRAIN.weights, mask: 0 };

describe('trainsOnPlaces', () => {
  it.each<[string, boolean, PretrainSettings | TrainSettings]>([
    ['pretraining', true, PRETRAIN],
    ['training without masks', true, { ...TRAIN, weights: without }],
    ['training whose masks stay without weight', true, { ...TRAIN, weights: without, maskSchedule: [{ from: 5, weight: 0 }] }], // prettier-ignore
    ['training with masks', false, { ...TRAIN, weights: { ...without, mask: 1 } }],
    ['training with masks later', false, { ...TRAIN, weights: without, maskSchedule: [{ from: 5, weight: 1 }] }],
    ['training with masks on a plateau', false, { ...TRAIN, weights: without, maskSchedule: { onPlateau: [0, 1] } }],
  ])('%s: %s', (_name, expected, stage) => {
    expect(trainsOnPlaces(stage, { liftsOnly: true })).toBe(expected);
    expect(trainsOnPlaces(stage, { liftsOnly: false })).toBe(false);
    expect(trainsOnPlaces(stage, {})).toBe(false);
  });
});
