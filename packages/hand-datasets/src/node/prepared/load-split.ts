import { resizeSample } from '../../transform/apply-crop.js';
import type { HandAnnotation, HandSample } from '../../types.js';
import { checkConcurrency, concurrentMap } from '../concurrent-map.js';

export interface LoadSplitOptions {
  /** Side of the images in memory, in pixels; annotations move with them. Default: as stored. */
  readonly size?: number | undefined;
  /** Samples to load, in this order. Default: all. */
  readonly indices?: ArrayLike<number> | undefined;
  /** Images decoded at the same time. Default 8. */
  readonly concurrency?: number | undefined;
  /** Called after every sample. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** N samples as a few large row-major arrays. A row of what a sample lacks is zero; the `has…` arrays say which. */
export interface LoadedSplit {
  readonly count: number;
  readonly width: number;
  readonly height: number;
  readonly keypointOrder: string;
  /** Index in the split of each row. */
  readonly indices: Uint32Array;
  readonly ids: readonly string[];
  /** [N, H, W, 3] sRGB bytes */
  readonly images: Uint8Array;
  /** [N, H, W] 0 … 255; empty if no sample has a mask */
  readonly masks: Uint8Array;
  /** [N] */
  readonly hasMask: Uint8Array;
  /** [N, 21, 2] pixels */
  readonly keypoints: Float32Array;
  /** [N, 21] COCO: 0, 1, 2 */
  readonly visibility: Uint8Array;
  /** [N, 21, 3] millimetres, camera frame */
  readonly keypoints3d: Float32Array;
  /** [N, 21] */
  readonly keypoints3dValid: Uint8Array;
  /** [N, 9] row-major intrinsics in pixels */
  readonly cameras: Float32Array;
  /** [N] */
  readonly hasCamera: Uint8Array;
  /** [N, 22] */
  readonly handParameters: Float32Array;
  /** [N] */
  readonly hasHandParameters: Uint8Array;
}

interface Source {
  count(split: string): number;
  load(split: string, i: number): Promise<HandSample>;
  annotation(split: string, i: number): HandAnnotation;
  readonly info: {
    readonly image_size: { readonly width: number; readonly height: number };
    readonly keypoint_order: string;
  };
}

/**
 * Decodes a split, or part of it, into memory.
 *
 * @param dataset an open prepared dataset
 * @param split its name
 * @returns pixels as bytes and annotations as float32, sample after sample
 * @throws DatasetError naming the file of a sample that cannot be read
 */
export async function loadSplit(dataset: Source, split: string, options: LoadSplitOptions = {}): Promise<LoadedSplit> {
  const indices = Uint32Array.from(options.indices ?? Array.from({ length: dataset.count(split) }, (_, i) => i));
  const count = indices.length;
  const stored = dataset.info.image_size;
  const { width, height } = options.size === undefined ? stored : { width: options.size, height: options.size };
  const pixels = width * height;
  const loaded = {
    count,
    width,
    height,
    keypointOrder: dataset.info.keypoint_order,
    indices,
    ids: new Array<string>(count),
    images: new Uint8Array(count * pixels * 3),
    masks: new Uint8Array(0),
    hasMask: new Uint8Array(count),
    keypoints: new Float32Array(count * 42),
    visibility: new Uint8Array(count * 21),
    keypoints3d: new Float32Array(count * 63),
    keypoints3dValid: new Uint8Array(count * 21),
    cameras: new Float32Array(count * 9),
    hasCamera: new Uint8Array(count),
    handParameters: new Float32Array(count * 22),
    hasHandParameters: new Uint8Array(count),
  };
  const store = (sample: HandSample, i: number): void => {
    loaded.ids[i] = sample.id;
    loaded.images.set(sample.image.data, i * pixels * 3);
    loaded.keypoints.set(sample.keypoints, i * 42);
    loaded.visibility.set(sample.visibility, i * 21);
    if (sample.mask !== undefined) {
      if (loaded.masks.length === 0) loaded.masks = new Uint8Array(count * pixels);
      loaded.masks.set(sample.mask.data, i * pixels);
      loaded.hasMask[i] = 1;
    }
    if (sample.keypoints3d !== undefined && sample.keypoints3dValid !== undefined) {
      loaded.keypoints3d.set(sample.keypoints3d, i * 63);
      loaded.keypoints3dValid.set(sample.keypoints3dValid, i * 21);
    }
    if (sample.camera !== undefined) {
      loaded.cameras.set(sample.camera, i * 9);
      loaded.hasCamera[i] = 1;
    }
    if (sample.handParameters !== undefined) {
      loaded.handParameters.set(sample.handParameters, i * 22);
      loaded.hasHandParameters[i] = 1;
    }
  };
  const resized = width !== stored.width || height !== stored.height;
  let done = 0;
  for await (const sample of concurrentMap(
    count,
    (i) => dataset.load(split, indices[i]!),
    checkConcurrency(options.concurrency, 'loadSplit'),
  )) {
    store(resized ? resizeSample(sample, { width, height }) : sample, done++);
    options.onProgress?.(done, count);
  }
  return loaded;
}
