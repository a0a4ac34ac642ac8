import type { HandAnnotation, HandSample } from '@opposable/hand-datasets';
import { resizeImage } from '@opposable/drawing';
import { permutation } from '@opposable/keypoint-order';
import { HAND_PARAMETER_COUNT, HAND_PARAMETER_FRAME } from '@opposable/mano-layer/conventions';
import { DatasetError } from '@opposable/tensor-checks';
import { toParameterFrame } from './frame.js';
import type { TrainingArrays } from './training-arrays.js';

/** Keypoint order of every array here. */
export const TRAINING_ORDER = 'panoptic';
const KEYPOINTS = 21;

export interface TrainingArraysOptions {
  /** Side of the network's input. Images of another size are resized. */
  imageSize: number;
  /** Side of the masks; vertices are looked up in them. Default 64. */
  maskSize?: number;
}

/** Memory that replicas in other threads can read without a copy. */
function bytes(length: number): Uint8Array {
  return new Uint8Array(new SharedArrayBuffer(length));
}

function floats(length: number): Float32Array {
  return new Float32Array(new SharedArrayBuffer(length * 4));
}

function countError(expected: number, actual: string): DatasetError {
  return new DatasetError(`buildTrainingArrays: expected ${expected} samples, got ${actual}.`, { expected, actual });
}

function square(sample: HandSample): number {
  const { width, height } = sample.image;
  if (width !== height) {
    throw new DatasetError(
      `buildTrainingArrays: expected square crops, got ${width}×${height} in sample ${sample.id} of ${sample.source.file}.`,
      { expected: 'width = height', actual: [width, height] },
    );
  }
  return width;
}

/**
 * Gathers samples of square crops into flat arrays: keypoints reordered to 'panoptic', pixels of annotations in the
 * 256 frame, images and masks resized.
 *
 * @param count how many samples come
 * @throws DatasetError for another number of samples, an image that is not square, a left hand, or a coordinate that is not a number
 */
export async function buildTrainingArrays(
  samples: Iterable<HandSample> | AsyncIterable<HandSample>,
  count: number,
  options: TrainingArraysOptions,
): Promise<TrainingArrays> {
  const { imageSize, maskSize = 64 } = options;
  const arrays = {
    count,
    imageSize,
    images: bytes(count * imageSize * imageSize * 3),
    maskSize,
    masks: bytes(count * maskSize * maskSize),
    maskValid: bytes(count),
    keypoints: floats(count * KEYPOINTS * 2),
    visibility: floats(count * KEYPOINTS),
    keypoints3d: floats(count * KEYPOINTS * 3),
    valid3d: bytes(count),
    focal: floats(count),
    handParameters: floats(count * HAND_PARAMETER_COUNT),
    handParametersValid: bytes(count),
    annotations: new Array<HandAnnotation>(count),
  };
  let n = 0;
  for await (const sample of samples) {
    if (n >= count) throw countError(count, 'more');
    const side = square(sample);
    if (sample.side !== 'right') {
      throw new DatasetError(
        `buildTrainingArrays: expected right hands (mirror left ones first), got a left hand in sample ${sample.id} of ${sample.source.file}.`,
        { expected: 'right', actual: sample.side },
      );
    }
    const order = permutation(sample.keypointOrder, TRAINING_ORDER);
    const image = side === imageSize ? sample.image : resizeImage(sample.image, imageSize, imageSize);
    arrays.images.set(image.data, n * imageSize * imageSize * 3);
    if (sample.mask !== undefined) {
      const mask = sample.mask.width === maskSize ? sample.mask : resizeImage(sample.mask, maskSize, maskSize);
      arrays.masks.set(mask.data, n * maskSize * maskSize);
      arrays.maskValid[n] = 1;
    }
    for (let k = 0; k < KEYPOINTS; k++) {
      const from = order[k]!;
      const seen = sample.visibility[from]! > 0;
      arrays.visibility[n * KEYPOINTS + k] = seen ? 1 : 0;
      for (let axis = 0; axis < 2; axis++) {
        const value = sample.keypoints[from * 2 + axis]!;
        if (seen && !Number.isFinite(value)) {
          throw new DatasetError(
            `buildTrainingArrays: expected finite keypoints, got ${value} for keypoint ${from} of sample ${sample.id} of ${sample.source.file}.`,
            { expected: 'finite', actual: value },
          );
        }
        arrays.keypoints[(n * KEYPOINTS + k) * 2 + axis] = seen ? toParameterFrame(value, side) : 0;
      }
    }
    const points = sample.keypoints3d;
    if (
      points !== undefined &&
      sample.camera !== undefined &&
      (sample.keypoints3dValid?.every((v) => v === 1) ?? true)
    ) {
      for (let k = 0; k < KEYPOINTS; k++) {
        for (let axis = 0; axis < 3; axis++) {
          const value = points[order[k]! * 3 + axis]!;
          if (!Number.isFinite(value)) {
            throw new DatasetError(
              `buildTrainingArrays: expected finite 3D keypoints, got ${value} for keypoint ${order[k]} of sample ${sample.id} of ${sample.source.file}.`,
              { expected: 'finite', actual: value },
            );
          }
          arrays.keypoints3d[(n * KEYPOINTS + k) * 3 + axis] = value;
        }
      }
      if (!(sample.camera[0]! > 0)) {
        throw new DatasetError(
          `buildTrainingArrays: expected a positive focal length, got ${sample.camera[0]} in sample ${sample.id} of ${sample.source.file}.`,
          { expected: '> 0', actual: sample.camera[0] },
        );
      }
      arrays.focal[n] = (sample.camera[0]! * HAND_PARAMETER_FRAME) / side;
      arrays.valid3d[n] = 1;
    }
    if (sample.handParameters !== undefined) {
      const wrong = sample.handParameters.findIndex((value) => !Number.isFinite(value));
      if (wrong >= 0) {
        throw new DatasetError(
          `buildTrainingArrays: expected finite hand parameters, got ${sample.handParameters[wrong]} at index ${wrong} of sample ${sample.id} of ${sample.source.file}.`,
          { expected: 'finite', actual: sample.handParameters[wrong] },
        );
      }
      arrays.handParameters.set(sample.handParameters, n * HAND_PARAMETER_COUNT);
      arrays.handParametersValid[n] = 1;
    }
    const { image: _image, mask: _mask, ...annotation } = sample;
    arrays.annotations[n] = annotation;
    n++;
  }
  if (n < count) throw countError(count, String(n));
  return arrays;
}
