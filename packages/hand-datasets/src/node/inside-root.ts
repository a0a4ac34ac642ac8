import { realpath } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import { datasetError } from '../dataset-error.js';

/**
 * The path of a checked name with every link followed, which must still be inside.
 *
 * @param root the dataset's folder, without links in its path
 */
export async function realPathInside(root: string, name: string, operation: string): Promise<string> {
  const wanted = join(root, name);
  const real = await realpath(wanted).catch(() => wanted); // a missing file is reported by whoever reads it
  if (!real.startsWith(root + sep)) {
    throw datasetError(operation, `expected a path inside the dataset, but ${wanted} is a link to ${real}`, {
      expected: 'a path inside the dataset',
      actual: real,
    });
  }
  return real;
}

/** The real path of a dataset's folder. @throws DatasetError if there is none */
export async function datasetRoot(path: string, operation: string): Promise<string> {
  const given = resolve(path);
  return realpath(given).catch((cause: unknown) => {
    throw datasetError(operation, `there is no folder ${given}`, { actual: given, cause });
  });
}
