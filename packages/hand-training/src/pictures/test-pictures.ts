import type { Camera, RgbImage } from '@opposable/drawing';
import type { ManoModel } from '@opposable/mano-layer/conventions';
import { decodeHandParameters, HAND_PARAMETER_COUNT, HAND_PARAMETER_FRAME } from '@opposable/mano-layer/conventions';
import { rescalePixel } from '../data/frame.js';
import type { TrainingArrays } from '../data/training-arrays.js';
import type { Evaluation } from '../evaluation/evaluate-run.js';
import { enlarge, turnedView, withMesh, withSkeleton } from './render-hand.js';

/** Side of one picture. */
const SIZE = 192;

/** The image of one sample, enlarged. */
export function imageOf(arrays: TrainingArrays, index: number, size = SIZE): RgbImage {
  const side = arrays.imageSize;
  const pixels = side * side * 3;
  const data = arrays.images.slice(index * pixels, (index + 1) * pixels);
  return enlarge({ width: side, height: side, data }, size);
}

/** Points of the 256 frame in a picture of side `size`. */
function toPicture(points: ArrayLike<number>, size: number): Float64Array {
  return Float64Array.from(points, (value) => rescalePixel(value, HAND_PARAMETER_FRAME, size));
}

/** The camera of 22 numbers in a picture of side `size`. */
function cameraOf(parameters: ArrayLike<number>, size: number): Camera {
  return {
    kind: 'weak-perspective',
    scale: (parameters[0]! * size) / HAND_PARAMETER_FRAME,
    translation: [
      rescalePixel(parameters[1]!, HAND_PARAMETER_FRAME, size),
      rescalePixel(parameters[2]!, HAND_PARAMETER_FRAME, size),
    ],
  };
}

/** Photo with the true skeleton, photo with the predicted skeleton, photo with the predicted mesh, the mesh turned by 90°. */
export function pictureRow(hand: ManoModel, arrays: TrainingArrays, evaluation: Evaluation, index: number): RgbImage[] {
  const image = imageOf(arrays, index);
  const numbers = evaluation.parameters.subarray(index * HAND_PARAMETER_COUNT, (index + 1) * HAND_PARAMETER_COUNT);
  const { vertices3d } = decodeHandParameters(hand, numbers);
  const truth = toPicture(arrays.keypoints.subarray(index * 42, (index + 1) * 42), SIZE);
  const visible = Array.from(arrays.visibility.subarray(index * 21, (index + 1) * 21), (flag) => (flag > 0 ? 2 : 0));
  const predicted = toPicture(evaluation.hands.keypoints2d.subarray(index * 42, (index + 1) * 42), SIZE);
  return [
    withSkeleton(image, truth, visible),
    withSkeleton(image, predicted),
    withMesh(image, hand, vertices3d, cameraOf(numbers, SIZE)),
    turnedView(hand, vertices3d, 90, SIZE),
  ];
}

/** What stands under the pictures of {@link pictureRow}. */
export function rowLabels(evaluation: Evaluation, index: number): string[] {
  const pixels = evaluation.scores.twoD.perHand[index]!;
  const millimetres = evaluation.scores.threeD?.perHand[index];
  return [
    `#${index} truth`,
    `predicted, ${pixels.toFixed(1)} px`,
    millimetres === undefined || Number.isNaN(millimetres) ? 'mesh' : `mesh, PA ${millimetres.toFixed(1)} mm`,
    'from the side',
  ];
}

/** Indices of the hands by their mean 2D error, best first; hands without a visible keypoint are left out. */
export function byPixelError(evaluation: Evaluation): number[] {
  const { perHand } = evaluation.scores.twoD;
  return Array.from(perHand, (_, i) => i)
    .filter((i) => Number.isFinite(perHand[i]!))
    .sort((a, b) => perHand[a]! - perHand[b]!);
}
