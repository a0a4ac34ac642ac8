/** Checked access to values of untrusted annotation files. The errors are caught by {@link recordOr}. */
import { isPlainArray } from '@opposable/array-files';
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

function describe(value: unknown): string {
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (value === undefined) return 'nothing';
  return typeof value === 'object' && value !== null ? 'an object' : JSON.stringify(value);
}

export type Fields = Readonly<Record<string, unknown>>;

/** @throws RecordProblem if the value is not an object */
export function objectValue(value: unknown, name: string): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
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

function flatten(value: unknown, into: number[]): void {
  if (Array.isArray(value)) for (const inner of value) flatten(inner, into);
  else into.push(typeof value === 'boolean' ? Number(value) : typeof value === 'number' ? value : NaN);
}

/**
 * `count` numbers from a list, nested or not.
 *
 * @throws RecordProblem for another number of them, or one that is not finite
 */
export function numberList(value: unknown, count: number, name: string): Float64Array {
  const numbers: number[] = [];
  if (Array.isArray(value)) flatten(value, numbers);
  if (numbers.length !== count) {
    const found = Array.isArray(value) ? `${numbers.length}` : describe(value);
    throw new RecordProblem('wrong counts', `expected ${count} numbers in ${name}, got ${found}`);
  }
  checkFinite(numbers, name);
  return Float64Array.from(numbers);
}

function checkFinite(numbers: ArrayLike<number>, name: string): void {
  for (let i = 0; i < numbers.length; i++) {
    if (!Number.isFinite(numbers[i])) {
      throw new RecordProblem('bad numbers', `expected finite numbers in ${name}, got ${numbers[i]} at index ${i}`);
    }
  }
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
  checkFinite(numbers, name);
  return numbers;
}

/** The record that `parse` gives, or why there is none. */
export function recordOr(where: string, parse: () => HandRecord): HandRecord | DroppedRecord {
  try {
    return parse();
  } catch (problem) {
    if (problem instanceof RecordProblem) return droppedBy(problem, where);
    throw problem;
  }
}

/** A {@link RecordProblem} as what is reported of it. */
export function droppedBy({ reason, message, isFault }: RecordProblem, where: string): DroppedRecord {
  return { ...dropRecord(reason, where, message), ...(!isFault && { isFault }) };
}
