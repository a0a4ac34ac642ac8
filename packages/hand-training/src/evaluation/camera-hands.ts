import {
  decodeHandParameters,
  HAND_PARAMETER_COUNT,
  HAND_PARAMETER_FRAME,
  type ManoModel,
} from '@opposable/mano-layer/conventions';
import { DatasetError } from '@opposable/tensor-checks';
import { rescalePixel } from '../data/frame.js';
import type { TrainingArrays } from '../data/training-arrays.js';

/** Hands in the frame of the camera that took the image, metres (x right, y down, z away). */
export interface CameraHands {
  /** Rows of the data set that have a camera. */
  readonly indices: readonly number[];
  /** [M, 21, 3] */
  readonly joints: Float64Array;
  /** [M, V, 3] */
  readonly vertices: Float64Array;
}

/**
 * Places hands in space by weak perspective: at the depth z = f / s where a camera of focal length f shows a metre as s
 * pixels, and there at x = (u − cx)·z/f.
 *
 * @param parameters [N, 22], in the 256 frame
 * @param indices which rows; each must have a camera
 * @throws DatasetError for a row without camera
 */
export function cameraHands(
  hand: ManoModel,
  parameters: Float32Array,
  arrays: TrainingArrays,
  indices: readonly number[],
): CameraHands {
  const vertexCount = hand.vTemplate.length / 3;
  const joints = new Float64Array(indices.length * 63);
  const vertices = new Float64Array(indices.length * vertexCount * 3);
  indices.forEach((index, row) => {
    const camera = arrays.annotations[index]?.camera;
    const focal = arrays.focal[index]!;
    if (camera === undefined || !(focal > 0)) {
      const id = arrays.annotations[index]?.id ?? String(index);
      throw new DatasetError(`cameraHands: expected a camera for sample ${id}, found none.`, {
        expected: 'camera',
        actual: undefined,
      });
    }
    const numbers = parameters.subarray(index * HAND_PARAMETER_COUNT, (index + 1) * HAND_PARAMETER_COUNT);
    const [scale, u, v] = [numbers[0]!, numbers[1]!, numbers[2]!];
    // the side of the image that the camera speaks of: its focal length is known in both frames
    const side = (camera[0]! * HAND_PARAMETER_FRAME) / focal;
    const toFrame = (pixel: number): number => rescalePixel(pixel, side, HAND_PARAMETER_FRAME);
    const focalY = (camera[4]! * HAND_PARAMETER_FRAME) / side;
    const z = focal / scale;
    const shift = [((u - toFrame(camera[2]!)) * z) / focal, ((v - toFrame(camera[5]!)) * z) / focalY, z];
    const decoded = decodeHandParameters(hand, numbers);
    const moved = (points: Float64Array): Float64Array => points.map((value, i) => value + shift[i % 3]!);
    joints.set(moved(decoded.keypoints3d), row * 63);
    vertices.set(moved(decoded.vertices3d), row * vertexCount * 3);
  });
  return { indices, joints, vertices };
}

/** Rows with 3D truth and a camera. */
export function rowsWith3d(arrays: TrainingArrays): number[] {
  return Array.from(arrays.valid3d, (flag, i) => (flag === 1 ? i : -1)).filter((i) => i >= 0);
}

/** The true joints of these rows, [M, 21, 3] metres in the camera frame. */
export function trueJoints(arrays: TrainingArrays, indices: readonly number[]): Float64Array {
  const out = new Float64Array(indices.length * 63);
  indices.forEach((index, row) => {
    for (let i = 0; i < 63; i++) out[row * 63 + i] = arrays.keypoints3d[index * 63 + i]! / 1000;
  });
  return out;
}
