import { decodeGrayPng, type GrayImage } from '@opposable/drawing';
import type { HandAnnotation, ImageRecord, PreparedSplit } from '@opposable/hand-datasets';
import { sentenceOf } from '../notices.js';
import type { DatasetFolder } from './dataset-folder.js';
import { decodeImage, readImageFile } from './read-image-file.js';

/** One sample with what of it could be read. Whoever has it closes its picture. */
export interface LoadedSample {
  readonly index: number;
  readonly annotation: HandAnnotation;
  readonly record: ImageRecord;
  readonly picture: ImageBitmap | undefined;
  readonly mask: GrayImage | undefined;
  /** A sentence for each file that is missing, damaged or altered. */
  readonly problems: readonly string[];
}

/** Reads the files of a sample. A file that cannot be read is named among its problems. */
export async function loadSample(folder: DatasetFolder, split: PreparedSplit, index: number): Promise<LoadedSample> {
  const record = split.imageRecord(index);
  const { width, height, file_name: name, mask_file_name: maskName } = record;
  const problems: string[] = [];
  const attempt = async <T>(read: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await read();
    } catch (error) {
      problems.push(sentenceOf(error, `Reading sample ${index}`));
      return undefined;
    }
  };
  const open = async (file: string, hash: string | undefined) => {
    const read = await readImageFile(folder, file, { width, height, hash });
    if (read.altered !== undefined) problems.push(read.altered);
    return read;
  };
  const picture = await attempt(async () => decodeImage(await open(name, record.sha256), name));
  const mask =
    maskName === undefined
      ? undefined
      : await attempt(async () => decodeGrayPng((await open(maskName, record.mask_sha256)).bytes));
  return { index, annotation: split.annotation(index), record, picture, mask, problems };
}
