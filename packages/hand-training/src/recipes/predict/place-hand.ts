import * as tf from '@tensorflow/tfjs-core';
import type { Crop } from '@opposable/hand-datasets';
import { decodeHandParameters } from '@opposable/hand-regressor';
import { mirrorColumn } from '@opposable/keypoint-order';
import type { ManoLayer, Side } from '@opposable/mano-layer';
import { HAND_PARAMETER_FRAME } from '@opposable/mano-layer/conventions';
import { rescalePixel } from '../../data/frame.js';

/** The 22 numbers of a crop of an image. */
export interface CropNumbers {
  /** Which hand the image shows; the numbers are of a right hand always, of the mirrored crop if it is a left one. */
  readonly side: Side;
  readonly crop: Crop;
  /** In the crop's 256-pixel frame. */
  readonly handParameters: Float32Array;
}

/** A predicted hand, in the pixels of the image that was given. */
export interface PredictedHand extends CropNumbers {
  /** [21, 2] 'panoptic' order, pixels of the image */
  readonly keypoints: Float64Array;
  /** [21, 3] metres, image axes (x right, y down, z away) */
  readonly keypoints3d: Float64Array;
  /** [V, 3] metres, image axes */
  readonly vertices: Float64Array;
  /** (u, v) = translation + scale · (x, y), for both points and vertices, pixels of the image */
  readonly camera: ImageCamera;
}

/** A weak-perspective camera in pixels of the image. */
export interface ImageCamera {
  /** pixels per metre */
  readonly scale: number;
  readonly translation: readonly [number, number];
}

/** The camera that 22 numbers stand for in the image: 256 frame → crop → image, pixel centres at integers. */
export function cameraOfNumbers({ handParameters, crop, side }: CropNumbers): ImageCamera {
  const column = handParameters[1]!;
  const u = side === 'left' ? mirrorColumn(column, HAND_PARAMETER_FRAME) : column;
  return {
    scale: (handParameters[0]! * crop.width) / HAND_PARAMETER_FRAME,
    translation: [
      rescalePixel(u, HAND_PARAMETER_FRAME, crop.width) + crop.x,
      rescalePixel(handParameters[2]!, HAND_PARAMETER_FRAME, crop.height) + crop.y,
    ],
  };
}

/** The first three of the 22 numbers for a camera in the image: the inverse of {@link cameraOfNumbers}. */
export function numbersOfCamera(
  { scale, translation }: ImageCamera,
  { crop, side }: Pick<CropNumbers, 'crop' | 'side'>,
): [scale: number, u: number, v: number] {
  const u = rescalePixel(translation[0] - crop.x, crop.width, HAND_PARAMETER_FRAME);
  return [
    (scale * HAND_PARAMETER_FRAME) / crop.width,
    side === 'left' ? mirrorColumn(u, HAND_PARAMETER_FRAME) : u,
    rescalePixel(translation[1] - crop.y, crop.height, HAND_PARAMETER_FRAME),
  ];
}

/** Points [N, 3], x multiplied. */
function scaleX(points: ArrayLike<number>, factor: 1 | -1): Float64Array {
  return Float64Array.from(points).map((value, i) => (i % 3 === 0 ? factor * value : value));
}

/**
 * Keypoints and mesh of 22 numbers, in the pixels of the image.
 *
 * @param layer from `createHandParameterLayer`
 */
export async function placeHand(layer: ManoLayer, numbers: CropNumbers): Promise<PredictedHand> {
  const points = tf.tidy(() => {
    const { keypoints3d, vertices3d } = decodeHandParameters(layer, tf.tensor2d(numbers.handParameters, [1, 22]));
    return { keypoints3d, vertices3d: vertices3d! };
  });
  try {
    const flip = numbers.side === 'left' ? -1 : 1;
    const keypoints3d = scaleX(await points.keypoints3d.data(), flip);
    const vertices = scaleX(await points.vertices3d.data(), flip);
    const camera = cameraOfNumbers(numbers);
    const keypoints = Float64Array.from({ length: 42 }, (_, i) => {
      return camera.translation[i % 2]! + camera.scale * keypoints3d[(i >> 1) * 3 + (i % 2)]!;
    });
    return { ...numbers, keypoints, keypoints3d, vertices, camera };
  } finally {
    tf.dispose(points);
  }
}
