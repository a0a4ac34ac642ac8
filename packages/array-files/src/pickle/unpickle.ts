import { type Allowance, OBJECT_BYTES } from '../core/allowance.js';
import { BitSet } from '../core/bit-set.js';
import { formatError } from '../core/bytes.js';
import { ByteReader, utf8 } from './byte-reader.js';
import { fetchedPlaces } from './fetched-places.js';
import { HIGHEST_PROTOCOL, OPCODES } from './opcodes.js';
import { PickleStack } from './pickle-stack.js';
import {
  isGlobal,
  nameOf,
  NO_VALUES,
  PyBytes,
  PyDict,
  type PickleContext,
  type PyGlobal,
  PyObject,
  PySet,
  type PyValue,
  textOf,
} from './py-values.js';
import { parseDecimal, parseFloatLine, parseLong, parseQuoted, parseRawUnicode } from './text-operands.js';

/** What a pickle may name. */
export interface PickleEnvironment {
  /** The allowed global of this name; undefined refuses the file. */
  readonly find: (module: string, name: string) => PyGlobal | undefined;
  /** What is accepted, for messages. */
  readonly accepted: string;
  /** The object that a persistent id stands for; absent where the format has none. */
  readonly persistent?: (id: PyValue, context: PickleContext) => PyValue;
}

export interface UnpickleOptions {
  readonly operation: string;
  readonly allowance: Allowance;
  readonly environment: PickleEnvironment;
  /** First byte of the pickle. */
  readonly start?: number;
}

/** How an error says where it happened. */
const at = (position: number): string => `at byte ${position}`;

/**
 * The machine that a pickle is a program for, without the means to do harm: it builds values, and calls nothing but the
 * functions in the tables of its environment.
 */
class Unpickler {
  private readonly reader: ByteReader;
  private readonly stack: PickleStack;
  /** Places that are read again, and what they hold. */
  private readonly fetched: BitSet;
  private readonly memo = new Map<number, PyValue>();
  /** Places that have been given something. */
  private readonly filled = new BitSet();
  private memoized = 0;
  private opcodeAt = 0;
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

  get position(): number {
    return this.reader.position;
  }

  run(): PyValue {
    for (;;) {
      this.opcodeAt = this.reader.position;
      const opcode = this.reader.uint8();
      if (opcode === OPCODES.STOP) break;
      this.step(opcode);
    }
    const result = this.stack.pop();
    if (this.stack.length > 0) this.context.fail(`${this.stack.length} more values are left on the stack at the end`);
    return result;
  }

  /** A list or tuple made with its items; those after a mark have been booked with it. */
  private pushList(items: PyValue[]): void {
    this.context.object(OBJECT_BYTES.list);
    this.stack.push(items);
  }

  private pushTuple(count: number): void {
    this.context.object(OBJECT_BYTES.slot * count);
    this.pushList(this.stack.popMany(count));
  }

  private pushDict(): void {
    this.context.object(OBJECT_BYTES.dict);
    this.stack.push(new PyDict());
  }

  private pushBytes(count: number, isText: boolean): void {
    const bytes = this.reader.pyBytes(count, isText);
    this.context.object(OBJECT_BYTES.text + (isText ? count : 0));
    this.stack.push(bytes);
  }

  private text(bytes: Uint8Array): void {
    this.context.object(OBJECT_BYTES.text + bytes.length);
    this.stack.push(utf8(bytes));
  }

