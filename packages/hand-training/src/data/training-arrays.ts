import type { HandAnnotation } from '@opposable/hand-datasets';

/** Side of the masks where nothing is said. */
export const DEFAULT_MASK_SIZE = 64;

/**
 * A data set in memory, ready for batches. N samples, S image side, M mask side, 21 keypoints in 'panoptic' order.
 * Pixels of annotations are those of the 256-pixel frame, whatever S is.
 */
export interface TrainingArrays {
  readonly count: number;
  readonly imageSize: number;
  /** [N, S, S, 3] RGB */
  readonly images: Uint8Array;
  readonly maskSize: number;
  /** [N, M, M] 0–255 */
  readonly masks: Uint8Array;
  /** [N] 1 where the sample has a mask */
  readonly maskValid: Uint8Array;
  /** [N, 21, 2] pixels of the 256 frame */
  readonly keypoints: Float32Array;
  /** [N, 21] 1 where the 2D position is known */
  readonly visibility: Float32Array;
  /** [N, 21, 3] millimetres, camera frame */
  readonly keypoints3d: Float32Array;
  /** [N] 1 where all 21 keypoints are known in 3D and the camera is known */
  readonly valid3d: Uint8Array;
  /** [N] focal length in pixels of the 256 frame */
  readonly focal: Float32Array;
  /** [N, 2] pixels of the 256 frame per pixel of the original image, along x and y */
  readonly resize: Float32Array;
  /** [N, 22] the 22 numbers */
  readonly handParameters: Float32Array;
  /** [N] 1 where the 22 numbers are known */
  readonly handParametersValid: Uint8Array;
  readonly annotations: readonly HandAnnotation[];
  /** Side of the heat maps, where there are any. */
  readonly heatmapSize?: number | undefined;
  /** [N, H, H, 21] 0–255, 'mano' order: what a network of 24 channels takes beside the image */
  readonly heatmaps?: Uint8Array | undefined;
  /** [N, 84] what a network that only lifts keypoints reads from the heat maps */
  readonly places?: Float32Array | undefined;
}

/** Some rows of a data set, in the order given. */
export function selectRows(arrays: TrainingArrays, indices: readonly number[]): TrainingArrays {
  const pick = <T extends Uint8Array | Float32Array>(source: T): T => {
    const width = source.length / arrays.count;
    const Kind = source.constructor as new (length: number) => T;
    const out = new Kind(indices.length * width);
    indices.forEach((index, row) => out.set(source.subarray(index * width, (index + 1) * width), row * width));
    return out;
  };
  const rows = Object.entries(arrays).map(([name, value]: [string, unknown]) => {
    return [name, value instanceof Uint8Array || value instanceof Float32Array ? pick(value) : value];
  });
  const annotations = arrays.annotations.length === 0 ? [] : indices.map((index) => arrays.annotations[index]!);
  return { ...(Object.fromEntries(rows) as TrainingArrays), count: indices.length, annotations };
}
