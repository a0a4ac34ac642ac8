import { OBJECT_BYTES } from '../core/allowance.js';
import { BitSet } from '../core/bit-set.js';
import { formatError } from '../core/bytes.js';
import { ByteReader, utf8 } from './byte-reader.js';
import { fetchedPlaces } from './fetched-places.js';
import { PickleStack } from './pickle-stack.js';
import {
  isGlobal,
  nameOf,
  NO_VALUES,
  PyBytes,
  PyDict,
  type PickleContext,
  PyObject,
  PySet,
  type PyValue,
} from './py-values.js';
import { parseDecimal, parseRawUnicode } from './text-operands.js';
import type { UnpickleOptions } from './unpickle-options.js';

/** How an error says where it happened. */
const at = (position: number): string => `at byte ${position}`;

/**
 * The machine that a pickle is a program for, without the means to do harm: it builds values, and calls nothing but the
 * functions in the tables of its environment. What an opcode does with it is in `run-opcode.ts`.
 */
export class PickleMachine {
  readonly reader: ByteReader;
  readonly stack: PickleStack;
  /** Places that are read again, and what they hold. */
  private readonly fetched: BitSet;
  private readonly memo = new Map<number, PyValue>();
  /** Places that have been given something. */
  private readonly filled = new BitSet();
  /** Places that `MEMOIZE` has used. */
  memoized = 0;
  /** Where the opcode stands that is being run. */
  opcodeAt = 0;
  readonly context: PickleContext;

  constructor(
    bytes: Uint8Array,
    private readonly options: UnpickleOptions,
  ) {
    const { operation, allowance } = options;
    const fail = (problem: string, details?: { expected?: unknown; actual?: unknown }): never => {
      throw formatError(operation, `${problem} (${at(this.opcodeAt)})`, details);
    };
    const shared = new Set<object>();
    this.context = {
      operation,
      fail,
      take: (count) => allowance.take(count),
      object: (count) => allowance.object(count),
      share: (value) => {
        if (typeof value !== 'object' || value === null || value === NO_VALUES || shared.has(value)) return;
        allowance.object(OBJECT_BYTES.shared);
        shared.add(value);
      },
      isShared: (value) => shared.has(value),
    };
    this.stack = new PickleStack(fail, (count) => allowance.object(count));
    this.reader = new ByteReader(bytes, fail);
    this.reader.position = options.start ?? 0;
    this.fetched = fetchedPlaces(bytes, this.reader.position);
  }

  /** A list or tuple made with its items; those after a mark have been booked with it. */
  pushList(items: PyValue[]): void {
    this.context.object(OBJECT_BYTES.list);
    this.stack.push(items);
  }

  pushTuple(count: number): void {
    this.context.object(OBJECT_BYTES.slot * count);
    this.pushList(this.stack.popMany(count));
  }

  pushDict(): void {
    this.context.object(OBJECT_BYTES.dict);
    this.stack.push(new PyDict());
  }

  pushBytes(count: number, isText: boolean): void {
    const bytes = this.reader.pyBytes(count, isText);
    this.context.object(OBJECT_BYTES.text + (isText ? count : 0));
    this.stack.push(bytes);
  }

  text(bytes: Uint8Array): void {
    this.context.object(OBJECT_BYTES.text + bytes.length);
    this.stack.push(utf8(bytes));
  }

  quoted(bytes: Uint8Array): void {
    const { bytes: file } = this.reader;
    this.context.object(OBJECT_BYTES.text + bytes.length);
    // a piece of the file is kept as a place in it, not as an array of its own
    if (bytes.buffer === file.buffer) {
      this.stack.push(new PyBytes(file, bytes.byteOffset - file.byteOffset, bytes.length, true));
    } else {
      this.context.object(OBJECT_BYTES.bytes + bytes.length);
      this.stack.push(new PyBytes(bytes, 0, bytes.length, true));
    }
  }

  rawText(line: Uint8Array): void {
    this.context.object(OBJECT_BYTES.text + line.length);
    this.stack.push(parseRawUnicode(line));
  }

