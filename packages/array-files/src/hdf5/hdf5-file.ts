import type { Metadata } from 'h5wasm';
import { MEMORY_BASE, MEMORY_PER_BYTE } from '../core/allowance.js';
import { formatError, viewOf } from '../core/bytes.js';
import { elementCount } from '../core/dtypes.js';
import type { Hdf5Library, Room } from './library.js';

/** Most bytes of a dataset that are in the library's memory at one time, unless a row of chunks is larger. */
const SLAB_BYTES = 2 ** 24;

/** Room per byte of a block: the block, its chunks decompressed and being decompressed. */
const SLAB_ROOM = 4;

export type ObjectKind = 'group' | 'dataset' | 'datatype' | 'soft link' | 'external link';

/** What is read from: a dataset, or an attribute of an object. */
export interface Source {
  readonly path: string;
  readonly attribute?: string | undefined;
}

interface FileContext {
  readonly operation: string;
  readonly fileBytes: number;
  /** most bytes that everything read may take */
  readonly maxBytes: number;
  readonly room: Room;
}

/** Elements that are read at one time: all of them unless a hyperslab (count, offset, strides) is given. */
interface Block {
  readonly bytes: number;
  /** bytes of the elements before it */
  readonly before: number;
  readonly hyperslab?: readonly [bigint[], bigint[], bigint[]];
}

type BlockUser = (block: Uint8Array, before: number) => void;

/** An open file: the library's calls, each checked, every fault of them a FileFormatError. */
export class Hdf5File {
  readonly #library: Hdf5Library;
  readonly #id: bigint;
  readonly #context: FileContext;
  #budget: number;
  /** what may be read of values that are not compressed */
  #plainBudget: number;

  constructor(library: Hdf5Library, id: bigint, context: FileContext) {
    this.#library = library;
    this.#id = id;
    this.#context = context;
    this.#budget = context.maxBytes;
    this.#plainBudget = MEMORY_PER_BYTE * context.fileBytes + MEMORY_BASE;
  }

  fail(problem: string): never {
    throw formatError(this.#context.operation, problem);
  }

  /** Takes bytes from what may be read in all. */
  charge(bytes: number, what: string): void {
    if (bytes > this.#budget) {
      this.fail(
        `${what} takes ${bytes} bytes, more than the ${this.#context.maxBytes} that are allowed; raise maxBytes`,
      );
    }
    this.#budget -= bytes;
  }

  #call<T>(what: string, call: () => T): T {
    try {
      return call();
    } catch {
      return this.fail(`the HDF5 library cannot read ${what}, the file is damaged`);
    }
  }

  kindOf(path: string): ObjectKind | undefined {
    const library = this.#library;
    const kinds: readonly (readonly [number, ObjectKind])[] = [
      [library.H5G_GROUP, 'group'],
      [library.H5G_DATASET, 'dataset'],
      [library.H5G_TYPE, 'datatype'],
      [library.H5G_LINK, 'soft link'],
      [library.H5G_UDLINK, 'external link'],
    ];
    const type = this.#call(`'${path}'`, () => library.get_type(this.#id, path));
    return kinds.find(([number]) => number === type)?.[1];
  }

  /** Names of what a group holds. */
  names(path: string): string[] {
    return this.#call(`the names in '${path}'`, () => [...this.#library.get_names(this.#id, path, false)]);
  }

  attributeNames(path: string): string[] {
    const what = `the attribute names of '${path}'`;
    return this.#call(what, () => [...this.#library.get_attribute_names(this.#id, path)]);
  }

  linkTarget(path: string): string {
    return this.#call(`the link '${path}'`, () => this.#library.get_symbolic_link(this.#id, path));
  }

