import { HAND_PARAMETER_COUNT } from '@opposable/mano-layer/conventions';
import type { LabelArrays } from '../sample-row.js';
import { sharedBytes, sharedFloats } from '../shared-arrays.js';

/** Memory of one batch, which all threads share. */
export interface LoaderBuffers extends LabelArrays {
  /** [B, S, S, 3] in 0–1 */
  readonly images: Float32Array;
  /** [B, M, M] in 0–1 */
  readonly masks: Float32Array;
  readonly maskValid: Uint8Array;
  /** [B, H, H, 21] in 0–1, where the network takes heat maps */
  readonly heatmaps?: Float32Array | undefined;
}

export function createBuffers(rows: number, imageSize: number, maskSize: number, heatmapSize?: number): LoaderBuffers {
  return {
    images: sharedFloats(rows * imageSize * imageSize * 3),
    masks: sharedFloats(rows * maskSize * maskSize),
    maskValid: sharedBytes(rows),
    keypoints: sharedFloats(rows * 42),
    visibility: sharedFloats(rows * 21),
    keypoints3d: sharedFloats(rows * 63),
    valid3d: sharedBytes(rows),
    focal: sharedFloats(rows),
    resize: sharedFloats(rows * 2),
    handParameters: sharedFloats(rows * HAND_PARAMETER_COUNT),
    handParametersValid: sharedBytes(rows),
    ...(heatmapSize === undefined ? {} : { heatmaps: sharedFloats(rows * heatmapSize * heatmapSize * 21) }),
  };
}
