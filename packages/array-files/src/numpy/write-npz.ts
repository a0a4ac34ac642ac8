import { ConfigError } from '@opposable/tensor-checks';
import { zipSync } from 'fflate';
import { recordOf } from '../core/bytes.js';
import type { ArrayInput, TextArray } from '../types.js';
import { writeNpyAs, writeTextNpy } from './write-npy.js';

/** What a ZIP archive without ZIP64 can address. */
const MAX_ARCHIVE_BYTES = 2 ** 32 - 1;

export interface WriteNpzOptions {
  /** Default 'stored', as `numpy.savez`; 'deflate' is `numpy.savez_compressed`. */
  readonly compression?: 'stored' | 'deflate' | undefined;
}

/**
 * A .npz file that `numpy.load` reads. The same input gives the same bytes.
 *
 * @param arrays by name, written in their order; texts become numpy's `U`
 * @throws ConfigError if an array's data, shape and dtype do not fit together or numpy has no such dtype, or
 *   if they take more than 4 GiB
 */
export function writeNpz(
  arrays: Readonly<Record<string, ArrayInput | TextArray>>,
  options: WriteNpzOptions = {},
): Uint8Array {
  const files = Object.entries(arrays).map(
    ([name, array]) =>
      [
        `${name}.npy`,
        array.dtype === 'text' ? writeTextNpy(array) : writeNpyAs(array, 'writeNpz', JSON.stringify(name)),
      ] as const,
  );
  const total = files.reduce((sum, [name, file]) => sum + 2 * name.length + file.length + 128, 0);
  if (total > MAX_ARCHIVE_BYTES) {
    throw new ConfigError(`writeNpz: expected at most ${MAX_ARCHIVE_BYTES} bytes of arrays, got ${total}.`, {
      expected: MAX_ARCHIVE_BYTES,
      actual: total,
    });
  }
  const level = options.compression === 'deflate' ? 6 : 0;
  return zipSync(recordOf(files), { level, mtime: new Date(1980, 0, 1) });
}
