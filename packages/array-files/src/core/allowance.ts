import { formatError } from './bytes.js';

/** Memory that the contents of one file may take, so that a small file cannot ask for a lot of it. */
export interface Allowance {
  /** Books bytes of data that are about to be allocated, or work of that order. */
  take(bytes: number): void;
  /** Books the memory of an object that stands beside the data: a list, a dict, a text. */
  object(bytes: number): void;
}

const DATA_PER_BYTE = 16;
const DATA_BASE = 1 << 20;
const OBJECTS_PER_BYTE = 64;
const OBJECTS_BASE = 1 << 24;

/** What a value of each kind takes at most, while it is read and once it is plain. */
export const OBJECT_BYTES = { list: 96, dict: 256, entry: 64, set: 256, text: 64, bytes: 224, call: 256 } as const;

/**
 * An allowance for data of sixteen times the file plus a mebibyte (or `maxBytes` where that is less), and for objects of
 * 64 times the file plus 16 MiB. Honest files need one to two times their size for their arrays; more is only asked for by files
 * that name the same bytes again and again. Dicts of one entry take up to fifty times the bytes that describe them.
 *
 * @throws FileFormatError (from `take` and `object`) once more than that is taken
 */
export function allowanceFor(fileBytes: number, maxBytes: number | undefined, operation: string): Allowance {
  const counter = (limit: number, what: string) => {
    let left = limit;
    return (bytes: number): void => {
      left -= bytes;
      if (!(left >= 0)) {
        throw formatError(operation, `the ${what} take more than ${limit} bytes, the file has ${fileBytes}`, {
          expected: limit,
        });
      }
    };
  };
  return {
    take: counter(Math.min(DATA_PER_BYTE * fileBytes + DATA_BASE, maxBytes ?? Infinity), 'contents'),
    object: counter(OBJECTS_PER_BYTE * fileBytes + OBJECTS_BASE, 'objects of the file'),
  };
}
