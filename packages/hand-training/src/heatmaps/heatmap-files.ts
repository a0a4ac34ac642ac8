import { readFile } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { readNpy } from '@opposable/array-files';
import { readImage } from '@opposable/hand-datasets/node';
import { FileFormatError } from '@opposable/tensor-checks';
import type { HeatmapFormat } from './heatmap-formats.js';
import { type HeatmapBytes, PACKED_PICTURES, unpackHeatmaps } from './packed-heatmaps.js';

/** Folder of the maps within a prepared dataset. */
export const HEATMAP_FOLDER = 'heatmaps';
export const HEATMAP_MANIFEST = 'heatmaps.json';

/** What `heatmaps/heatmaps.json` says. */
export interface HeatmapManifest {
  readonly format: HeatmapFormat;
  /** Side of the maps. */
  readonly size: number;
  readonly keypoint_order: 'mano';
  /** The run that made them. */
  readonly checkpoint: string;
  /** Samples of each split. */
  readonly splits: Readonly<Record<string, number>>;
}

/** Path of a picture of an image's maps without number and ending: `images/train/00000000.jpg` → `heatmaps/train/00000000`. */
export function packedPath(imageFile: string): string {
  const { dir, name } = posix.parse(imageFile.replace(/^images\//, ''));
  return posix.join(HEATMAP_FOLDER, dir, name);
}

/**
 * The maps beside an image, packed as 3dhand packs them: `<prefix>_0.png` … `<prefix>_6.png`.
 *
 * @throws DatasetError naming a file that cannot be read; FileFormatError unless all are squares of one size
 */
export async function readPackedHeatmaps(prefix: string): Promise<HeatmapBytes> {
  const files = Array.from({ length: PACKED_PICTURES }, (_, i) => `${prefix}_${i}.png`);
  return unpackHeatmaps(await Promise.all(files.map((path) => readImage(path))));
}

/**
 * The maps of a whole split, kept in one array [N, size, size, 21].
 *
 * @throws FileFormatError if it is not an array of bytes of that shape
 */
export async function readHeatmapArray(
  root: string,
  split: string,
): Promise<{ count: number; size: number; data: Uint8Array }> {
  const path = join(root, HEATMAP_FOLDER, `${split}.npy`);
  const { shape, data } = await readNpy(await readFile(path));
  const [count, size] = shape as [number, number];
  if (shape.length !== 4 || shape[2] !== size || shape[3] !== 21 || !(data instanceof Uint8Array)) {
    throw new FileFormatError(`${path}: expected bytes of shape [N, S, S, 21], got shape [${shape.join(', ')}].`, {
      expected: ['N', 'S', 'S', 21],
      actual: shape,
    });
  }
  return { count, size, data };
}
