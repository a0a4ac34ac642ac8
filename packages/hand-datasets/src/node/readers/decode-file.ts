import { FileFormatError } from '@opposable/tensor-checks';
import { datasetError } from '../../dataset-error.js';
import type { DatasetFolder } from '../dataset-folder.js';

/**
 * What a file of the dataset holds.
 *
 * @param decode reads its bytes
 * @throws DatasetError naming the file if it cannot be read or is not what its format demands
 */
export async function decodeFile<T>(
  folder: DatasetFolder,
  file: string,
  decode: (bytes: Uint8Array) => T | Promise<T>,
): Promise<T> {
  const bytes = await folder.bytes(file);
  try {
    return await decode(bytes);
  } catch (cause) {
    if (!(cause instanceof FileFormatError)) throw cause;
    throw datasetError('decodeFile', `${file} cannot be read (${cause.message.replace(/\.$/, '')})`, {
      actual: file,
      cause,
    });
  }
}
