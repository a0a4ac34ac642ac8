import type { Allowance } from '../core/allowance.js';
import type { PickleValue } from '../types.js';

/** `bytes`, or a Python 2 `str`, which is bytes that are text to most people: a piece of the file. */
export class PyBytes {
  private known: string | undefined;

  constructor(
    private readonly source: Uint8Array,
    private readonly start: number,
    readonly length: number,
    /** Whether it is a Python 2 `str`. */
    readonly isText: boolean,
  ) {}

  get bytes(): Uint8Array {
    return this.source.subarray(this.start, this.start + this.length);
  }

  /** The first byte's place in a file that they are a piece of. */
  placeIn(file: Uint8Array): number | undefined {
    return this.source === file ? this.start : undefined;
  }

  /** One character per byte. */
  get text(): string {
    return (this.known ??= latin1(this.source, this.start, this.start + this.length));
  }
}

/** The empty tuple: one for all. */
export const NO_VALUES: PyValue[] = [];
Object.freeze(NO_VALUES);

/** A dict while it is being read: keys and values in turn, later ones winning. */
export class PyDict {
  entries: PyValue[] | undefined;

  set(key: PyValue, value: PyValue): void {
    // a list of two takes far less than one that has grown to two
    if (this.entries === undefined) this.entries = [key, value];
    else this.entries.push(key, value);
  }

  /** Keys and values in turn; the list is the dict's own from now on. */
  setAll(items: PyValue[]): void {
    if (this.entries === undefined) this.entries = items;
    else for (const item of items) this.entries.push(item);
  }

  /** The value of a text key. */
  get(name: string): PyValue | undefined {
    const { entries } = this;
    if (entries === undefined) return undefined;
    for (let i = entries.length - 2; i >= 0; i -= 2) if (textOf(entries[i]) === name) return entries[i + 1];
    return undefined;
  }

  get size(): number {
    return (this.entries?.length ?? 0) / 2;
  }
}

export class PySet {
  items: PyValue[] = NO_VALUES;

  /** The list is the set's own from now on. */
  addAll(items: PyValue[]): void {
    if (this.items === NO_VALUES) this.items = items;
    else for (const item of items) this.items.push(item);
  }
}

/** How an object turns its parts, and then itself, into plain values. */
export type Convert = (value: PyValue) => PickleValue;

/** An instance of an allowed class. */
export abstract class PyObject {
  /** What Python would hand to `__setstate__`. */
  abstract build(state: PyValue, context: PickleContext): void;
  /** What the reader gives for it. */
  abstract plain(convert: Convert, context: PickleContext): PickleValue;
}

/** An allowed class or function. Nothing is looked up by name beyond the tables of this package. */
export interface PyGlobal {
  readonly kind: 'global';
  /** module.name, as the file says it */
  readonly name: string;
  /** What calling it gives; absent where it may only be named. */
  readonly call?: (args: readonly PyValue[], context: PickleContext) => PyValue;
  /** What the reader gives where the global itself is a value. */
  readonly plain?: string;
}

/** A value that is plain already, and no simple one. */
export class PyConstant extends PyObject {
  constructor(private readonly value: PickleValue) {
    super();
  }

  override build(_state: PyValue, context: PickleContext): void {
    context.fail('a number is given a state');
  }

  override plain(): PickleValue {
    return this.value;
  }
}

export type PyValue =
  null | boolean | number | bigint | string | PyBytes | PyValue[] | PyDict | PySet | PyObject | PyGlobal;

export interface PickleContext extends Allowance {
  readonly operation: string;
  /** Throws a FileFormatError that says at which byte. */
  fail(problem: string, details?: { expected?: unknown; actual?: unknown }): never;
  /** Notes that a value may be reached in more than one way. */
  share(value: PyValue): void;
  /** Whether it has been noted so. */
  isShared(value: object): boolean;
}

export function isGlobal(value: PyValue | undefined): value is PyGlobal {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'global';
}

/** The text of a `str` of either Python, undefined for anything else. */
export function textOf(value: PyValue | undefined): string | undefined {
  if (typeof value === 'string') return value;
  return value instanceof PyBytes && value.isText ? value.text : undefined;
}

/** The bytes of `bytes`, `bytearray` or a Python 2 `str`. */
export function bytesOf(value: PyValue | undefined): Uint8Array | undefined {
  return value instanceof PyBytes ? value.bytes : undefined;
}

const CHUNK = 1 << 13;
const SHORT = 64;

/** One character a byte; names are short, and for those a loop takes a fifth of the time of a call with many arguments. */
export function latin1(bytes: Uint8Array, start = 0, end = bytes.length): string {
  let text = '';
  if (end - start <= SHORT) {
    for (let i = start; i < end; i++) text += String.fromCharCode(bytes[i]!);
    return text;
  }
  for (let from = start; from < end; from += CHUNK) {
    text += String.fromCharCode(...bytes.subarray(from, Math.min(end, from + CHUNK)));
  }
  return text;
}

/** Most axes that an array may have, as in numpy 2. */
export const MAX_DIMENSIONS = 64;

/** A tuple of sizes or strides. */
export function integersOf(value: PyValue | undefined): number[] | undefined {
  if (!Array.isArray(value) || value.length > MAX_DIMENSIONS) return undefined;
  return value.every((item) => typeof item === 'number' && Number.isSafeInteger(item))
    ? (value as number[])
    : undefined;
}

/** Anything in a few words, for messages. */
export function nameOf(value: PyValue | undefined): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'None';
  if (Array.isArray(value)) return 'a list or tuple';
  if (value instanceof PyBytes) return 'bytes';
  if (typeof value !== 'object') return typeof value === 'string' ? 'a text' : String(value);
  if (value instanceof PyDict) return 'a dict';
  if (value instanceof PySet) return 'a set';
  return value instanceof PyObject ? 'an object' : value.name;
}
