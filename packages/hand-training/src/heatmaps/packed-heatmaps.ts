import { permutation } from '@opposable/keypoint-order';
import { FileFormatError } from '@opposable/tensor-checks';
import type { RgbImage } from '@opposable/drawing';

/** Pictures that hold the 21 maps of one image, three each. */
export const PACKED_PICTURES = 7;
const KEYPOINTS = 21;
/** Order of the channels: wrist, index, middle, little, ring, thumb, as 3dhand packs them. */
export const PACKED_ORDER = 'mano';

/** Maps as bytes, in the order of the packed pictures. */
export interface HeatmapBytes {
  /** Side of the maps. */
  readonly size: number;
  /** [size, size, 21] 0–255, 'mano' order */
  readonly data: Uint8Array;
}

/** Maps [M, M, 21] in 0–1 and 'panoptic' order as bytes in 'mano' order. */
export function toHeatmapBytes(maps: ArrayLike<number>, size: number): HeatmapBytes {
  const from = permutation('panoptic', PACKED_ORDER);
  const data = new Uint8Array(size * size * KEYPOINTS);
  for (let cell = 0; cell < size * size; cell++) {
    for (let k = 0; k < KEYPOINTS; k++) {
      const value = maps[cell * KEYPOINTS + from[k]!]!;
      data[cell * KEYPOINTS + k] = Math.min(255, Math.max(0, 255 * value)) + 0.5;
    }
  }
  return { size, data };
}

/** The inverse of {@link toHeatmapBytes}, up to rounding. */
export function fromHeatmapBytes({ size, data }: HeatmapBytes): Float32Array {
  const from = permutation('panoptic', PACKED_ORDER);
  const maps = new Float32Array(data.length);
  for (let cell = 0; cell < size * size; cell++) {
    for (let k = 0; k < KEYPOINTS; k++) maps[cell * KEYPOINTS + from[k]!] = data[cell * KEYPOINTS + k]! / 255;
  }
  return maps;
}

/** Seven RGB pictures: picture i holds channels 3i, 3i + 1 and 3i + 2. */
export function packHeatmaps({ size, data }: HeatmapBytes): RgbImage[] {
  return Array.from({ length: PACKED_PICTURES }, (_, i) => {
    const picture = new Uint8Array(size * size * 3);
    for (let cell = 0; cell < size * size; cell++) {
      for (let c = 0; c < 3; c++) picture[cell * 3 + c] = data[cell * KEYPOINTS + i * 3 + c]!;
    }
    return { width: size, height: size, data: picture };
  });
}

/**
 * The inverse of {@link packHeatmaps}.
 *
 * @throws FileFormatError unless there are seven equal squares
 */
export function unpackHeatmaps(pictures: readonly RgbImage[]): HeatmapBytes {
  const size = pictures[0]?.width ?? 0;
  if (pictures.length !== PACKED_PICTURES || pictures.some(({ width, height }) => width !== size || height !== size)) {
    const found = pictures.map(({ width, height }) => `${width}×${height}`).join(', ');
    throw new FileFormatError(`unpackHeatmaps: expected seven square pictures of one size, got ${found || 'none'}.`, {
      expected: PACKED_PICTURES,
      actual: found,
    });
  }
  const data = new Uint8Array(size * size * KEYPOINTS);
  pictures.forEach((picture, i) => {
    for (let cell = 0; cell < size * size; cell++) {
      for (let c = 0; c < 3; c++) data[cell * KEYPOINTS + i * 3 + c] = picture.data[cell * 3 + c]!;
    }
  });
  return { size, data };
}
