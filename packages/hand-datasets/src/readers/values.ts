/** Checked access to values of untrusted annotation files. The errors are caught by {@link recordOr}. */
import { isPlainArray } from '@opposable/array-files';
import { NumberList } from '../json/number-list.js';
import { type DroppedRecord, dropRecord, type HandRecord } from '../records.js';

/** Why one record cannot be used. */
export class RecordProblem extends Error {
  readonly reason: string;
  /** False where nothing is wrong: the dataset says that there is no hand. */
  readonly isFault: boolean;

  constructor(reason: string, message: string, { isFault = true } = {}) {
    super(message);
    this.name = 'RecordProblem';
    this.reason = reason;
    this.isFault = isFault;
  }
}

/** A frame of which the dataset says that there is no annotated hand in it. */
export const noHand = (message: string): RecordProblem => new RecordProblem('no hand', message, { isFault: false });

/** Whether a value is a list, of numbers only or not. */
export const isList = (value: unknown): value is { readonly length: number } =>
  Array.isArray(value) || value instanceof NumberList;

function describe(value: unknown): string {
  if (isList(value)) return `a list of ${value.length}`;
  if (value === undefined) return 'nothing';
  if (typeof value === 'bigint') return String(value); // a long number of a pickle
  return typeof value === 'object' && value !== null ? 'an object' : JSON.stringify(value);
}

export type Fields = Readonly<Record<string, unknown>>;

/** @throws RecordProblem if the value is not an object */
export function objectValue(value: unknown, name: string): Fields {
  if (typeof value === 'object' && value !== null && !isList(value)) return value as Fields;
  throw new RecordProblem('bad record', `expected ${name} to be an object, got ${describe(value)}`);
}

/** @throws RecordProblem if the value is not a text */
export function textValue(value: unknown, name: string): string {
  if (typeof value === 'string' && value !== '') return value;
  throw new RecordProblem('bad record', `expected ${name} to be a text, got ${describe(value)}`);
}

/** @throws RecordProblem if the value is not a finite number */
export function numberValue(value: unknown, name: string): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw new RecordProblem('bad numbers', `expected ${name} to be a finite number, got ${describe(value)}`);
}

/** Lists inside lists that are looked into; no dataset has more than three. */
const MAX_NESTING = 16;

function flatten(value: unknown, into: number[], nesting = 0): void {
  if (value instanceof NumberList) for (const number of value.data) into.push(number);
  else if (Array.isArray(value) && nesting < MAX_NESTING) for (const inner of value) flatten(inner, into, nesting + 1);
  else into.push(typeof value === 'boolean' ? Number(value) : typeof value === 'number' ? value : NaN);
}

/**
 * `count` numbers from a list, nested or not.
 *
 * @throws RecordProblem for another number of them, or one that is not finite
 */
export function numberList(value: unknown, count: number, name: string): Float64Array {
  if (value instanceof NumberList && value.data.length === count) return finite(value.data, name);
  const numbers: number[] = [];
  if (isList(value)) flatten(value, numbers);
  if (numbers.length !== count) {
    const found = isList(value) ? `${numbers.length}` : describe(value);
    throw new RecordProblem('wrong counts', `expected ${count} numbers in ${name}, got ${found}`);
  }
  return finite(Float64Array.from(numbers), name);
}

function finite<Floats extends Float32Array | Float64Array>(numbers: Floats, name: string): Floats {
  for (let i = 0; i < numbers.length; i++) {
    if (!Number.isFinite(numbers[i])) {
      throw new RecordProblem('bad numbers', `expected finite numbers in ${name}, got ${numbers[i]} at index ${i}`);
    }
  }
  return numbers;
}

/**
 * `count` numbers of a numpy array of any shape, or of a list.
 *
 * @throws RecordProblem for another number of them, or one that is not finite
 */
export function arrayNumbers(value: unknown, count: number, name: string): Float64Array {
  if (!isPlainArray(value)) return numberList(value, count, name);
  if (value.data.length !== count || value.dtype.startsWith('complex')) {
    const found = `an array [${value.shape.join(', ')}] of ${value.dtype}`;
    throw new RecordProblem('wrong counts', `expected ${count} numbers in ${name}, got ${found}`);
  }
  const { data } = value; // memory of its own: the file has been decoded for this record
  const isBig = data instanceof BigInt64Array || data instanceof BigUint64Array;
  const numbers =
    data instanceof Float64Array ? data : isBig ? Float64Array.from(data, Number) : new Float64Array(data);
  return finite(numbers, name);
}

/** {@link arrayNumbers} without a copy where they are floats: not to be given away, since the file's value may be. */
export function arrayFloats(value: unknown, count: number, name: string): Float32Array | Float64Array {
  if (!isPlainArray(value) || value.data.length !== count || !(value.data instanceof Float32Array)) {
    return arrayNumbers(value, count, name);
  }
  return finite(value.data, name);
}

/** The records that `parse` gives, or why there are none: then one reason for each of `count`. */
export function recordsOr(
  where: string,
  count: number,
  parse: () => readonly HandRecord[],
): readonly (HandRecord | DroppedRecord)[] {
  try {
    return parse();
  } catch (problem) {
    if (problem instanceof RecordProblem) return new Array<DroppedRecord>(count).fill(droppedBy(problem, where));
    throw problem;
  }
}

/** The record that `parse` gives, or why there is none. */
export function recordOr(where: string, parse: () => HandRecord): HandRecord | DroppedRecord {
  return recordsOr(where, 1, () => [parse()])[0]!;
}

/** A {@link RecordProblem} as what is reported of it. */
export function droppedBy({ reason, message, isFault }: RecordProblem, where: string): DroppedRecord {
  return { ...dropRecord(reason, where, message), ...(!isFault && { isFault }) };
}
