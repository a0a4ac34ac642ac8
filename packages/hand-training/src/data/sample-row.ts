import type { HandAnnotation } from '@opposable/hand-datasets';
import { permutation } from '@opposable/keypoint-order';
import { HAND_PARAMETER_COUNT, HAND_PARAMETER_FRAME } from '@opposable/mano-layer/conventions';
import { DatasetError } from '@opposable/tensor-checks';
import { toParameterFrame } from './frame.js';

/** Keypoint order of every array here. */
export const TRAINING_ORDER = 'panoptic';
const KEYPOINTS = 21;

/** Where the numbers of N samples stand; as in `TrainingArrays`. */
export interface LabelArrays {
  readonly keypoints: Float32Array;
  readonly visibility: Float32Array;
  readonly keypoints3d: Float32Array;
  readonly valid3d: Uint8Array;
  readonly focal: Float32Array;
  readonly resize: Float32Array;
  readonly handParameters: Float32Array;
  readonly handParametersValid: Uint8Array;
}

/** Throws with what was expected and found, and in which sample. */
type Refuse = (expected: string, found: string, actual?: unknown, where?: string) => never;

/**
 * Writes the numbers of one sample into row `n`: keypoints in 'panoptic' order, pixels in the 256 frame. What the sample
 * lacks is zero and marked as such.
 *
 * @param side of the sample's square image in pixels
 * @param operation for the messages
 * @throws DatasetError for a left hand or a number that is not finite
 */
export function writeSampleRow(
  arrays: LabelArrays,
  n: number,
  sample: HandAnnotation,
  side: number,
  operation: string,
): void {
  const refuse: Refuse = (expected, found, actual = found, where = 'of') => {
    throw new DatasetError(`${operation}: expected ${expected}, got ${found} ${where} sample ${sample.id} of ${sample.source.file}.`, { expected, actual }); // prettier-ignore
  };
  if (sample.side !== 'right') {
    throw new DatasetError(
      `${operation}: expected right hands (mirror left ones first), got a left hand in sample ${sample.id} of ${sample.source.file}.`,
      { expected: 'right', actual: sample.side },
    );
  }
  const order = permutation(sample.keypointOrder, TRAINING_ORDER);
  writeKeypoints(arrays, n, sample, side, order, refuse);
  writeKeypoints3d(arrays, n, sample, side, order, refuse);
  arrays.resize.set(
    [0, 4].map((i) => ((sample.crop?.[i] ?? 1) * HAND_PARAMETER_FRAME) / side),
    2 * n,
  );
  const numbers = sample.handParameters;
  arrays.handParametersValid[n] = numbers === undefined ? 0 : 1;
  const row = arrays.handParameters.subarray(n * HAND_PARAMETER_COUNT, (n + 1) * HAND_PARAMETER_COUNT);
  if (numbers === undefined) return void row.fill(0);
  const wrong = numbers.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0) refuse('finite hand parameters', `${numbers[wrong]} at index ${wrong}`, numbers[wrong]);
  row.set(numbers);
}

function writeKeypoints(
  arrays: LabelArrays,
  n: number,
  { keypoints, visibility }: HandAnnotation,
  side: number,
  order: ArrayLike<number>,
  refuse: Refuse,
): void {
  for (let k = 0; k < KEYPOINTS; k++) {
    const from = order[k]!;
    const seen = visibility[from]! > 0;
    arrays.visibility[n * KEYPOINTS + k] = seen ? 1 : 0;
    for (let axis = 0; axis < 2; axis++) {
      const value = keypoints[from * 2 + axis]!;
      if (seen && !Number.isFinite(value)) refuse('finite keypoints', `${value} for keypoint ${from}`, value);
      arrays.keypoints[(n * KEYPOINTS + k) * 2 + axis] = seen ? toParameterFrame(value, side) : 0;
    }
  }
}

function writeKeypoints3d(
  arrays: LabelArrays,
  n: number,
  { keypoints3d: points, keypoints3dValid, camera }: HandAnnotation,
  side: number,
  order: ArrayLike<number>,
  refuse: Refuse,
): void {
  const known = points !== undefined && camera !== undefined && (keypoints3dValid?.every((v) => v === 1) ?? true);
  arrays.valid3d[n] = known ? 1 : 0;
  const focal = camera?.[0] ?? 0;
  // without 3D too: a prediction is placed in the camera's frame by it
  arrays.focal[n] = focal > 0 ? (focal * HAND_PARAMETER_FRAME) / side : 0;
  if (!known) {
    arrays.keypoints3d.fill(0, n * KEYPOINTS * 3, (n + 1) * KEYPOINTS * 3);
    return;
  }
  for (let k = 0; k < KEYPOINTS; k++) {
    for (let axis = 0; axis < 3; axis++) {
      const value = points[order[k]! * 3 + axis]!;
      if (!Number.isFinite(value)) refuse('finite 3D keypoints', `${value} for keypoint ${order[k]}`, value);
      arrays.keypoints3d[(n * KEYPOINTS + k) * 3 + axis] = value;
    }
  }
  if (!(focal > 0)) refuse('a positive focal length', String(focal), focal, 'in');
}
