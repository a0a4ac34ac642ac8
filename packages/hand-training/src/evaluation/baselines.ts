import type { ManoLayer } from '@opposable/mano-layer';
import { HAND_PARAMETER_COUNT } from '@opposable/mano-layer/conventions';
import type { TrainingArrays } from '../data/training-arrays.js';
import { decodeToHost, type HostHands } from './decode-to-host.js';
import type { Evaluation } from './evaluate-run.js';
import { type HandScores, scoreHands } from './score-hands.js';

/** Mean of each of `width` columns over the rows whose weight is not zero. */
function meanRow(rows: Float32Array, width: number, weightOf: (row: number, column: number) => number): Float64Array {
  const sums = new Float64Array(width);
  const weights = new Float64Array(width);
  for (let i = 0; i < rows.length; i++) {
    const column = i % width;
    const weight = weightOf(Math.floor(i / width), column);
    if (weight === 0) continue;
    sums[column]! += weight * rows[i]!;
    weights[column]! += weight;
  }
  return sums.map((sum, i) => (weights[i]! > 0 ? sum / weights[i]! : 0));
}

function repeated(row: ArrayLike<number>, count: number): Float32Array {
  const out = new Float32Array(row.length * count);
  for (let n = 0; n < count; n++) out.set(row, n * row.length);
  return out;
}

/** What can be said of a hand without looking at its image. */
export interface Baselines {
  /** The hand of the mean of the 22 numbers. */
  readonly meanParameters: HandScores;
  /** The mean 2D keypoints and the mean 3D keypoints (relative to their own mean). */
  readonly meanKeypoints: HandScores;
}

/**
 * What the hand of the training set's mean 22 numbers is worth as an answer to every image.
 *
 * @param layer from `createHandParameterLayer`
 */
export async function evaluateMeanHand(
  layer: ManoLayer,
  training: TrainingArrays,
  test: TrainingArrays,
): Promise<Evaluation> {
  const mean = meanRow(training.handParameters, HAND_PARAMETER_COUNT, (row) => training.handParametersValid[row]!);
  const parameters = repeated(mean, test.count);
  const hands = await decodeToHost(layer, parameters, HAND_PARAMETER_COUNT);
  return { scores: scoreHands(hands, test), parameters, hands };
}

/**
 * Scores of the training set's means on a test set.
 *
 * @param layer from `createHandParameterLayer`
 */
export async function scoreBaselines(
  layer: ManoLayer,
  training: TrainingArrays,
  test: TrainingArrays,
): Promise<Baselines> {
  const centred = training.keypoints3d.slice();
  for (let n = 0; n < training.count; n++) {
    for (let axis = 0; axis < 3; axis++) {
      let mean = 0;
      for (let k = 0; k < 21; k++) mean += training.keypoints3d[(n * 21 + k) * 3 + axis]! / 21;
      for (let k = 0; k < 21; k++) centred[(n * 21 + k) * 3 + axis]! -= mean;
    }
  }
  const means: HostHands = {
    count: test.count,
    keypoints2d: repeated(
      meanRow(training.keypoints, 42, (row, column) => training.visibility[row * 21 + (column >> 1)]!),
      test.count,
    ),
    keypoints3d: repeated(
      meanRow(centred, 63, (row) => training.valid3d[row]!),
      test.count,
    ),
  };
  const { scores: meanParameters } = await evaluateMeanHand(layer, training, test);
  return { meanParameters, meanKeypoints: scoreHands(means, test) };
}
