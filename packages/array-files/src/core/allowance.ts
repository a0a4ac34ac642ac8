import { formatError } from './bytes.js';

/** Memory that the contents of one file may take, so that a small file cannot ask for a lot of it. */
export interface Allowance {
  /** Books bytes that are about to be allocated, or work of that order. */
  take(bytes: number): void;
}

const MULTIPLE = 16;
const BASE = 1 << 20;

/**
 * An allowance of sixteen times the file plus a mebibyte, or `maxBytes` where that is less. Honest files need one to two
 * times their size; more is only asked for by files that name the same bytes again and again.
 *
 * @throws FileFormatError (from `take`) once more than that is taken
 */
export function allowanceFor(fileBytes: number, maxBytes: number | undefined, operation: string): Allowance {
  const limit = Math.min(MULTIPLE * fileBytes + BASE, maxBytes ?? Infinity);
  let left = limit;
  return {
    take(bytes) {
      left -= bytes;
      if (!(left >= 0)) {
        throw formatError(operation, `the contents take more than ${limit} bytes, the file has ${fileBytes}`, {
          expected: limit,
        });
      }
    },
  };
}
