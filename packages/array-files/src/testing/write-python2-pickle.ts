import { OPCODES } from '../pickle/opcodes.js';
import type { PyLiteral } from './py.js';

/** Bytes that grow. */
class ByteWriter {
  private bytes = new Uint8Array(1 << 12);
  private length = 0;

  private reserve(count: number): number {
    const start = this.length;
    this.length += count;
    if (this.length > this.bytes.length) {
      const grown = new Uint8Array(Math.max(this.length, 2 * this.bytes.length));
      grown.set(this.bytes);
      this.bytes = grown;
    }
    return start;
  }

  put(...values: readonly number[]): void {
    this.append(Uint8Array.from(values));
  }

  append(bytes: Uint8Array): void {
    const start = this.reserve(bytes.length); // may put other memory in the place of this.bytes
    this.bytes.set(bytes, start);
  }

  int32(value: number): void {
    this.put(value & 255, (value >> 8) & 255, (value >> 16) & 255, (value >>> 24) & 255);
  }

  done(): Uint8Array {
    return this.bytes.slice(0, this.length);
  }
}

const latin1Bytes = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));

/** The opcodes that Python 2's cPickle emits for a value at protocol 2, memo included. */
class Python2Pickler {
  readonly out = new ByteWriter();
  private readonly memo = new Map<unknown, number>();

  /** Remembers what is on the stack, numbered from 1 as cPickle does. */
  private remember(key: unknown): void {
    const index = this.memo.size + 1;
    this.memo.set(key, index);
    if (index < 256) this.out.put(OPCODES.BINPUT, index);
    else {
      this.out.put(OPCODES.LONG_BINPUT);
      this.out.int32(index);
    }
  }

  /** Fetches what has been remembered; false where nothing has. */
  private recall(key: unknown): boolean {
    const index = this.memo.get(key);
    if (index === undefined) return false;
    if (index < 256) this.out.put(OPCODES.BINGET, index);
    else {
      this.out.put(OPCODES.LONG_BINGET);
      this.out.int32(index);
    }
    return true;
  }

  private bytes(bytes: Uint8Array): void {
    if (bytes.length < 256) this.out.put(OPCODES.SHORT_BINSTRING, bytes.length);
    else {
      this.out.put(OPCODES.BINSTRING);
      this.out.int32(bytes.length);
    }
    this.out.append(bytes);
  }

  private number(value: number): void {
    if (!Number.isInteger(value)) {
      this.out.put(OPCODES.BINFLOAT);
      const view = new DataView(new ArrayBuffer(8));
      view.setFloat64(0, value, false);
      this.out.append(new Uint8Array(view.buffer));
    } else if (value >= 0 && value < 256) this.out.put(OPCODES.BININT1, value);
    else if (value >= 0 && value < 65536) this.out.put(OPCODES.BININT2, value & 255, value >> 8);
    else {
      this.out.put(OPCODES.BININT);
      this.out.int32(value);
    }
  }

  private global(module: string, name: string): void {
    const key = `global ${module} ${name}`;
    if (this.recall(key)) return;
    this.out.put(OPCODES.GLOBAL);
    this.out.append(latin1Bytes(`${module}\n${name}\n`));
    this.remember(key);
  }

  private tuple(items: readonly PyLiteral[], key: unknown): void {
    if (items.length === 0) return this.out.put(OPCODES.EMPTY_TUPLE);
    if (items.length > 3) this.out.put(OPCODES.MARK);
    for (const item of items) this.save(item);
    this.out.put([OPCODES.TUPLE1, OPCODES.TUPLE2, OPCODES.TUPLE3][items.length - 1] ?? OPCODES.TUPLE);
    this.remember(key);
  }

  save(value: PyLiteral): void {
    if (value === null) return this.out.put(OPCODES.NONE);
    if (typeof value === 'boolean') return this.out.put(value ? OPCODES.NEWTRUE : OPCODES.NEWFALSE);
    if (typeof value === 'number') return this.number(value);
    if (typeof value === 'string') {
      if (this.recall(`text ${value}`)) return;
      this.bytes(latin1Bytes(value));
      return this.remember(`text ${value}`);
    }
    if (this.recall(value)) return;
    switch (value.kind) {
      case 'bytes':
        this.bytes(value.bytes);
        return this.remember(value);
      case 'tuple':
        return this.tuple(value.items, value);
      case 'list':
        this.out.put(OPCODES.EMPTY_LIST);
        this.remember(value);
        if (value.items.length === 0) return;
        this.out.put(OPCODES.MARK);
        for (const item of value.items) this.save(item);
        return this.out.put(OPCODES.APPENDS);
      case 'dict':
        this.out.put(OPCODES.EMPTY_DICT);
        this.remember(value);
        if (value.entries.length === 0) return;
        this.out.put(OPCODES.MARK);
        for (const entry of value.entries) for (const item of entry) this.save(item);
        return this.out.put(OPCODES.SETITEMS);
      case 'global':
        return this.global(value.module, value.name);
      case 'instance':
        this.global(value.module, value.name);
        this.tuple(value.args, {});
        this.out.put(value.by === 'new' ? OPCODES.NEWOBJ : OPCODES.REDUCE);
        this.remember(value);
        if (value.state === undefined) return;
        this.save(value.state);
        return this.out.put(OPCODES.BUILD);
    }
  }
}

/** A pickle of protocol 2 with the opcodes of Python 2's cPickle: strings as `str`, objects by NEWOBJ, REDUCE and BUILD. */
export function writePython2Pickle(value: PyLiteral): Uint8Array {
  const pickler = new Python2Pickler();
  pickler.out.put(OPCODES.PROTO, 2);
  pickler.save(value);
  pickler.out.put(OPCODES.STOP);
  return pickler.out.done();
}
