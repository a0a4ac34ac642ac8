import { formatError, viewOf } from '../core/bytes.js';
import { DTYPE_LAYOUTS } from '../core/dtypes.js';
import { decodeElements } from '../core/elements.js';
import type { DType, TypedArray } from '../types.js';
import { STORAGE_TYPES } from './mat-format.js';

export interface MatElement {
  readonly type: number;
  readonly bytes: Uint8Array;
}

/** Reads the tagged elements of a MAT file one after another; every length is checked against what is there. */
export class ElementReader {
  readonly #view: DataView;
  #at = 0;

  constructor(
    readonly bytes: Uint8Array,
    readonly littleEndian: boolean,
    readonly operation: string,
  ) {
    this.#view = viewOf(bytes);
  }

  get done(): boolean {
    return this.#at >= this.bytes.length;
  }

  get remaining(): number {
    return this.bytes.length - this.#at;
  }

  /** A reader over the bytes of an element. */
  inside(element: MatElement): ElementReader {
    return new ElementReader(element.bytes, this.littleEndian, this.operation);
  }

  fail(problem: string): never {
    throw formatError(this.operation, problem);
  }

  /** The next element; `padded` unless it is a compressed one. */
  next(what: string, padded = true): MatElement {
    if (this.remaining < 8) this.fail(`the file ends where ${what} should begin`);
    const tag = this.#view.getUint32(this.#at, this.littleEndian);
    if (tag >>> 16 !== 0) {
      const length = tag >>> 16;
      if (length > 4) this.fail(`${what} is a small element of ${length} bytes`);
      const start = this.#at + 4;
      this.#at += 8;
      return { type: tag & 0xffff, bytes: this.bytes.subarray(start, start + length) };
    }
    const length = this.#view.getUint32(this.#at + 4, this.littleEndian);
    const start = this.#at + 8;
    if (length > this.bytes.length - start) {
      this.fail(`${what} is declared ${length} bytes long, ${this.bytes.length - start} are left`);
    }
    this.#at = padded ? Math.min(this.bytes.length, start + Math.ceil(length / 8) * 8) : start + length;
    return { type: tag, bytes: this.bytes.subarray(start, start + length) };
  }

  /** Numbers of an element as they are stored. */
  numbers(element: MatElement, what: string): { data: TypedArray; dtype: DType } {
    const storage = STORAGE_TYPES.get(element.type);
    if (storage === undefined) this.fail(`${what} has the data type ${element.type}, which is no number`);
    const { dtype, bytes } = storage;
    if (element.bytes.length % bytes !== 0) this.fail(`${what} takes ${element.bytes.length} bytes of ${bytes} each`);
    return { data: decodeElements(element.bytes, dtype, this.littleEndian), dtype };
  }

  /** The next element's numbers as int32. */
  integers(what: string): Int32Array {
    const { data, dtype } = this.numbers(this.next(what), what);
    if (dtype !== 'int32' && dtype !== 'uint32') this.fail(`${what} are of type ${dtype}, expected int32`);
    return Int32Array.from(data as Int32Array);
  }

  /** The next element's bytes as Latin-1 text up to its first zero. */
  text(what: string): string {
    const { bytes } = this.next(what);
    const end = bytes.indexOf(0);
    return String.fromCharCode(...bytes.subarray(0, Math.min(256, end < 0 ? bytes.length : end)));
  }
}

/** Numbers as the class of their array has them: doubles are often packed into small integers. */
export function convertNumbers(data: TypedArray, from: DType, to: DType): TypedArray {
  if (from === to) return data;
  const wide = to === 'int64' || to === 'uint64';
  const target = new DTYPE_LAYOUTS[to].array(new ArrayBuffer(data.length * DTYPE_LAYOUTS[to].bytes));
  for (let i = 0; i < data.length; i++) {
    const value = data[i]!;
    if (wide) target[i] = typeof value === 'bigint' ? value : Number.isFinite(value) ? BigInt(Math.trunc(value)) : 0n;
    else target[i] = Number(value);
  }
  return target;
}
