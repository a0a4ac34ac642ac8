import { FileFormatError } from '@opposable/tensor-checks';
import type { Bytes, ReadLimits } from '../types.js';

/** Most bytes that a file's contents may take once decompressed, unless the caller says otherwise. */
export const DEFAULT_MAX_BYTES = 2 ** 30;

export function toBytes(input: Bytes): Uint8Array {
  return input instanceof Uint8Array ? input : new Uint8Array(input);
}

export function maxBytesOf(limits: ReadLimits): number {
  return limits.maxBytes ?? DEFAULT_MAX_BYTES;
}

/** The error for bytes that are not what their format demands: one sentence that starts with the operation. */
export function formatError(
  operation: string,
  problem: string,
  details: { expected?: unknown; actual?: unknown } = {},
) {
  return new FileFormatError(`${operation}: ${problem}.`, details);
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** An object from entries that come from a file: a key such as `__proto__` is an ordinary key in it. */
export function recordOf<T>(entries: Iterable<readonly [string, T]>): Record<string, T> {
  return Object.fromEntries(entries);
}