  externalTarget(path: string): { readonly file: string; readonly target: string } {
    const { filename, obj_path } = this.#call(`the link '${path}'`, () =>
      this.#library.get_external_link(this.#id, path),
    );
    return { file: filename, target: obj_path };
  }

  /** Where the object stands in the file: the same for every path to it. */
  addressOf(path: string): string {
    const address = this.#call(`'${path}'`, () => this.#library.create_object_reference(this.#id, path));
    if (address.every((byte) => byte === 0)) this.fail(`the object '${path}' cannot be found, the file is damaged`);
    return address.join();
  }

  /** Path of the object that a stored reference points to; undefined for a null reference. */
  pathOf(reference: Uint8Array): string | undefined {
    if (reference.every((byte) => byte === 0)) return undefined;
    const name: string | null = this.#call('a reference', () => {
      return this.#library.get_referenced_name(this.#id, reference, true);
    });
    return name ?? this.fail('a reference points to no object of the file');
  }

  metadata({ path, attribute }: Source, what: string): Metadata {
    const metadata = this.#call(what, () =>
      attribute === undefined
        ? this.#library.get_dataset_metadata(this.#id, path)
        : this.#library.get_attribute_metadata(this.#id, path, attribute),
    );
    if (!(metadata.type >= 0 && metadata.size > 0)) this.fail(`${what} has no readable type, the file is damaged`);
    if (metadata.shape !== null && elementCount(metadata.shape) === undefined) {
      this.fail(`${what} has the shape [${metadata.shape.slice(0, 8).join(', ')}]`);
    }
    return metadata;
  }

  /** Reads a block into the library's memory and hands it to `use` before it is freed. */
  #read({ path, attribute }: Source, block: Block, what: string, use: BlockUser): void {
    const library = this.#library;
    const { bytes, before, hyperslab } = block;
    const { room } = this.#context;
    room.bytes = Math.max(room.bytes, bytes * SLAB_ROOM);
    const pointer = library._malloc(Math.max(bytes, 1));
    if (pointer === 0) this.fail(`${what} needs ${bytes} bytes at once, more than the HDF5 library can have`);
    library.HEAPU8.fill(0, pointer, pointer + bytes);
    const [count, offset, strides] = hyperslab ?? [null, null, null];
    const status = this.#call(what, () =>
      attribute === undefined
        ? library.get_dataset_data(this.#id, path, count, offset, strides, BigInt(pointer))
        : library.get_attribute_data(this.#id, path, attribute, BigInt(pointer)),
    );
    if (status < 0) this.fail(`the HDF5 library cannot read the values of ${what}, the file is damaged`);
    use(library.HEAPU8.subarray(pointer, pointer + bytes), before);
    library._free(pointer);
  }

  /** Reads all elements, a slab after the other so that little is in the library's memory at one time. */
  #readSlabs(source: Source, metadata: Metadata, slabBytes: number, what: string, use: BlockUser): void {
    const shape = metadata.shape ?? [];
    const elements = elementCount(shape)!;
    if (elements === 0) return;
    if (source.attribute !== undefined || shape.length === 0) {
      this.#read(source, { bytes: elements * metadata.size, before: 0 }, what, use);
      return;
    }
    let before = 0;
    const visit = (outer: readonly number[]): void => {
      const axis = outer.length;
      const extent = shape[axis]!;
      const inner = shape.slice(axis + 1);
      const rowBytes = inner.reduce((product, length) => product * length, metadata.size);
      if (rowBytes > slabBytes && inner.length > 0) {
        for (let i = 0; i < extent; i++) visit([...outer, i]);
        return;
      }
      const chunk = metadata.chunks?.[axis] ?? 1;
      const rows = Math.max(1, Math.ceil(Math.floor(slabBytes / rowBytes) / chunk) * chunk);
      for (let first = 0; first < extent; first += rows) {
        const taken = Math.min(rows, extent - first);
        const count = [...outer.map(() => 1), taken, ...inner].map(BigInt);
        const offset = [...outer, first, ...inner.map(() => 0)].map(BigInt);
        const bytes = taken * rowBytes;
        this.#read(source, { bytes, before, hyperslab: [count, offset, shape.map(() => 1n)] }, what, use);
        before += bytes;
      }
    };
    visit([]);
  }

  /** The bytes of all elements, little-endian. */
  elements(source: Source, metadata: Metadata, what: string): Uint8Array {
    const total = elementCount(metadata.shape ?? [])! * metadata.size;
    this.charge(total, what);
    // only chunks can be compressed; others are in the file, or their values were never written
    if (metadata.chunks === null) {
      this.#plainBudget -= total;
      if (this.#plainBudget < 0) this.fail(`${what} and what stands before it take far more bytes than the file has`);
    }
    const result = new Uint8Array(total);
    this.#readSlabs(source, metadata, SLAB_BYTES, what, (block, before) => result.set(block, before));
    return result;
  }

  /**
   * Texts of varying length, as bytes. One is at most as long as the file: few at a time are in the library's memory.
   *
   * @param counted whether a length stands before each pointer; otherwise a zero ends the text
   */
  variableTexts(source: Source, metadata: Metadata, counted: boolean, what: string): Uint8Array[] {
    const texts: Uint8Array[] = [];
    const atOnce = Math.max(1, Math.min(4096, Math.floor(SLAB_BYTES / this.#context.fileBytes)));
    this.charge(elementCount(metadata.shape ?? [])! * metadata.size, what);
    const memory = (): Uint8Array => this.#library.HEAPU8;
    this.#readSlabs(source, { ...metadata, chunks: null }, atOnce * metadata.size, what, (block) => {
      const pointers = viewOf(block);
      for (let at = 0; at < block.length; at += metadata.size) {
        const pointer = pointers.getUint32(counted ? at + 4 : at, true);
        const counts = counted ? pointer + pointers.getUint32(at, true) : memory().indexOf(0, pointer);
        const end = pointer === 0 ? 0 : counts;
        if (end < 0 || end > memory().length) this.fail(`${what} holds a text without an end`);
        this.charge(end - pointer, what);
        texts.push(memory().slice(pointer, end));
        if (pointer !== 0) this.#library._free(pointer);
      }
    });
    return texts;
  }
}
