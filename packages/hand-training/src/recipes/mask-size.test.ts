import { ConfigError } from '@opposable/tensor-checks';
import type { LoaderData } from '../data/loader/types.js';
import { DEMO_SETTINGS } from './demo-settings.js';
import { checkMasksOf, maskSizeOf } from './mask-size.js';
import type { AnyStage, TrainSettings } from './stage.js';

const PRETRAIN: AnyStage = { ...DEMO_SETTINGS.pretrain, kind: 'pretrain', seed: 1 };
const TRAIN: TrainSettings = { ...DEMO_SETTINGS.train, kind: 'train', seed: 1 };
const data: LoaderData = { kind: 'loader', sources: [], imageSize: 32 };

it('maskSizeOf is 64 unless the stage says otherwise', () => {
  expect([PRETRAIN, TRAIN, { ...TRAIN, maskSize: 16 }, { ...TRAIN, maskSize: 512 }].map(maskSizeOf)).toEqual([64, 64, 16, 512]); // prettier-ignore
});

it.each([0, 15, 513, 64.5, NaN, -64])('maskSizeOf refuses %p', (maskSize) => {
  expect(() => maskSizeOf({ ...TRAIN, maskSize })).toThrow(ConfigError);
  expect(() => maskSizeOf({ ...TRAIN, maskSize })).toThrow(
    `train: expected maskSize to be a whole number from 16 to 512, got ${maskSize}.`,
  );
});

it('checkMasksOf refuses data with masks of another side than the stage names', () => {
  expect(() => checkMasksOf(TRAIN, { ...data, maskSize: 32 })).not.toThrow();
  expect(() => checkMasksOf({ ...TRAIN, maskSize: 64 }, data)).not.toThrow();
  expect(() => checkMasksOf({ ...TRAIN, maskSize: 32 }, { ...data, maskSize: 32 })).not.toThrow();
  expect(() => checkMasksOf({ ...TRAIN, maskSize: 32 }, data)).toThrow(
    'train: expected data with masks of side 32 (maskSize), got masks of side 64.',
  );
});
