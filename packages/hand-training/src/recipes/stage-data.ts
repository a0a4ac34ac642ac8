import { createRng, ConfigError } from '@opposable/tensor-checks';
import { needsLoader } from '../data/augmentation/settings.js';
import { type HandBatch, trainingBatches } from '../data/batches.js';
import { loadBatches } from '../data/loader/load-batches.js';
import type { LoaderData } from '../data/loader/types.js';
import { type PlacedArrays, placeBatches } from '../data/place-batches.js';
import type { InputShape } from '../data/network-input.js';
import type { TrainingArrays } from '../data/training-arrays.js';
import type { AnyStage } from './stage.js';
import { isOnPlateau } from './stage-schedules.js';

/** What a stage trains on: a data set in memory, or data sets that are read while it trains. */
export type StageData = TrainingArrays | LoaderData;

export function isLoader(data: StageData): data is LoaderData {
  return 'kind' in data;
}

/**
 * Whether a stage can train on places that were read once, which move as the images would: that of a network which only lifts
 * keypoints, unless it looks at masks.
 */
export function trainsOnPlaces(stage: AnyStage, input: Pick<InputShape, 'liftsOnly'>): boolean {
  if (input.liftsOnly !== true) return false;
  if (stage.kind === 'pretrain') return true;
  const { maskSchedule, weights } = stage;
  return weights.mask === 0 && !isOnPlateau(maskSchedule) && maskSchedule.every(({ weight }) => weight === 0);
}

function arePlaced(data: TrainingArrays): data is PlacedArrays {
  return data.places !== undefined;
}

/**
 * The batches of a stage from batch `first` on.
 *
 * @param part of every batch only the rows of one replica
 * @throws ConfigError if samples in memory are to be moved, which only the loader does
 */
export function stageBatches(
  data: StageData,
  stage: AnyStage,
  part: { readonly rank: number; readonly members: number },
): (first: number) => Iterable<HandBatch> | AsyncIterable<HandBatch> {
  const { batchSize, augmentation } = stage;
  if (isLoader(data)) {
    const needsParameters = stage.kind === 'pretrain';
    const seed = `${stage.seed}/${stage.kind}`;
    return (first) => loadBatches(data, { batchSize, seed, augmentation, needsParameters, part, first });
  }
  const rng = createRng(stage.seed).split(stage.kind).split('batches');
  if (arePlaced(data)) return (first) => placeBatches(data, { batchSize, rng, augmentation, part, first });
  if (needsLoader(augmentation)) {
    throw new ConfigError(
      `${stage.kind}: expected only gain and noise as augmentation of samples in memory, got ${Object.keys(augmentation).join(', ')}; the loader does the others.`,
      { expected: ['gain', 'noise'], actual: augmentation },
    );
  }
  return (first) => trainingBatches(data, { batchSize, rng, augmentation, part, first });
}
