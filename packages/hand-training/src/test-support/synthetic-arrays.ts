import { streamSyntheticHands } from '@opposable/hand-synthesis';
import { loadOpenHand } from '@opposable/open-hand';
import { buildTrainingArrays } from '../data/build-training-arrays.js';
import type { TrainingArrays } from '../data/training-arrays.js';

/** Synthetic hands in memory. */
export function syntheticArrays(count: number, imageSize = 64, seed = 5): Promise<TrainingArrays> {
  const hands = streamSyntheticHands({ model: loadOpenHand('right'), seed, count, size: imageSize });
  return buildTrainingArrays(hands, count, { imageSize });
}
