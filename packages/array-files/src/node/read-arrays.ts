import { readFile } from 'node:fs/promises';
import { ConfigError } from '@opposable/tensor-checks';
import { type ArrayFile, readArrays as readArraysOfBytes } from '../read-arrays.js';
import type { Bytes, ReadLimits } from '../types.js';

/**
 * {@link readArraysOfBytes} for a file on disk.
 *
 * @param source a path, or the bytes themselves
 * @throws ConfigError if there is no such file; FileFormatError as `readArrays` of the package's root
 */
export async function readArrays(source: string | URL | Bytes, limits: ReadLimits = {}): Promise<ArrayFile> {
  if (typeof source !== 'string' && !(source instanceof URL)) return readArraysOfBytes(source, limits);
  let bytes: Uint8Array;
  try {
    bytes = await readFile(source);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const problem =
      code === 'ENOENT' ? 'there is none' : code === 'EISDIR' ? 'it is a folder' : (cause as Error).message;
    throw new ConfigError(`readArrays: expected a file at ${String(source)}, ${problem}.`, {
      actual: String(source),
      cause,
    });
  }
  return readArraysOfBytes(bytes, limits);
}
