import { HAND_PARAMETER_COUNT } from '@opposable/mano-layer/conventions';
import type { TrainingArrays } from '../data/training-arrays.js';
import type { HandRun } from '../run/hand-run.js';
import { decodeToHost, type HostHands } from './decode-to-host.js';
import { predictParameters } from './predict-parameters.js';
import { type HandScores, scoreHands } from './score-hands.js';

export interface Evaluation {
  readonly scores: HandScores;
  /** [N, 22] */
  readonly parameters: Float32Array;
  readonly hands: HostHands;
}

/** Predicts every hand of a data set and measures the errors. */
export async function evaluateRun(run: HandRun, arrays: TrainingArrays): Promise<Evaluation> {
  const parameters = await predictParameters(run.model, arrays);
  const hands = await decodeToHost(run.layer, parameters, HAND_PARAMETER_COUNT);
  return { scores: scoreHands(hands, arrays), parameters, hands };
}
