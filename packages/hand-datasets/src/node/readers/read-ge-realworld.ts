import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { datasetError } from '../../dataset-error.js';
import { GE_REALWORLD_IMAGE_SIZE, type GeRealworldRecord, parseGeRealworld } from '../../readers/parse-ge-realworld.js';
import type { HandSample } from '../../types.js';
import { readImage } from '../images/read-image.js';
import { checkInside, datasetRoot, realPathInside } from '../inside-root.js';
import type { ReaderOptions, SampleStream } from './types.js';

const OPERATION = "readers['ge-realworld']";

async function readRecords(root: string): Promise<GeRealworldRecord[]> {
  const read = (name: string): Promise<Uint8Array> =>
    readFile(join(root, name)).catch((cause: NodeJS.ErrnoException) => {
      const reason = cause.code === 'ENOENT' ? 'there is no such file' : cause.code;
      throw datasetError(OPERATION, `${join(root, name)} cannot be read (${reason})`, { expected: name, cause });
    });
  return parseGeRealworld(await read('params.mat'), await read('pose_gt.mat'));
}

function chooseRecords(records: readonly GeRealworldRecord[], rows: readonly number[] | undefined) {
  return (rows ?? [...records.keys()]).map((row) => {
    const record = records[row];
    if (record === undefined) {
      throw datasetError(OPERATION, `expected rows from 0 to ${records.length - 1}, got ${row}`, {
        expected: [0, records.length - 1],
        actual: row,
      });
    }
    return record;
  });
}

/**
 * The real-world set of Ge et al. from the folder that holds params.mat, pose_gt.mat and images/.
 *
 * @param root the folder
 * @param options `rows`: file numbers to read
 * @returns left hands as photographed, 256 × 256 pixels, in file order; rows without an image are left out and counted
 *   unless they are asked for by `rows`
 */
export function readGeRealworld(root: string, options: ReaderOptions = {}): SampleStream {
  const report = { read: 0, missingImages: 0 };
  async function* samples(): AsyncGenerator<HandSample, void, undefined> {
    const folder = await datasetRoot(root, OPERATION);
    const records = await readRecords(folder);
    for (const { row, imagePath, annotation } of chooseRecords(records, options.rows)) {
      checkInside(folder, imagePath, `${join(folder, 'params.mat')}: image_path row ${row}`, OPERATION);
      const path = await realPathInside(folder, imagePath, OPERATION);
      const isThere = await access(path).then(
        () => true,
        () => false,
      );
      if (!isThere && options.rows === undefined) {
        report.missingImages++;
        continue;
      }
      const image = await readImage(path);
      if (image.width !== GE_REALWORLD_IMAGE_SIZE || image.height !== GE_REALWORLD_IMAGE_SIZE) {
        throw datasetError(
          OPERATION,
          `expected ${path} to be ${GE_REALWORLD_IMAGE_SIZE} × ${GE_REALWORLD_IMAGE_SIZE} pixels, got ${image.width} × ${image.height}`,
        );
      }
      report.read++;
      yield { ...annotation, image, mask: undefined };
    }
  }
  return { report, [Symbol.asyncIterator]: samples };
}
