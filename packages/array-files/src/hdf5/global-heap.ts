import { viewOf } from '../core/bytes.js';
import { signaturePosition } from './is-hdf5.js';

const HEAP_SIGNATURE = 'GCOL';
const HEAP_HEADER = 8;
const OBJECT_HEADER = 8;

/** Bytes that a length takes in this file, as its superblock says. */
export function lengthBytesOf(bytes: Uint8Array): number {
  const start = signaturePosition(bytes);
  const at = bytes[start + 8]! < 2 ? start + 14 : start + 10;
  return bytes[at] === 4 ? 4 : 8;
}

/**
 * Whether the library would go round for ever in a piece of a file that starts with a global heap (where texts of
 * varying length are kept): HDF5 2.0 steps from one object to the next by the size that stands there, and a free one
 * of size 0 is no step.
 */
export function isEndlessHeap(piece: Uint8Array, lengthBytes: number): boolean {
  for (let i = 0; i < HEAP_SIGNATURE.length; i++) if (piece[i] !== HEAP_SIGNATURE.charCodeAt(i)) return false;
  const view = viewOf(piece);
  const header = OBJECT_HEADER + lengthBytes;
  let at = HEAP_HEADER + lengthBytes;
  while (at + header <= piece.length) {
    const isFree = view.getUint16(at, true) === 0;
    const size = view.getUint32(at + OBJECT_HEADER, true); // the library, of 32 bits, looks no further
    if (isFree && size === 0) return true;
    at += isFree ? size : header + Math.ceil(size / 8) * 8;
  }
  return false;
}
