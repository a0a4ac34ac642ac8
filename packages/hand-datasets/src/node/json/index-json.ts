import { type FileHandle, open } from 'node:fs/promises';
import type { DatasetFolder } from '../dataset-folder.js';
import { JsonValues } from './json-values.js';

/**
 * Random access to the values of a large JSON file of nested objects: only their places are held. Lists of numbers are
 * `NumberList`s.
 */
export interface JsonIndex {
  /** The value under these keys, or undefined. */
  get(...keys: readonly (string | number)[]): Promise<unknown>;
  close(): Promise<void>;
}

/**
 * Notes where the values of a JSON file lie.
 *
 * @param folder the dataset
 * @param file its file
 * @param depth how many keys lead to a value
 * @throws DatasetError if the file cannot be read or is not JSON
 */
export async function indexJson(folder: DatasetFolder, file: string, depth: number): Promise<JsonIndex> {
  const places = new Map<string, number>();
  const spans: number[] = [];
  const keyOf = (keys: readonly (string | number)[]): string => keys.join('/');
  for await (const entries of folder.scanBatches(file, { depth, parse: false })) {
    for (const { path, start, end } of entries) {
      places.set(keyOf(path), spans.length / 2);
      spans.push(start, end);
    }
  }
  const values = new JsonValues();
  const handle: FileHandle = await open(await folder.path(file));
  let last: { place: number; value: unknown } | undefined; // the cameras of a frame follow each other
  return {
    async get(...keys) {
      const place = places.get(keyOf(keys));
      if (place === undefined) return undefined;
      if (last?.place === place) return last.value;
      const [start, end] = [spans[2 * place]!, spans[2 * place + 1]!];
      const bytes = Buffer.allocUnsafe(end - start);
      await handle.read(bytes, 0, bytes.length, start);
      const value = values.parse(bytes, 0, bytes.length);
      last = { place, value };
      return value;
    },
    close: () => handle.close(),
  };
}
