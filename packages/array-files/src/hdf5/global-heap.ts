import { viewOf } from '../core/bytes.js';
import { signaturePosition } from './is-hdf5.js';

/** "GCOL", version 1. */
const SIGNATURE = [0x47, 0x43, 0x4f, 0x4c, 1];
const HEAP_HEADER = 8;
const OBJECT_HEADER = 8;
/** Pieces up to this size may hold the start of a heap anywhere; the library reads a larger one from its start. */
const SEARCHED_BYTES = 2 ** 16;

/** Bytes that a length takes in this file, as its superblock says. */
export function lengthBytesOf(bytes: Uint8Array): number {
  const start = signaturePosition(bytes);
  const at = bytes[start + 8]! < 2 ? start + 14 : start + 10;
  return bytes[at] === 4 ? 4 : 8;
}

function isDamagedHeap(bytes: Uint8Array, start: number, lengthBytes: number): boolean {
  const view = viewOf(bytes);
  const header = OBJECT_HEADER + lengthBytes;
  const lengthAt = (at: number): number => {
    return lengthBytes === 4 ? view.getUint32(at, true) : Number(view.getBigUint64(at, true));
  };
  const first = start + HEAP_HEADER + lengthBytes;
  if (first > bytes.length) return false;
  const end = Math.min(bytes.length, start + lengthAt(start + HEAP_HEADER));
  for (let at = first; at + header <= end;) {
    const size = lengthAt(at + OBJECT_HEADER);
    const isFree = view.getUint16(at, true) === 0;
    const step = isFree ? size : header + Math.ceil(size / 8) * 8;
    if (step < header || step > end - at) return true;
    at += step;
  }
  return false;
}

/**
 * Whether a global heap (where texts of varying length are kept) that starts between `start` and `end` is damaged: one
 * of its objects has no size or reaches beyond it. HDF5 2.0 steps from object to object by these sizes, modulo 2^32, and
 * goes round for ever where they lead nowhere.
 */
export function holdsDamagedHeap(bytes: Uint8Array, start: number, end: number, lengthBytes: number): boolean {
  const searched = bytes.subarray(start, end - start > SEARCHED_BYTES ? start + 1 : end);
  for (let i = searched.indexOf(SIGNATURE[0]!); i >= 0; i = searched.indexOf(SIGNATURE[0]!, i + 1)) {
    const at = start + i;
    if (SIGNATURE.every((byte, k) => bytes[at + k] === byte) && isDamagedHeap(bytes, at, lengthBytes)) return true;
  }
  return false;
}
