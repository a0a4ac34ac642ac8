import { datasetError } from '../../dataset-error.js';
import type { DatasetFolder } from '../dataset-folder.js';
import type { JsonEntry } from '../json/scan-json.js';

/**
 * The members of a list that an annotation file holds under a key.
 *
 * @throws DatasetError if the file has no such list, so that it is the file of another dataset, or the list is empty
 */
export async function* scanList(
  folder: DatasetFolder,
  file: string,
  key: string,
): AsyncGenerator<JsonEntry & { readonly index: number }, void, undefined> {
  let count = 0;
  for await (const entry of folder.scan(file, { depth: 2, select: ([name]) => name === key })) {
    count++;
    yield { ...entry, index: entry.path[1] as number };
  }
  if (count > 0) return;
  throw datasetError('scanList', `expected records in the list '${key}' of ${file}, found none`, {
    expected: key,
    actual: file,
  });
}
