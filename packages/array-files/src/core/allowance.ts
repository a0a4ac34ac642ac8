import { formatError } from './bytes.js';

/** Memory that the contents of one file may take, so that a small file cannot ask for a lot of it. */
export interface Allowance {
  /** Books bytes of data that are about to be allocated, or work of that order. */
  take(bytes: number): void;
  /** Books the memory of an object that stands beside the data: a list, a dict, a text. */
  object(bytes: number): void;
}

/** Reading a file takes at most this many times its bytes … */
export const MEMORY_PER_BYTE = 16;
/** … and this many more. */
export const MEMORY_BASE = 1 << 25;
/** Data has no floor as large: no honest file unfolds. */
const DATA_BASE = 1 << 20;

/**
 * What each kind of value takes in V8, in bytes, while it is read or once it is plain, whichever is more. Dicts of the same
 * few keys share what V8 knows of their keys; those that do not take the unusual bytes on top, once they are plain. A list or dict
 * that is made with its items takes `slot` or `entry` for each; what grows item by item is moved to a place 1.5 times as
 * large, and for that moment takes `growing` for each.
 */
export const OBJECT_BYTES = {
  list: 48,
  slot: 8,
  firstAppend: 152,
  growing: 20,
  dict: 56,
  entry: 64,
  unusualDict: 80,
  unusualEntry: 48,
  set: 160,
  text: 104,
  bytes: 224,
  call: 128,
  array: 384,
  matrix: 640,
  float: 16,
  memo: 48,
  shared: 160,
} as const;

/**
 * An allowance of {@link MEMORY_PER_BYTE} times the file plus {@link MEMORY_BASE}, of which data may take all but the base
 * (or `maxBytes` where that is less). Honest files need one to two times their size for their arrays; more is only asked
 * for by files that name the same bytes again and again, or hold nothing but tiny objects: a list of empty lists takes
 * thirty times its bytes, and is refused from some 800,000 of them.
 *
 * @throws FileFormatError (from `take` and `object`) once more than that is taken
 */
export function allowanceFor(fileBytes: number, maxBytes: number | undefined, operation: string): Allowance {
  const whole = MEMORY_PER_BYTE * fileBytes + MEMORY_BASE;
  const forData = Math.min(MEMORY_PER_BYTE * fileBytes + DATA_BASE, maxBytes ?? Infinity);
  let left = whole;
  let leftForData = forData;
  const refuse = (what: string, limit: number): never => {
    throw formatError(operation, `the ${what} take more than ${limit} bytes, the file has ${fileBytes}`, {
      expected: limit,
    });
  };
  return {
    take: (bytes) => {
      leftForData -= bytes;
      if (!(leftForData >= 0)) refuse('contents', forData);
      left -= bytes;
      if (!(left >= 0)) refuse('contents', whole);
    },
    object: (bytes) => {
      left -= bytes;
      if (!(left >= 0)) refuse('objects of the file', whole);
    },
  };
}
