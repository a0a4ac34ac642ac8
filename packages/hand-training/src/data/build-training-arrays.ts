import { resizeImage } from '@opposable/drawing';
import type { HandAnnotation, HandSample } from '@opposable/hand-datasets';
import { HAND_PARAMETER_COUNT } from '@opposable/mano-layer/conventions';
import { DatasetError } from '@opposable/tensor-checks';
import { writeSampleRow } from './sample-row.js';
import { sharedBytes, sharedFloats } from './shared-arrays.js';
import type { MappedSample } from './mapped-sample.js';
import { DEFAULT_MASK_SIZE, type TrainingArrays } from './training-arrays.js';

const KEYPOINTS = 21;

export interface TrainingArraysOptions {
  /** Side of the network's input. Images of another size are resized. */
  imageSize: number;
  /** Side of the masks; vertices are looked up in them. Default 64. */
  maskSize?: number | undefined;
  /** Side of the samples' heat maps; without it they are left out. */
  heatmapSize?: number | undefined;
  onProgress?: ((progress: { done: number; total: number }) => void) | undefined;
  signal?: AbortSignal | undefined;
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

/** The heat maps of a sample, which must have some of the given side. */
function mapsOfSize({ heatmaps, id, source }: MappedSample, size: number): Uint8Array {
  if (heatmaps?.size === size) return heatmaps.data;
  throw new DatasetError(
    `buildTrainingArrays: expected heat maps of ${size}×${size}, got ${heatmaps === undefined ? 'none' : `${heatmaps.size}×${heatmaps.size}`} in sample ${id} of ${source.file}.`,
    { expected: size, actual: heatmaps?.size },
  );
}

/**
 * Gathers samples of square crops into flat arrays: keypoints reordered to 'panoptic', pixels of annotations in the
 * 256 frame, images and masks resized.
 *
 * @param count how many samples come
 * @throws DatasetError for another number of samples, an image that is not square, a left hand, or a coordinate that is not a number;
 * the signal's reason
 */
export async function buildTrainingArrays(
  samples: Iterable<MappedSample> | AsyncIterable<MappedSample>,
  count: number,
  options: TrainingArraysOptions,
): Promise<TrainingArrays> {
  const { imageSize, maskSize = DEFAULT_MASK_SIZE, heatmapSize, onProgress, signal } = options;
  const mapBytes = heatmapSize === undefined ? 0 : heatmapSize * heatmapSize * KEYPOINTS;
  const arrays = {
    count,
    imageSize,
    images: sharedBytes(count * imageSize * imageSize * 3),
    maskSize,
    masks: sharedBytes(count * maskSize * maskSize),
    maskValid: sharedBytes(count),
    keypoints: sharedFloats(count * KEYPOINTS * 2),
    visibility: sharedFloats(count * KEYPOINTS),
    keypoints3d: sharedFloats(count * KEYPOINTS * 3),
    valid3d: sharedBytes(count),
    focal: sharedFloats(count),
    resize: sharedFloats(count * 2),
    handParameters: sharedFloats(count * HAND_PARAMETER_COUNT),
    handParametersValid: sharedBytes(count),
    annotations: new Array<HandAnnotation>(count),
    ...(heatmapSize === undefined ? {} : { heatmapSize, heatmaps: sharedBytes(count * mapBytes) }),
  };
  let n = 0;
  for await (const sample of samples) {
    signal?.throwIfAborted();
    if (n >= count) throw countError(count, 'more');
    const side = square(sample);
    const image = side === imageSize ? sample.image : resizeImage(sample.image, imageSize, imageSize);
    writeSampleRow(arrays, n, sample, side, 'buildTrainingArrays');
    arrays.images.set(image.data, n * imageSize * imageSize * 3);
    if (sample.mask !== undefined) {
      const mask = sample.mask.width === maskSize ? sample.mask : resizeImage(sample.mask, maskSize, maskSize);
      arrays.masks.set(mask.data, n * maskSize * maskSize);
      arrays.maskValid[n] = 1;
    }
    arrays.heatmaps?.set(mapsOfSize(sample, heatmapSize!), n * mapBytes);
    const { image: _image, mask: _mask, heatmaps: _heatmaps, ...annotation } = sample;
    arrays.annotations[n] = annotation;
    n++;
    onProgress?.({ done: n, total: count });
  }
  if (n < count) throw countError(count, String(n));
  return arrays;
}
