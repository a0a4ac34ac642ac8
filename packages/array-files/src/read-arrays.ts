import { formatError, toBytes } from './core/bytes.js';
import { isHdf5 } from './hdf5/is-hdf5.js';
import { readHdf5 } from './hdf5/read-hdf5.js';
import type { Hdf5Group } from './hdf5/types.js';
import { readMat } from './mat/read-mat.js';
import type { MatValue } from './mat/types.js';
import { parseNpy } from './numpy/read-npy.js';
import { parseNpz } from './numpy/read-npz.js';
import { parsePickle } from './pickle/read-pickle.js';
import { parseSafetensors } from './safetensors/read-safetensors.js';
import { parseTorchCheckpoint } from './torch/read-torch-checkpoint.js';
import type { Bytes, NumpyArray, PickleValue, PlainArray, ReadLimits } from './types.js';
import { listZip } from './zip/read-zip.js';

/** What a file holds, by its format. */
export type ArrayFile =
  | { readonly format: 'pickle' | 'torch'; readonly contents: PickleValue }
  | { readonly format: 'npy'; readonly contents: NumpyArray }
  | { readonly format: 'npz'; readonly contents: Readonly<Record<string, NumpyArray>> }
  | {
      readonly format: 'safetensors';
      readonly contents: Readonly<Record<string, PlainArray>>;
      readonly metadata: Readonly<Record<string, string>>;
    }
  | { readonly format: 'mat'; readonly contents: Readonly<Record<string, MatValue>> }
  | { readonly format: 'hdf5'; readonly contents: Hdf5Group };

interface Format {
  readonly name: ArrayFile['format'];
  /** Whether these bytes are of this format, seen by their first and last bytes alone. */
  readonly matches: (bytes: Uint8Array) => boolean;
  readonly read: (bytes: Uint8Array, limits: ReadLimits) => ArrayFile | Promise<ArrayFile>;
}

const startsWith = (bytes: Uint8Array, start: readonly number[], at = 0): boolean =>
  start.every((byte, i) => bytes[at + i] === byte);

const text = (characters: string): number[] => Array.from(characters, (character) => character.charCodeAt(0));

const isZip = (bytes: Uint8Array): boolean =>
  startsWith(bytes, text('PK\x03\x04')) || startsWith(bytes, text('PK\x05\x06'));
const zipHolds = (bytes: Uint8Array, name: RegExp): boolean => listZip(bytes).some((entry) => name.test(entry));

/** PROTO, then LONG1 with ten bytes of the magic number. */
const LEGACY_TORCH = [0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e];

/** First opcodes of pickles without PROTO: a mark, a container, a global, a number, a text or None. */
const OLD_PICKLE_STARTS = new Set(text('(])}cIJKLMFGSTUVXN'));
const STOP = 0x2e;

/** Every format, in the order in which they are tried. */
const FORMATS: readonly Format[] = [
  {
    name: 'npy',
    matches: (bytes) => startsWith(bytes, [0x93, ...text('NUMPY')]),
    read: (bytes) => ({ format: 'npy', contents: parseNpy(bytes, { dtypes: 'all' }) }),
  },
  {
    name: 'torch',
    matches: (bytes) =>
      (isZip(bytes) && zipHolds(bytes, /(^|\/)data\.pkl$/)) ||
      (bytes[0] === 0x80 && startsWith(bytes, LEGACY_TORCH, 2)),
    read: (bytes, limits) => ({ format: 'torch', contents: parseTorchCheckpoint(bytes, limits) }),
  },
  {
    name: 'npz',
    matches: isZip,
    read: (bytes, limits) => ({ format: 'npz', contents: parseNpz(bytes, { ...limits, dtypes: 'all' }) }),
  },
  {
    name: 'safetensors',
    // eight bytes of header length, of which the upper ones are zero, then a JSON object
    matches: (bytes) => bytes.length > 9 && bytes[8] === 0x7b && startsWith(bytes, [0, 0, 0], 5),
    read: (bytes) => {
      const { tensors, metadata } = parseSafetensors(bytes);
      return { format: 'safetensors', contents: tensors, metadata };
    },
  },
  {
    name: 'mat',
    matches: (bytes) => startsWith(bytes, text('IM'), 126) || startsWith(bytes, text('MI'), 126),
    read: async (bytes, limits) => ({ format: 'mat', contents: await readMat(bytes, limits) }),
  },
  {
    name: 'hdf5',
    matches: isHdf5,
    read: async (bytes, limits) => ({ format: 'hdf5', contents: await readHdf5(bytes, limits) }),
  },
  {
    name: 'pickle',
    matches: (bytes) => {
      if (bytes[0] === 0x80) return bytes[1]! >= 2 && bytes[1]! <= 5;
      return bytes.at(-1) === STOP && OLD_PICKLE_STARTS.has(bytes[0]!);
    },
    read: (bytes, limits) => ({ format: 'pickle', contents: parsePickle(bytes, limits) }),
  },
];

/** The format of a file by its bytes; undefined where it is none that this package reads. */
export function detectFormat(bytes: Bytes): ArrayFile['format'] | undefined {
  const file = toBytes(bytes);
  return FORMATS.find(({ matches }) => matches(file))?.name;
}

/**
 * Everything in a file of any format that this package reads, told apart by the bytes and never by a name. To read from
 * a path, see `@opposable/array-files/node`.
 *
 * @param bytes the whole file
 * @returns `{ format, contents }`, and for safetensors `metadata`
 * @throws FileFormatError if the format is not known or the file is malformed
 */
export async function readArrays(bytes: Bytes, limits: ReadLimits = {}): Promise<ArrayFile> {
  const file = toBytes(bytes);
  const format = FORMATS.find(({ matches }) => matches(file));
  if (format === undefined) {
    const start = Array.from(file.subarray(0, 8), (byte) => byte.toString(16).padStart(2, '0')).join(' ');
    const found =
      file.length === 0 ? 'the file is empty' : `the file starts with the bytes ${start}, which no known format does`;
    const expected = FORMATS.map(({ name }) => name);
    throw formatError('readArrays', `${found}; accepted are ${expected.join(', ')}`, { expected, actual: start });
  }
  return format.read(file, limits);
}
