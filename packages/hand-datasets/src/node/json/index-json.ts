import { closeSync, openSync, readSync } from 'node:fs';
import { CompactKeys } from '../../compact-keys.js';
import type { DatasetFolder } from '../dataset-folder.js';
import { JsonValues } from './json-values.js';
import { Spans } from './spans.js';

/** Read at once where values are asked for in the order of the file. */
const WINDOW = 1 << 18;

/**
 * Random access to the values of a large JSON file of nested objects: only their places are held, and a piece of the file.
 * Lists of numbers are `NumberList`s.
 */
export interface JsonIndex {
  /** The value under these keys, or undefined. Reading blocks the thread: a value takes less time than waiting for it. */
  get(...keys: readonly (string | number)[]): unknown;
  close(): void;
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
  const places = new CompactKeys();
  const spans = new Spans();
  for await (const entries of folder.scanBatches(file, { depth, parse: false })) {
    for (const { path, start, end } of entries) {
      const key = path.join('/');
      if (places.add(key) >= 0) spans.push(start, end);
      else spans.set(places.indexOf(key), start, end); // as JSON.parse: the last one counts
    }
  }
  const values = new JsonValues();
  const descriptor = openSync(await folder.path(file), 'r');
  let window = Buffer.alloc(0);
  let base = 0; // place in the file of its first byte
  let last = { place: -1, value: undefined as unknown }; // the cameras of a frame follow each other
  const load = (start: number, length: number): void => {
    const bytes = Buffer.allocUnsafe(length);
    window = bytes.subarray(0, readSync(descriptor, bytes, 0, length, start));
    base = start;
  };
  return {
    get(...keys) {
      const place = places.indexOf(keys.join('/'));
      if (place < 0) return undefined;
      if (last.place === place) return last.value;
      const [start, end] = spans.at(place);
      const isHeld = start >= base && end <= base + window.length;
      if (!isHeld) load(start, place === last.place + 1 ? Math.max(WINDOW, end - start) : end - start);
      last = { place, value: values.parse(window, start - base, end - base) };
      return last.value;
    },
    close: () => closeSync(descriptor),
  };
}