  private quoted(bytes: Uint8Array): void {
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

  private rawText(line: Uint8Array): void {
    this.context.object(OBJECT_BYTES.text + line.length);
    this.stack.push(parseRawUnicode(line));
  }

  private number(value: number | bigint | boolean | undefined): void {
    if (value === undefined) return this.context.fail('there is no number where one is declared');
    if (typeof value === 'bigint' || (typeof value === 'number' && !Number.isInteger(value)))
      this.context.object(OBJECT_BYTES.float);
    this.stack.push(value);
  }

  private put(index: number): void {
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

  private fetch(index: number): void {
    const value = this.memo.get(index);
    if (value === undefined) this.context.fail(`the memo has nothing at ${index}`);
    else {
      this.context.share(value);
      this.stack.push(value);
    }
  }

  private lineNumber(): number {
    const value = parseDecimal(this.reader.line());
    return typeof value === 'number' ? value : value === false ? 0 : value === true ? 1 : NaN;
  }

  private global(module: string | undefined, name: string | undefined): void {
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

  private call(callee: PyValue, args: PyValue): void {
    if (!isGlobal(callee) || callee.call === undefined || !Array.isArray(args)) {
      return this.context.fail(`${nameOf(callee)} is called with ${nameOf(args)}`);
    }
    this.context.object(OBJECT_BYTES.call);
    this.stack.push(callee.call(args, this.context));
  }

  private append(items: readonly PyValue[]): void {
    const list = this.stack.top();
    if (!Array.isArray(list)) return this.context.fail(`something is appended to ${nameOf(list)}`);
    if (list === NO_VALUES) return this.context.fail('something is appended to a tuple');
    this.context.object((list.length === 0 ? OBJECT_BYTES.firstAppend : 0) + OBJECT_BYTES.growing * items.length);
    for (const item of items) list.push(item);
  }

  private setItems(items: PyValue[]): void {
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

  private addItems(set: PyValue, items: PyValue[]): void {
    if (!(set instanceof PySet)) return this.context.fail(`items are added to ${nameOf(set)}`);
    this.context.object(OBJECT_BYTES.entry * items.length);
    set.addAll(items);
  }

  private build(): void {
    const state = this.stack.pop();
    const object = this.stack.top();
    if (object instanceof PyDict) return; // attributes beside the items of an OrderedDict
    if (!(object instanceof PyObject)) return this.context.fail(`${nameOf(object)} is given a state`);
    object.build(state, this.context);
  }

  private persistent(id: PyValue): void {
    const { persistent } = this.options.environment;
    if (persistent === undefined) return this.context.fail(`the pickle names an object outside itself, ${nameOf(id)}`);
    this.stack.push(persistent(id, this.context));
  }

  private step(opcode: number): void {
    const { reader } = this;
    switch (opcode) {
      case OPCODES.PROTO: {
        const protocol = reader.uint8();
        if (protocol > HIGHEST_PROTOCOL) {
          this.context.fail(`the pickle has protocol ${protocol}, accepted are 0 to ${HIGHEST_PROTOCOL}`, {
            expected: HIGHEST_PROTOCOL,
            actual: protocol,
          });
        }
        return;
      }
      case OPCODES.FRAME: {
        const length = reader.uint64();
        if (length > reader.bytes.length - reader.position) {
          this.context.fail(`a frame is declared ${length} bytes long, the file has less left`);
        }
        return;
      }

      case OPCODES.MARK:
        return this.stack.mark();
      case OPCODES.POP:
        return this.stack.drop();
      case OPCODES.POP_MARK:
        this.stack.popMark();
        return;
      case OPCODES.DUP:
        this.context.share(this.stack.top());
        return this.stack.push(this.stack.top());

      case OPCODES.NONE:
        return this.stack.push(null);
      case OPCODES.NEWTRUE:
        return this.stack.push(true);
      case OPCODES.NEWFALSE:
        return this.stack.push(false);
      case OPCODES.BININT:
        return this.stack.push(reader.int32());
      case OPCODES.BININT1:
        return this.stack.push(reader.uint8());
      case OPCODES.BININT2:
        return this.stack.push(reader.uint16());
      case OPCODES.LONG1:
        return this.number(parseLong(reader.take(reader.uint8())));
      case OPCODES.LONG4:
        return this.number(parseLong(reader.take(reader.uint32())));
      case OPCODES.INT:
        return this.number(parseDecimal(reader.line()));
      case OPCODES.LONG:
        return this.number(this.lineInteger());
      case OPCODES.FLOAT:
        return this.number(parseFloatLine(reader.line()));
      case OPCODES.BINFLOAT:
        return this.number(reader.float64BigEndian());

      case OPCODES.STRING: {
        const bytes = parseQuoted(reader.line());
        if (bytes === undefined) return this.context.fail('a quoted string is malformed');
        return this.quoted(bytes);
      }
      case OPCODES.BINSTRING:
        return this.pushBytes(reader.uint32(), true);
      case OPCODES.SHORT_BINSTRING:
        return this.pushBytes(reader.uint8(), true);
      case OPCODES.UNICODE:
        return this.rawText(reader.line());
      case OPCODES.BINUNICODE:
        return this.text(reader.take(reader.uint32()));
      case OPCODES.SHORT_BINUNICODE:
        return this.text(reader.take(reader.uint8()));
      case OPCODES.BINUNICODE8:
        return this.text(reader.take(reader.uint64()));
      case OPCODES.BINBYTES:
        return this.pushBytes(reader.uint32(), false);
      case OPCODES.SHORT_BINBYTES:
        return this.pushBytes(reader.uint8(), false);
      case OPCODES.BINBYTES8:
      case OPCODES.BYTEARRAY8:
        return this.pushBytes(reader.uint64(), false);

      case OPCODES.EMPTY_TUPLE:
        return this.stack.push(NO_VALUES);
      case OPCODES.EMPTY_LIST:
        return this.pushList([]);
      case OPCODES.TUPLE:
      case OPCODES.LIST:
        return this.pushList(this.stack.popMark());
      case OPCODES.TUPLE1:
        return this.pushTuple(1);
      case OPCODES.TUPLE2:
        return this.pushTuple(2);
      case OPCODES.TUPLE3:
        return this.pushTuple(3);
      case OPCODES.APPEND:
        return this.append(this.stack.popMany(1));
      case OPCODES.APPENDS:
        return this.append(this.stack.popMark());

      case OPCODES.EMPTY_DICT:
        return this.pushDict();
      case OPCODES.DICT: {
        const items = this.stack.popMark();
        this.pushDict();
        return this.setItems(items);
      }
      case OPCODES.SETITEM:
        return this.setItems(this.stack.popMany(2));
      case OPCODES.SETITEMS:
        return this.setItems(this.stack.popMark());

      case OPCODES.EMPTY_SET:
        this.context.object(OBJECT_BYTES.set);
        return this.stack.push(new PySet());
      case OPCODES.ADDITEMS: {
        const items = this.stack.popMark();
        return this.addItems(this.stack.top(), items);
      }
      case OPCODES.FROZENSET: {
        const items = this.stack.popMark();
        this.context.object(OBJECT_BYTES.set);
        const set = new PySet();
        this.addItems(set, items);
        return this.stack.push(set);
      }

      case OPCODES.GET:
        return this.fetch(this.lineNumber());
      case OPCODES.BINGET:
        return this.fetch(reader.uint8());
      case OPCODES.LONG_BINGET:
        return this.fetch(reader.uint32());
      case OPCODES.PUT:
        return this.put(this.lineNumber());
      case OPCODES.BINPUT:
        return this.put(reader.uint8());
      case OPCODES.LONG_BINPUT:
        return this.put(reader.uint32());
      case OPCODES.MEMOIZE:
        return this.put(this.memoized);

      case OPCODES.GLOBAL:
        return this.global(utf8(reader.line()), utf8(reader.line()));
      case OPCODES.STACK_GLOBAL: {
        const name = textOf(this.stack.pop());
        return this.global(textOf(this.stack.pop()), name);
      }
      case OPCODES.REDUCE:
      case OPCODES.NEWOBJ: {
        const args = this.stack.pop();
        return this.call(this.stack.pop(), args);
      }
      case OPCODES.NEWOBJ_EX: {
        const named = this.stack.pop();
        const args = this.stack.pop();
        if (!(named instanceof PyDict) || named.size > 0) this.context.fail('a class is called with named arguments');
        return this.call(this.stack.pop(), args);
      }
      case OPCODES.OBJ: {
        const [callee, ...args] = this.stack.popMark();
        return this.call(callee ?? null, args);
      }
      case OPCODES.INST: {
        this.global(utf8(reader.line()), utf8(reader.line()));
        const callee = this.stack.pop();
        return this.call(callee, this.stack.popMark());
      }
      case OPCODES.BUILD:
        return this.build();
      case OPCODES.PERSID:
        return this.persistent(utf8(reader.line()));
      case OPCODES.BINPERSID:
        return this.persistent(this.stack.pop());

      case OPCODES.EXT1:
      case OPCODES.EXT2:
      case OPCODES.EXT4:
        return this.context.fail("the pickle uses Python's extension registry, which is refused");
      case OPCODES.NEXT_BUFFER:
      case OPCODES.READONLY_BUFFER:
        return this.context.fail('the pickle keeps its data in buffers outside the file');
      default:
        return this.context.fail(`0x${opcode.toString(16).padStart(2, '0')} is no opcode of a pickle`);
    }
  }

  private lineInteger(): number | bigint {
    const value = parseDecimal(this.reader.line());
    return typeof value === 'boolean' ? Number(value) : (value ?? this.context.fail('a number is malformed'));
  }
}

/** Runs one pickle. Returns its value, not yet plain, where it ends, and the context for turning it into plain values. */
export function unpickle(
  bytes: Uint8Array,
  options: UnpickleOptions,
): { value: PyValue; end: number; context: PickleContext } {
  const machine = new Unpickler(bytes, options);
  const value = machine.run();
  const { context } = machine;
  return { value, end: machine.position, context };
}
