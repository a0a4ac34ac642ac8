// Datasets with a pickle for each picture have thousands of them that differ in nothing but the elements of their arrays. To
// run each is 50 to 200 µs; to see that all other bytes are those of a pickle that has been run, and to copy the elements, 3.
import { allowanceFor } from '../core/allowance.js';
import { emptyRecord, formatError, toBytes } from '../core/bytes.js';
import { HOST_IS_LITTLE_ENDIAN } from '../core/host-byte-order.js';
import type { Bytes, PickleValue, PlainArray } from '../types.js';
import { NdArray } from './numpy-array.js';
import { PyDict, textOf } from './py-values.js';
import { PICKLE_ENVIRONMENT, type ReadPickleOptions } from './read-pickle.js';
import { toPlain } from './to-plain.js';
import { unpickle } from './unpickle.js';

const OPERATION = 'createPickleReader';
/** Templates that are compared with a file, the last one that fitted first. */
const KEPT = 8;
/** Templates that are ever made: files that all differ gain nothing by them. */
const MADE = 256;

type TypedArrayOf = new (buffer: ArrayBuffer, byteOffset: number, length: number) => PlainArray['data'];

interface ArrayPlace {
  readonly start: number;
  readonly end: number;
  readonly dtype: PlainArray['dtype'];
  readonly shape: readonly number[];
  readonly make: TypedArrayOf;
  readonly count: number;
}

/** Arrays begin at multiples of it in the memory that those of a file share. */
const ALIGNMENT = 8;

export interface CreatePickleReaderOptions extends ReadPickleOptions {
  /** Members of a dict that are wanted; others may be left out. Default all. */
  readonly names?: readonly string[] | undefined;
}

/** A pickle of a dict of texts, numbers and arrays. */
interface Template {
  readonly bytes: Uint8Array;
  /** First and last byte + 1 of what lies between the arrays' elements, in turn. */
  readonly fixed: readonly number[];
  readonly members: readonly (readonly [name: string, member: ArrayPlace | string | number | boolean | null])[];
  /** What the wanted arrays take together. */
  readonly arrayBytes: number;
}

function isEqual(a: Uint8Array, b: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (a[i] !== b[i]) return false;
  return true;
}

function fits({ bytes: known, fixed }: Template, bytes: Uint8Array): boolean {
  if (bytes.length !== known.length) return false;
  for (let i = 0; i < fixed.length; i += 2) if (!isEqual(known, bytes, fixed[i]!, fixed[i + 1]!)) return false;
  return true;
}

/** The dict of a file that fits. Its arrays share one piece of memory: to make one for each takes longer than to copy them. */
function recordOf({ members, arrayBytes }: Template, bytes: Uint8Array): Record<string, PickleValue> {
  const record = emptyRecord<PickleValue>();
  const buffer = new ArrayBuffer(arrayBytes);
  const memory = new Uint8Array(buffer);
  let at = 0;
  for (const [name, member] of members) {
    if (typeof member !== 'object' || member === null) {
      record[name] = member;
      continue;
    }
    const { start, end, dtype, shape, make: Make, count } = member;
    memory.set(bytes.subarray(start, end), at);
    record[name] = { dtype, shape, data: new Make(buffer, at, count) };
    at = alignedEnd(at, member);
  }
  return record;
}

const alignedEnd = (at: number, { start, end }: ArrayPlace): number =>
  Math.ceil((at + end - start) / ALIGNMENT) * ALIGNMENT;

/**
 * Makes a reader of many pickles that are alike: {@link parsePickle} with the same results and errors, which takes the way of
 * an earlier pickle where a file differs from it in the elements of its arrays only. That is so for dicts of arrays, texts
 * and numbers as Python 2 writes them in protocol 1 or 2, and Python 3 from protocol 3 on. The arrays of a file then share memory.
 *
 * @example
 * const read = createPickleReader();
 * read(new Uint8Array([0x80, 2, 0x4b, 7, 0x2e])); // → 7
 */
export function createPickleReader(options: CreatePickleReaderOptions = {}): (bytes: Bytes) => PickleValue {
  const { names } = options;
  const isWanted = (name: string): boolean => names?.includes(name) ?? true;
  const templates: Template[] = [];
  let made = 0;

  const run = (bytes: Uint8Array): PickleValue => {
    const allowance = allowanceFor(bytes.length, options.maxBytes, OPERATION);
    const { value, end, context } = unpickle(bytes, {
      operation: OPERATION,
      allowance,
      environment: PICKLE_ENVIRONMENT,
    });
    if (end !== bytes.length)
      throw formatError(OPERATION, `the pickle ends at byte ${end}, the file has ${bytes.length}`);
    const entries = value instanceof PyDict ? [...(value.entries ?? [])] : undefined;
    const plain = toPlain(value, context, bytes.length, options);
    if (entries === undefined || made >= MADE || !HOST_IS_LITTLE_ENDIAN) return plain;
    const members: [string, Template['members'][number][1]][] = [];
    for (let i = 0; i < entries.length; i += 2) {
      const [name, member] = [textOf(entries[i]), entries[i + 1]!];
      if (name === undefined || name === '__proto__') return plain;
      const known = (plain as Readonly<Record<string, PickleValue>>)[name]!;
      if (member instanceof NdArray) {
        const place = member.placeIn(bytes, context);
        const { dtype, shape, data } = known as PlainArray;
        if (place === undefined) return plain;
        const make = data.constructor as TypedArrayOf;
        members.push([name, { start: place, end: place + data.byteLength, dtype, shape, make, count: data.length }]);
      } else if (typeof known === 'object' ? known !== null : typeof known === 'bigint') return plain;
      else members.push([name, known as string | number | boolean | null]);
    }
    const places = members.flatMap(([, member]) => (typeof member === 'object' && member !== null ? [member] : []));
    places.sort((a, b) => a.start - b.start);
    const borders = places.flatMap(({ start, end: behind }) => [start, behind]);
    if (borders.some((border, i) => i > 0 && border < borders[i - 1]!)) return plain; // one array under two names
    made++;
    const wanted = members.filter(([name]) => isWanted(name));
    templates.unshift({
      bytes: bytes.slice(),
      fixed: [0, ...borders, bytes.length],
      members: wanted,
      arrayBytes: wanted.reduce(
        (at, [, member]) => (typeof member === 'object' && member !== null ? alignedEnd(at, member) : at),
        0,
      ),
    });
    templates.length = Math.min(KEPT, templates.length);
    return plain;
  };

  return (file) => {
    const bytes = toBytes(file);
    const index = templates.findIndex((template) => fits(template, bytes));
    if (index < 0) return run(bytes);
    const template = templates[index]!;
    if (index > 0) templates.unshift(...templates.splice(index, 1));
    return recordOf(template, bytes);
  };
}
