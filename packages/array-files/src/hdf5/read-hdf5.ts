import { recordOf, toBytes } from '../core/bytes.js';
import { formatError } from '../core/bytes.js';
import type { Bytes, ReadLimits } from '../types.js';
import { Hdf5File } from './hdf5-file.js';
import { isHdf5 } from './is-hdf5.js';
import { withHdf5 } from './library.js';
import { readContent } from './read-content.js';
import type { Hdf5Attributes, Hdf5Dataset, Hdf5Group, Hdf5Value } from './types.js';

const OPERATION = 'readHdf5';
const MAX_DEPTH = 64;
const DEFLATE_RATIO = 1032;

/**
 * What may be read unless the caller says otherwise: as much as deflate can make of the file, at most 2^30 bytes, and
 * 16 MiB of values that were never written and are all fill value.
 */
export function hdf5Limit(fileBytes: number, { maxBytes }: ReadLimits): number {
  return maxBytes ?? Math.min(2 ** 30, Math.max(2 ** 24, fileBytes * DEFLATE_RATIO));
}

/** Opens the bytes, reads with `read`, and leaves nothing of the file in the library. */
export async function readWithHdf5<T>(
  bytes: Uint8Array,
  operation: string,
  limits: ReadLimits,
  read: (file: Hdf5File) => T,
): Promise<T> {
  if (!isHdf5(bytes)) {
    throw formatError(operation, 'the file does not hold the signature of HDF5 at byte 0, 512, 1024, …');
  }
  const fileBytes = bytes.length;
  const maxBytes = hdf5Limit(fileBytes, limits);
  return withHdf5(bytes, operation, (library, id, room) => {
    return read(new Hdf5File(library, id, { operation, fileBytes, maxBytes, room }));
  });
}

/** All attributes of an object. */
export function readAttributes(file: Hdf5File, path: string): Hdf5Attributes {
  const names = file.attributeNames(path);
  return recordOf(names.map((name) => [name, readContent(file, { path, attribute: name })] as const));
}

class TreeReader {
  /** Objects by their place in the file: one that has several names is read once. */
  readonly #known = new Map<string, Hdf5Group | Hdf5Dataset>();
  readonly #open = new Set<string>();

  constructor(readonly file: Hdf5File) {}

  group(path: string): Hdf5Group {
    const { file } = this;
    if (this.#open.size > MAX_DEPTH) file.fail(`groups are nested more than ${MAX_DEPTH} deep`);
    const address = file.addressOf(path);
    if (this.#open.has(address)) file.fail(`the group '${path}' holds itself`);
    this.#open.add(address);
    const inside = path === '/' ? '' : path;
    const entries = file.names(path).map((name) => [name, this.value(`${inside}/${name}`)] as const);
    const group: Hdf5Group = { kind: 'group', attributes: readAttributes(file, path), children: recordOf(entries) };
    this.#open.delete(address);
    return group;
  }

  value(path: string): Hdf5Value {
    const { file } = this;
    const kind = file.kindOf(path);
    if (kind === undefined) return file.fail(`the object '${path}' cannot be found, the file is damaged`);
    if (kind === 'soft link') return { kind: 'link', target: file.linkTarget(path), file: undefined };
    if (kind === 'external link') return { kind: 'link', ...file.externalTarget(path) };
    if (kind === 'datatype') return { kind: 'unsupported', className: 'named datatype', attributes: {} };
    const address = file.addressOf(path);
    const known = this.#known.get(address);
    if (known !== undefined) return known;
    const value =
      kind === 'group' ? this.group(path) : { ...readContent(file, { path }), attributes: readAttributes(file, path) };
    this.#known.set(address, value);
    return value;
  }
}

/**
 * Everything in an HDF5 file: groups, datasets and attributes of numbers (contiguous, chunked, compressed with
 * gzip, shuffle or Fletcher's checksum), booleans, complex numbers, texts and references.
 *
 * The HDF5 library (h5wasm, 4 MB) is loaded by the first call. Compounds, sequences of varying length and opaque bytes
 * are `{ kind: 'unsupported' }`, links to other files `{ kind: 'link' }`: no other file is ever opened.
 *
 * @param bytes the whole file
 * @param limits `maxBytes` unless given: as much as deflate can make of the file, at most 2^30
 * @returns the root group; objects with several names are read once and shared
 * @throws FileFormatError if the file is malformed, a group holds itself, or the values take more than `maxBytes`
 * @see https://support.hdfgroup.org/documentation/hdf5/latest/_f_m_t3.html
 *
 * @example
 * const { children } = await readHdf5(bytes);
 * children['poses']; // → { kind: 'numeric', dtype: 'float32', shape: [100, 48], data: Float32Array, attributes: {} }
 */
export async function readHdf5(bytes: Bytes, limits: ReadLimits = {}): Promise<Hdf5Group> {
  return readWithHdf5(toBytes(bytes), OPERATION, limits, (file) => new TreeReader(file).group('/'));
}
