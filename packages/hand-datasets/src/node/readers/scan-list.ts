import { datasetError } from '../../dataset-error.js';
import type { DatasetFolder } from '../dataset-folder.js';
import type { JsonEntry } from '../json/scan-json.js';

/** A member of a list; lists of numbers in it are `NumberList`s. */
export type ListEntry = JsonEntry & { readonly path: readonly [string, number] };

interface ScanListOptions {
  /** Names of what is read of each member; the rest is passed over. */
  readonly members: readonly string[];
  /** Numbers and texts that stand beside the list, by name, each given when it is met. */
  readonly beside?: Readonly<Record<string, (value: unknown) => void>> | undefined;
}

/**
 * The members of a list that an annotation file holds under a key, some hundred at a time.
 *
 * @throws DatasetError if the file has no such list, so that it is the file of another dataset, or the list is empty
 */
export async function* scanList(
  folder: DatasetFolder,
  file: string,
  key: string,
  { members, beside = {} }: ScanListOptions,
): AsyncGenerator<readonly ListEntry[], void, undefined> {
  let count = 0;
  const noted = Object.keys(beside);
  const select = ([name]: readonly (string | number)[]): boolean => name === key || noted.includes(name as string);
  const options = { depth: 2, select, leaves: noted.length > 0, parse: 'packed', members } as const;
  for await (const entries of folder.scanBatches(file, options)) {
    for (const { path, value } of entries) if (path.length === 1) beside[path[0] as string]?.(value);
    const listed = noted.length > 0 ? entries.filter(({ path }) => path.length === 2 && path[0] === key) : entries;
    count += listed.length;
    if (listed.length > 0) yield listed as readonly ListEntry[];
  }
  if (count > 0) return;
  throw datasetError('scanList', `expected records in the list '${key}' of ${file}, found none`, {
    expected: key,
    actual: file,
  });
}
