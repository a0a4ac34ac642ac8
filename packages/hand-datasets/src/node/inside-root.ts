import { realpath } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { datasetError } from '../dataset-error.js';

/**
 * A name from a dataset's files, checked to lie inside its folder: not absolute, not leaving by `..`.
 *
 * @param where file and key that hold the name, for messages
 * @throws DatasetError naming `where`
 */
export function checkInside(root: string, name: string, where: string, operation: string): void {
  const inside = relative(root, resolve(root, name));
  const leaves = inside === '' || inside.split(sep)[0] === '..' || isAbsolute(inside);
  if (leaves || isAbsolute(name) || name.includes('\0') || /^[A-Za-z]:/.test(name)) {
    throw datasetError(operation, `expected a path inside the dataset at ${where}, got ${JSON.stringify(name)}`, {
      expected: 'a relative path inside the dataset',
      actual: name,
    });
  }
}

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
