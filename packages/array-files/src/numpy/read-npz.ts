import { formatError, maxBytesOf, recordOf, toBytes } from '../core/bytes.js';
import type { Bytes, PlainArray, ReadLimits } from '../types.js';
import { readZip } from '../zip/read-zip.js';
import { parseNpyAs } from './read-npy.js';

const OPERATION = 'readNpz';

export interface ReadNpzOptions extends ReadLimits {
  /** Arrays to read. Default: all; an archive that also holds objects or texts can be read by naming its arrays. */
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
export function parseNpz(bytes: Bytes, options: ReadNpzOptions = {}): Record<string, PlainArray> {
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
  const total = wanted.reduce((sum, { entry }) => sum + entry.size, 0);
  if (total > maxBytes) {
    throw formatError(
      OPERATION,
      `the archive declares ${total} bytes of contents, the limit is ${maxBytes} (maxBytes)`,
      {
        expected: maxBytes,
        actual: total,
      },
    );
  }
  return recordOf(
    wanted.map(({ entry, name }) => [name, parseNpyAs(entry.read(), `${OPERATION} ('${name}')`)] as const),
  );
}

/** {@link parseNpz} as a promise, like the other readers. */
export async function readNpz(bytes: Bytes, options: ReadNpzOptions = {}): Promise<Record<string, PlainArray>> {
  return parseNpz(bytes, options);
}
