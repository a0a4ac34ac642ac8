import type { ready } from 'h5wasm';
import { formatError } from '../core/bytes.js';
import { holdsDamagedHeap, lengthBytesOf } from './global-heap.js';

/** The HDF5 library compiled to WebAssembly, with what Emscripten adds to it. */
export type Hdf5Library = Awaited<typeof ready>;

interface FileNode {
  usedBytes: number;
  stream_ops: { read: (stream: unknown, target: Uint8Array, start: number, length: number, at: number) => number };
}

/** The parts of Emscripten's file system that a read-only file in memory needs. */
interface FileSystem {
  writeFile(path: string, data: Uint8Array): void;
  unlink(path: string): void;
  lookupPath(path: string): { node: FileNode };
  ErrnoError: new (code: number) => Error;
  readonly streams: readonly unknown[];
  close(stream: unknown): void;
}

interface Emscripten {
  ccall(name: string, returns: null, types: readonly string[], values: readonly unknown[]): void;
  HEAPU8: Uint8Array;
  _opposableTask?: () => void;
}

interface WasmMemory {
  readonly buffer: ArrayBufferLike;
}

const INPUT_OUTPUT_ERROR = 29;
const PAGE_BYTES = 2 ** 16;

async function load(): Promise<Hdf5Library> {
  return (await import('h5wasm')).ready;
}

/** Input, output and errors. */
const STANDARD_STREAMS = 3;
/** What the library may add to its memory for one file, beyond a multiple of the file and what is asked of it. */
const ROOM_BYTES = 2 ** 26;
const ROOM_PER_BYTE = 8;

let fileCount = 0;
let atRest: Memory | undefined;

interface Memory {
  readonly contents: Uint8Array;
  /** Size of the library's memory that its room is counted from. */
  readonly size: number;
}

/**
 * The library's memory, to put it back. While nobody has a file open, what it was at rest will do, which is little;
 * otherwise all of it is copied, so that files of others stay as they are.
 */
function remember(memory: Uint8Array, fs: FileSystem): Memory {
  if (fs.streams.some((stream, i) => stream && i >= STANDARD_STREAMS)) {
    return { contents: memory.slice(), size: memory.length };
  }
  if (atRest === undefined) {
    let end = memory.length;
    while (end > 0 && memory[end - 1] === 0) end--;
    atRest = { contents: memory.slice(0, end), size: memory.length };
  }
  return atRest;
}

/** How many bytes the library may add to its memory; raised before much is asked of it. */
export interface Room {
  bytes: number;
}

/**
 * Runs `task` with an upper bound on the memory of the library. The memory of WebAssembly never shrinks, and a damaged
 * file makes the library ask for gigabytes; when it gets none it says so and goes on.
 */
function withRoom(emscripten: Emscripten, base: number, room: Room, task: () => void): void {
  const { Memory } = (globalThis as unknown as { WebAssembly: { Memory: { prototype: WasmMemory } } }).WebAssembly;
  const grow = Object.getOwnPropertyDescriptor(Memory.prototype, 'grow')!;
  const bounded = function (this: WasmMemory, pages: number): number {
    const size = this.buffer.byteLength + pages * PAGE_BYTES;
    const isOurs = this.buffer === emscripten.HEAPU8.buffer;
    if (isOurs && size > base + room.bytes) throw new RangeError('no more room');
    return (grow.value as (this: WasmMemory, pages: number) => number).call(this, pages);
  };
  Object.defineProperty(Memory.prototype, 'grow', { ...grow, value: bounded });
  try {
    task();
  } finally {
    Object.defineProperty(Memory.prototype, 'grow', grow);
  }
}

/**
 * A file that the library reads straight from `bytes`, without a copy. A damaged file can send the library round in
 * circles; every circle reads, so the reads are counted and fail once they are more than any sound file asks for.
 */
function mount(fs: FileSystem, path: string, bytes: Uint8Array): void {
  fs.writeFile(path, new Uint8Array());
  const { node } = fs.lookupPath(path);
  let reads = 20_000 + bytes.length / 8;
  let volume = 2 ** 26 + bytes.length * 64;
  const lengthBytes = lengthBytesOf(bytes);
  node.usedBytes = bytes.length;
  const read: FileNode['stream_ops']['read'] = (_, target, start, length, at) => {
    const piece = bytes.subarray(at, at + length);
    reads -= 1;
    volume -= piece.length;
    const damaged = holdsDamagedHeap(bytes, at, at + piece.length, lengthBytes);
    if (reads < 0 || volume < 0 || damaged) throw new fs.ErrnoError(INPUT_OUTPUT_ERROR);
    target.set(piece, start);
    return piece.length;
  };
  node.stream_ops = { ...node.stream_ops, read };
}

/** Closes what was opened and not closed, then removes the file. */
function unmount(fs: FileSystem, path: string, before: ReadonlySet<unknown>): void {
  for (const stream of fs.streams) if (stream && !before.has(stream)) fs.close(stream);
  fs.unlink(path);
}

function open(library: Hdf5Library, path: string, operation: string): bigint {
  try {
    const fileId = library.open(path, library.H5F_ACC_RDONLY, false, -1, -1); // -1: no bounds on versions
    if (fileId >= 0n) return fileId;
  } catch {
    // said below
  }
  throw formatError(operation, 'the file is not HDF5, or it is damaged at its start');
}

/**
 * Opens the bytes as an HDF5 file, does the work, and leaves the library as it was.
 *
 * The library is loaded by the first call. It keeps its files in memory only: links to other files find nothing. It
 * leaks and may be left in pieces when a damaged file stops it halfway, therefore its memory (3 MB at rest) is put back
 * afterwards; `ccall` does the same for its stack.
 *
 * @param work is run at once with the library, the number of the open file and the room it has; what it throws is passed on
 * @throws FileFormatError if the library cannot open the file
 */
export async function withHdf5<T>(
  bytes: Uint8Array,
  operation: string,
  work: (library: Hdf5Library, fileId: bigint, room: Room) => T,
): Promise<T> {
  const library = await load();
  const emscripten = library as unknown as Emscripten;
  const fs = library.FS as unknown as FileSystem;
  const path = `/opposable-${fileCount++}.h5`;
  const memory = remember(emscripten.HEAPU8, fs);
  let outcome: { readonly value: T } | { readonly error: unknown } | undefined;
  const streams = new Set(fs.streams);
  const room = { bytes: ROOM_BYTES + bytes.length * ROOM_PER_BYTE };
  mount(fs, path, bytes);
  emscripten._opposableTask = (): void => {
    try {
      library.activate_throwing_error_handler(); // instead of messages on the error stream
      outcome = { value: work(library, open(library, path, operation), room) };
    } catch (error) {
      outcome = { error };
    }
  };
  try {
    // an argument makes ccall keep the stack
    withRoom(emscripten, memory.size, room, () => emscripten.ccall('opposableTask', null, ['string'], ['']));
  } finally {
    delete emscripten._opposableTask;
    unmount(fs, path, streams);
    emscripten.HEAPU8.set(memory.contents);
  }
  if ('error' in outcome!) throw outcome.error;
  return outcome!.value;
}
