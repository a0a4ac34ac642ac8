import { datasetError } from '../../dataset-error.js';
import type { DatasetFolder } from '../dataset-folder.js';
import type { JsonEntry } from '../json/scan-json.js';

/** A member of a list; lists of numbers in it are `NumberList`s. */
export type ListEntry = JsonEntry & { readonly path: readonly [string, number] };

/**
 * The members of a list that an annotation file holds under a key, some hundred at a time.
 *
 * @param members names of what is read of each; the rest is passed over
 * @throws DatasetError if the file has no such list, so that it is the file of another dataset, or the list is empty
 */
export async function* scanList(
  folder: DatasetFolder,
  file: string,
  key: string,
  members: readonly string[],
): AsyncGenerator<readonly ListEntry[], void, undefined> {
  let count = 0;
  const select = ([name]: readonly (string | number)[]): boolean => name === key;
  for await (const entries of folder.scanBatches(file, { depth: 2, select, parse: 'packed', members })) {
    count += entries.length;
    yield entries as readonly ListEntry[];
  }
  if (count > 0) return;
  throw datasetError('scanList', `expected records in the list '${key}' of ${file}, found none`, {
    expected: key,
    actual: file,
  });
}
