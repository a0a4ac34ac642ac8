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

const MAX_PROBLEM_LENGTH = 500;

/** Text that may quote a hostile file, fit for one line of a terminal. */
function printable(text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  const escaped = text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
  return escaped.length > MAX_PROBLEM_LENGTH ? `${escaped.slice(0, MAX_PROBLEM_LENGTH)}…` : escaped;
}

/** The error for bytes that are not what their format demands: one sentence that starts with the operation. */
export function formatError(
  operation: string,
  problem: string,
  details: { expected?: unknown; actual?: unknown } = {},
): FileFormatError {
  return new FileFormatError(`${printable(`${operation}: ${problem}`)}.`, details);
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** An object from entries that come from a file: a key such as `__proto__` is an ordinary key in it. */
export function recordOf<T>(entries: Iterable<readonly [string, T]>): Record<string, T> {
  return Object.fromEntries(entries);
}

/**
 * An object without a prototype. One that `Object.create(null)` makes is a hash table to V8, of 184 bytes where it is
 * empty and 472 with eight entries; this one has a shape like any other, 56 and 120 bytes.
 */
export function emptyRecord<T>(): Record<string, T> {
  return Object.setPrototypeOf({}, null) as Record<string, T>;
}

/** Like {@link recordOf}, without a prototype: no key of the file is ever confused with a method. */
export function nullRecordOf<T>(entries: Iterable<readonly [string, T]>): Record<string, T> {
  const record = emptyRecord<T>();
  for (const [key, value] of entries) record[key] = value;
  return record;
}
