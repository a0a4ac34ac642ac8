import { formatError, maxBytesOf, recordOf, toBytes } from '../core/bytes.js';
import type { Bytes, NumpyArray, PlainArray, ReadLimits } from '../types.js';
import { readZip, totalSize } from '../zip/read-zip.js';
import { type NumbersOnly, parseNpyAs, type ReadNpyOptions } from './read-npy.js';

const OPERATION = 'readNpz';

export interface ReadNpzOptions extends ReadLimits, ReadNpyOptions {
  /** Arrays to read. Default: all. */
  readonly names?: readonly string[] | undefined;
}

/**
 * The arrays of a .npz file (a ZIP of .npy files, stored or deflated) by name.
 *
 * @param bytes the whole file
 * @returns row-major arrays in the order of the archive
 * @throws FileFormatError if archive, checksum or array is malformed, an array is not of numbers, a wanted name is
 *   missing, or the contents are larger than `maxBytes`
 */
export function parseNpz(bytes: Bytes, options?: ReadNpzOptions & NumbersOnly): Record<string, PlainArray>;
export function parseNpz(bytes: Bytes, options: ReadNpzOptions): Record<string, NumpyArray>;
export function parseNpz(bytes: Bytes, options: ReadNpzOptions = {}): Record<string, NumpyArray> {
  const maxBytes = maxBytesOf(options);
  const entries = readZip(toBytes(bytes), OPERATION).map((entry) => {
    if (!entry.name.endsWith('.npy')) {
      throw formatError(OPERATION, `the archive holds ${JSON.stringify(entry.name)}, expected only .npy files`);
    }
    return { entry, name: entry.name.slice(0, -'.npy'.length) };
  });
  const known = new Set(entries.map(({ name }) => name));
  if (known.size !== entries.length) throw formatError(OPERATION, 'the archive holds two arrays of one name');
  const missing = options.names?.find((name) => !known.has(name));
  if (missing !== undefined) {
    throw formatError(OPERATION, `the archive has no array '${missing}', it has ${[...known].join(', ')}`, {
      expected: missing,
      actual: [...known],
    });
  }
  const wanted = entries.filter(({ name }) => options.names?.includes(name) ?? true);
  totalSize(
    wanted.map(({ entry }) => entry),
    maxBytes,
    OPERATION,
  );
  return recordOf(
    wanted.map(
      ({ entry, name }) =>
        [name, parseNpyAs(entry.read(), `${OPERATION} ('${name}')`, options, entry.isPacked)] as const,
    ),
  );
}

/** {@link parseNpz} as a promise, like the other readers. */
export async function readNpz(
  bytes: Bytes,
  options?: ReadNpzOptions & NumbersOnly,
): Promise<Record<string, PlainArray>>;
export async function readNpz(bytes: Bytes, options: ReadNpzOptions): Promise<Record<string, NumpyArray>>;
export async function readNpz(bytes: Bytes, options: ReadNpzOptions = {}): Promise<Record<string, NumpyArray>> {
  return parseNpz(bytes, options);
}
