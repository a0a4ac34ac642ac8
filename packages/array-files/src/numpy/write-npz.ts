import { zipSync } from 'fflate';
import { recordOf } from '../core/bytes.js';
import type { ArrayInput } from '../types.js';
import { writeNpyAs } from './write-npy.js';

export interface WriteNpzOptions {
  /** Default 'stored', as `numpy.savez`; 'deflate' is `numpy.savez_compressed`. */
  readonly compression?: 'stored' | 'deflate' | undefined;
}

/**
 * A .npz file that `numpy.load` reads. The same input gives the same bytes.
 *
 * @param arrays by name, written in their order
 * @throws ConfigError if an array's data, shape and dtype do not fit together or numpy has no such dtype
 */
export function writeNpz(arrays: Readonly<Record<string, ArrayInput>>, options: WriteNpzOptions = {}): Uint8Array {
  const files = Object.entries(arrays).map(
    ([name, array]) => [`${name}.npy`, writeNpyAs(array, 'writeNpz', JSON.stringify(name))] as const,
  );
  const level = options.compression === 'deflate' ? 6 : 0;
  return zipSync(recordOf(files), { level, mtime: new Date(1980, 0, 1) });
}