  number(value: number | bigint | boolean | undefined): void {
    if (value === undefined) return this.context.fail('there is no number where one is declared');
    if (typeof value === 'bigint' || (typeof value === 'number' && !Number.isInteger(value)))
      this.context.object(OBJECT_BYTES.float);
    this.stack.push(value);
  }

  put(index: number): void {
    // every index of an honest pickler belongs to an object that took at least a byte
    if (!(index >= 0 && index <= this.reader.position)) this.context.fail(`the memo has no place ${index}`);
    const value = this.stack.top();
    if (!this.filled.has(index)) {
      this.filled.add(index);
      this.memoized++;
      if (this.fetched.has(index)) this.context.object(OBJECT_BYTES.memo);
    }
    if (this.fetched.has(index)) this.memo.set(index, value);
  }

  fetch(index: number): void {
    const value = this.memo.get(index);
    if (value === undefined) this.context.fail(`the memo has nothing at ${index}`);
    else {
      this.context.share(value);
      this.stack.push(value);
    }
  }

  lineNumber(): number {
    const value = parseDecimal(this.reader.line());
    return typeof value === 'number' ? value : value === false ? 0 : value === true ? 1 : NaN;
  }

  global(module: string | undefined, name: string | undefined): void {
    if (module === undefined || name === undefined) return this.context.fail('a global is not named by two texts');
    const { find, accepted } = this.options.environment;
    const found = find(module, name);
    if (found === undefined) {
      return this.context.fail(`the pickle asks for ${module}.${name}, which is refused; accepted are ${accepted}`, {
        expected: accepted,
        actual: `${module}.${name}`,
      });
    }
    this.context.object(OBJECT_BYTES.call);
    this.stack.push(found);
  }

  call(callee: PyValue, args: PyValue): void {
    if (!isGlobal(callee) || callee.call === undefined || !Array.isArray(args)) {
      return this.context.fail(`${nameOf(callee)} is called with ${nameOf(args)}`);
    }
    this.context.object(OBJECT_BYTES.call);
    this.stack.push(callee.call(args, this.context));
  }

  append(items: readonly PyValue[]): void {
    const list = this.stack.top();
    if (!Array.isArray(list)) return this.context.fail(`something is appended to ${nameOf(list)}`);
    if (list === NO_VALUES) return this.context.fail('something is appended to a tuple');
    this.context.object((list.length === 0 ? OBJECT_BYTES.firstAppend : 0) + OBJECT_BYTES.growing * items.length);
    for (const item of items) list.push(item);
  }

  setItems(items: PyValue[]): void {
    const dict = this.stack.top();
    if (!(dict instanceof PyDict)) return this.context.fail(`items are set in ${nameOf(dict)}`);
    // the first items become the dict's own list
    const isFirst = dict.size === 0;
    this.context.object(
      (isFirst ? OBJECT_BYTES.list : 0) + (isFirst ? OBJECT_BYTES.slot : OBJECT_BYTES.growing) * items.length,
    );
    if (items.length % 2 !== 0) this.context.fail('a key has no value');
    dict.setAll(items);
  }

  addItems(set: PyValue, items: PyValue[]): void {
    if (!(set instanceof PySet)) return this.context.fail(`items are added to ${nameOf(set)}`);
    this.context.object(OBJECT_BYTES.entry * items.length);
    set.addAll(items);
  }

  build(): void {
    const state = this.stack.pop();
    const object = this.stack.top();
    if (object instanceof PyDict) return; // attributes beside the items of an OrderedDict
    if (!(object instanceof PyObject)) return this.context.fail(`${nameOf(object)} is given a state`);
    object.build(state, this.context);
  }

  persistent(id: PyValue): void {
    const { persistent } = this.options.environment;
    if (persistent === undefined) return this.context.fail(`the pickle names an object outside itself, ${nameOf(id)}`);
    this.stack.push(persistent(id, this.context));
  }

  lineInteger(): number | bigint {
    const value = parseDecimal(this.reader.line());
    return typeof value === 'boolean' ? Number(value) : (value ?? this.context.fail('a number is malformed'));
  }
}
