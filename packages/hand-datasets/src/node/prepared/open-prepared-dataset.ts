import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeGray16Png } from '@opposable/drawing';
import { ConfigError } from '@opposable/tensor-checks';
import { datasetError } from '../../dataset-error.js';
import { recordToAnnotation } from '../../prepared/annotation-record.js';
import { parsePreparedInfo } from '../../prepared/parse-prepared-info.js';
import type { ImageRecord, PreparedDatasetInfo } from '../../prepared/schema.js';
import type { DepthMap, HandAnnotation, HandSample } from '../../types.js';
import { checkConcurrency, concurrentMap } from '../concurrent-map.js';
import { readImage, readMask } from '../images/read-image.js';
import { datasetRoot, realPathInside } from '../inside-root.js';
import { indexSplit, type SplitFault, type SplitIndex } from './split-index.js';
import { type LoadedSplit, loadSplit, type LoadSplitOptions } from './load-split.js';

const OPERATION = 'openPreparedDataset';

export interface PreparedDataset {
  /** Absolute path of the folder. */
  readonly root: string;
  /** What dataset.json says. */
  readonly info: PreparedDatasetInfo;
  readonly splits: readonly string[];
  /** Number of samples of a split. */
  count(split: string): number;
  /** Annotation of sample `i` of a split, without touching its image. */
  annotation(split: string, i: number): HandAnnotation;
  /** Names, size and hashes of sample `i`'s files, as the split's file has them. */
  imageRecord(split: string, i: number): ImageRecord;
  /** Sample `i` of a split with pixels and, where it has one, its mask. @throws DatasetError naming the file */
  load(split: string, i: number): Promise<HandSample>;
  /** Depth of sample `i`, where it has one. @throws DatasetError or FileFormatError naming the file */
  depth(split: string, i: number): Promise<DepthMap | undefined>;
  /** Every sample of a split in order, decoded a few ahead. */
  samples(split: string, options?: { readonly concurrency?: number | undefined }): AsyncIterable<HandSample>;
  /** A whole split as a few large arrays, for a trainer that keeps it in memory. */
  loadSplit(split: string, options?: LoadSplitOptions): Promise<LoadedSplit>;
}

async function readInfo(root: string): Promise<PreparedDatasetInfo> {
  const file = join(root, 'dataset.json');
  await realPathInside(root, 'dataset.json', OPERATION);
  const content = await readFile(file).catch((cause: NodeJS.ErrnoException) => {
    const reason = cause.code === 'ENOENT' ? 'there is no such file' : cause.code;
    throw datasetError(OPERATION, `${file} cannot be read (${reason})`, { expected: 'dataset.json', cause });
  });
  return parsePreparedInfo(content, { file, operation: OPERATION });
}

export interface OpenPreparedDatasetOptions {
  /**
   * Told of every record that is malformed and of every split's file that is missing, cut off or of another length, instead
   * of an error for the first one. The samples told of cannot be asked for.
   */
  readonly onFault?: ((split: string, fault: SplitFault) => void) | undefined;
}

/**
 * Opens a prepared dataset: reads and checks its JSON files, and images only when they are asked for. Only the places of the
 * records are held: a dataset of any size can be opened.
 *
 * @param path folder of the dataset
 * @throws DatasetError naming file, record and key of what is missing, malformed or outside the folder
 *
 * @example
 * const dataset = await openPreparedDataset('runs/hands');
 * const sample = await dataset.load('train', 0);
 */
export async function openPreparedDataset(
  path: string,
  { onFault }: OpenPreparedDatasetOptions = {},
): Promise<PreparedDataset> {
  const root = await datasetRoot(path, OPERATION);
  const info = await readInfo(root);
  const files = new Map<string, SplitIndex>();
  for (const [name, { annotations, count }] of Object.entries(info.splits)) {
    const told = onFault && ((fault: SplitFault): void => onFault(name, fault));
    files.set(name, await indexSplit(root, annotations, { count, operation: OPERATION, onFault: told }));
  }

  const fileOf = (split: string): SplitIndex => {
    const file = files.get(split);
    if (file === undefined) {
      const known = [...files.keys()];
      throw new ConfigError(`${OPERATION}: expected one of the splits ${known.join(', ')}, got '${split}'.`, {
        expected: known,
        actual: split,
      });
    }
    return file;
  };
  const recordOf = (split: string, i: number) => {
    const file = fileOf(split);
    if (!Number.isInteger(i) || i < 0 || i >= file.count) {
      throw new ConfigError(`${OPERATION}: expected a sample of '${split}' from 0 to ${file.count - 1}, got ${i}.`, {
        expected: [0, file.count - 1],
        actual: i,
      });
    }
    return file.record(i);
  };

  const dataset: PreparedDataset = {
    root,
    info,
    splits: [...files.keys()],
    count: (split) => fileOf(split).count,
    annotation: (split, i) => recordToAnnotation(recordOf(split, i).annotation, info.keypoint_order),

    imageRecord: (split, i) => recordOf(split, i).image,

    async load(split, i) {
      const { image: record, annotation } = recordOf(split, i);
      const read = async <T extends { width: number; height: number }>(
        name: string,
        reader: (path: string) => Promise<T>,
      ): Promise<T> => {
        const found = await reader(await realPathInside(root, name, OPERATION));
        if (found.width !== record.width || found.height !== record.height) {
          throw datasetError(
            'load',
            `expected ${join(root, name)} to be ${record.width} × ${record.height} pixels, got ${found.width} × ${found.height}`,
          );
        }
        return found;
      };
      const [image, mask] = await Promise.all([
        read(record.file_name, readImage),
        record.mask_file_name === undefined ? undefined : read(record.mask_file_name, readMask),
      ]);
      return { ...recordToAnnotation(annotation, info.keypoint_order), image, mask };
    },

    async depth(split, i) {
      const { depth_file_name: name, depth_offset: offset = 0, width, height } = recordOf(split, i).image;
      if (name === undefined) return undefined;
      const map = decodeGray16Png(await readFile(await realPathInside(root, name, OPERATION)));
      if (map.width !== width || map.height !== height) {
        throw datasetError(
          'depth',
          `expected ${join(root, name)} to be ${width} × ${height} pixels, got ${map.width} × ${map.height}`,
        );
      }
      return { ...map, offset };
    },

    samples(split, options = {}) {
      const count = dataset.count(split);
      return concurrentMap(count, (i) => dataset.load(split, i), checkConcurrency(options.concurrency, 'samples'));
    },

    loadSplit: (split, options) => loadSplit(dataset, split, options),
  };
  return dataset;
}
