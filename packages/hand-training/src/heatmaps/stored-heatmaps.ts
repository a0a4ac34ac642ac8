import { open, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { PreparedDataset } from '@opposable/hand-datasets/node';
import { ConfigError, FileFormatError } from '@opposable/tensor-checks';
import {
  HEATMAP_FOLDER,
  HEATMAP_MANIFEST,
  type HeatmapManifest,
  packedPath,
  readPackedHeatmaps,
} from './heatmap-files.js';
import { HEATMAP_FORMATS } from './heatmap-formats.js';
import type { HeatmapBytes } from './packed-heatmaps.js';

/** The heat maps of one split, read one by one. */
export interface StoredHeatmaps {
  /** Side of the maps. */
  readonly size: number;
  /** The maps of sample `index`. */
  read(this: void, index: number): Promise<HeatmapBytes>;
}

const KEYPOINTS = 21;
/** Magic, version and length of the header of a .npy file of version 1. */
const NPY_START = 10;

async function readManifest(root: string): Promise<HeatmapManifest> {
  const path = join(root, HEATMAP_FOLDER, HEATMAP_MANIFEST);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code !== 'ENOENT') throw cause;
    throw new ConfigError(
      `${root}: expected heat maps, which a network of 24 channels takes beside the image, but there is no ${HEATMAP_FOLDER}/${HEATMAP_MANIFEST}; opposable heatmaps makes them.`,
      { expected: path, actual: undefined, cause },
    );
  }
  const refuse = (cause?: unknown): never => {
    throw new FileFormatError(`${path}: expected JSON with format, size and splits, got something else.`, {
      expected: { format: HEATMAP_FORMATS, size: 'number', splits: 'counts' },
      actual: text.slice(0, 200),
      cause,
    });
  };
  try {
    const manifest = JSON.parse(text) as HeatmapManifest;
    const right = HEATMAP_FORMATS.includes(manifest.format) && Number.isInteger(manifest.size) && manifest.size > 0;
    return right && typeof manifest.splits === 'object' ? manifest : refuse();
  } catch (error) {
    return error instanceof SyntaxError ? refuse(error) : refuse();
  }
}

/** Where the numbers of a .npy file of bytes begin, once its shape and size are seen to be right. */
async function startOfArray(path: string, shape: readonly number[]): Promise<number> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4096), 0, 4096, 0);
    const start = NPY_START + (bytesRead > NPY_START ? buffer.readUInt16LE(NPY_START - 2) : 0);
    const header = buffer.toString('latin1', NPY_START, Math.min(start, bytesRead));
    const bytes = shape.reduce((product, side) => product * side, 1);
    const found = /'shape':\s*\(([\d, ]*)\)/.exec(header)?.[1] ?? 'none';
    const right =
      buffer.toString('latin1', 0, 8) === '\x93NUMPY\x01\x00' &&
      /'descr':\s*'\|?u1'/.test(header) &&
      /'fortran_order':\s*False/.test(header) &&
      found.split(',').map(Number).join() === shape.join() &&
      (await file.stat()).size === start + bytes;
    if (right) return start;
    throw new FileFormatError(
      `${path}: expected an array of bytes of shape [${shape.join(', ')}], got one of shape [${found}] in ${(await stat(path)).size} bytes.`,
      { expected: shape, actual: found },
    );
  } finally {
    await file.close();
  }
}

async function readRow(path: string, start: number, size: number, index: number): Promise<HeatmapBytes> {
  const length = size * size * KEYPOINTS;
  const data = new Uint8Array(length);
  const file = await open(path);
  try {
    const { bytesRead } = await file.read(data, 0, length, start + index * length);
    if (bytesRead === length) return { size, data };
  } finally {
    await file.close();
  }
  throw new FileFormatError(`${path}: expected the maps of sample ${index}, but the file ends before.`, {
    expected: length,
    actual: index,
  });
}

/**
 * The heat maps that `writeHeatmaps` has put into a prepared dataset.
 *
 * @throws ConfigError if it has none, or none of the split; FileFormatError for files that do not fit
 */
export async function openHeatmaps(dataset: PreparedDataset, split: string): Promise<StoredHeatmaps> {
  const { root } = dataset;
  const { format, size, splits } = await readManifest(root);
  const count = dataset.count(split);
  if (splits[split] !== count) {
    throw new ConfigError(
      `${root}: expected the heat maps of ${count} samples of '${split}', found those of ${splits[split] ?? 0}; opposable heatmaps makes them.`,
      { expected: count, actual: splits[split] ?? 0 },
    );
  }
  if (format === 'array') {
    const path = join(root, HEATMAP_FOLDER, `${split}.npy`);
    const start = await startOfArray(path, [count, size, size, KEYPOINTS]);
    return { size, read: (index) => readRow(path, start, size, index) };
  }
  return {
    size,
    read: async (index) => {
      const prefix = join(root, packedPath(dataset.imageRecord(split, index).file_name));
      const maps = await readPackedHeatmaps(prefix);
      if (maps.size === size) return maps;
      throw new FileFormatError(`${prefix}_0.png: expected maps of ${size}×${size}, got ${maps.size}×${maps.size}.`, {
        expected: size,
        actual: maps.size,
      });
    },
  };
}
