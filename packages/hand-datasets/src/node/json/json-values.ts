// Annotation files are lists of records of the same few fields, most of whose bytes are numbers in lists. The values of their
// records are read from the bytes in one pass; whatever is unusual (escapes, NaN, a mistake) goes to JSON.parse, which has the
// last word: values and errors are the same. Four digits of a number at a time, from a
// 32-bit word, take as long as one by one (10.4 and 10.5 µs for a record of 126 numbers).
import { NumberList } from '../../json/number-list.js';
import { decimalValue } from './parse-decimal.js';
import { parseJsonText } from '../../json/parse-json-text.js';

const [QUOTE, COMMA, COLON, MINUS, POINT, BACKSLASH] = [0x22, 0x2c, 0x3a, 0x2d, 0x2e, 0x5c];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];
const [ZERO, NINE] = [0x30, 0x39];
const IS_IN_NUMBER = new Set(Buffer.from('0123456789+-.eE'));
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]?\d+)?$/i;
/** As many as an int32 holds whatever they are. */
const NINE_DIGITS = 9;
const MAX_DEPTH = 64;
const MAX_NAMES = 4096;
const MAX_NAME = 64;
const NO_NUMBERS = new Float64Array(0);

/** Thrown and caught here: the value is one for JSON.parse. */
const UNUSUAL = new Error('unusual JSON');

const isSpace = (byte: number): boolean => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;

/** Reads values of one kind of file: it remembers the names of their members. */
export class JsonValues {
  #bytes: Buffer = Buffer.alloc(0);
  #at = 0;
  #end = 0;
  /** Numbers of all lists of the value that is being read: typed arrays of their own take more time than their digits. */
  #numbers = new Float64Array(1024);
  #used = 0;
  readonly #lists: { readonly list: NumberList; readonly start: number; readonly end: number }[] = [];
  readonly #names = new Map<number, { readonly text: string; readonly wanted: boolean }>();

  /** @param members names of the members of a record that are wanted; the others are passed over. Default all */
  constructor(readonly members?: ReadonlySet<string>) {}

  /**
   * The value whose text is `bytes[start … end)`. A list of numbers, nested or not, is a {@link NumberList}.
   *
   * @throws SyntaxError if it is not JSON
   */
  parse(bytes: Buffer, start: number, end: number): unknown {
    this.#bytes = bytes;
    this.#at = start;
    this.#end = end;
    try {
      const value = this.#whole();
      if (this.#at === end) return value;
    } catch (cause) {
      if (cause !== UNUSUAL) throw cause;
    }
    return parseJsonText(bytes.toString('utf8', start, end));
  }

  /**
   * The value that begins at `start`, and the comma or closing bracket behind it.
   *
   * @returns undefined if the bytes end before it, or it is unusual: then {@link parse} has to be told where it ends
   */
  parseAhead(bytes: Buffer, start: number): { readonly value: unknown; readonly end: number } | undefined {
    this.#bytes = bytes;
    this.#at = start;
    this.#end = bytes.length;
    try {
      const value = this.#whole();
      const byte = this.#at < this.#end ? bytes[this.#at] : 0;
      const isEnd = byte === COMMA || byte === CLOSE_LIST || byte === CLOSE_OBJECT;
      return isEnd ? { value, end: this.#at } : undefined;
    } catch (cause) {
      if (cause !== UNUSUAL) throw cause;
      return undefined;
    }
  }

  #whole(): unknown {
    this.#used = 0;
    this.#lists.length = 0;
    const value = this.#value(0);
    this.#space();
    if (this.#used === 0) return value;
    const numbers = new Float64Array(this.#numbers.subarray(0, this.#used)); // sooner done than `slice`
    for (const { list, start, end } of this.#lists) list.data = numbers.subarray(start, end);
    return value;
  }

  #space(): void {
    while (this.#at < this.#end && isSpace(this.#bytes[this.#at]!)) this.#at++;
  }

  #value(depth: number): unknown {
    this.#space();
    const byte = this.#at < this.#end ? this.#bytes[this.#at]! : 0;
    if (byte === QUOTE) return this.#text();
    if (byte === OPEN_LIST) return this.#numberList() ?? this.#list(depth);
    if (byte === OPEN_OBJECT) return this.#object(depth);
    if (byte === MINUS || (byte >= ZERO && byte <= NINE)) return this.#number();
    if (this.#word('true')) return true;
    if (this.#word('false')) return false;
    if (this.#word('null')) return null;
    throw UNUSUAL;
  }

  #word(word: string): boolean {
    for (let i = 0; i < word.length; i++) if (this.#bytes[this.#at + i] !== word.charCodeAt(i)) return false;
    this.#at += word.length;
    return true;
  }

  /** Passes over a text without escapes and of ASCII. @returns its hash; the text is from `start` to `#at` − 1 */
  #passText(): number {
    const bytes = this.#bytes;
    let hash = 7;
    let at = this.#at + 1;
    for (; at < this.#end; at++) {
      const byte = bytes[at]!;
      if (byte === QUOTE) {
        this.#at = at + 1;
        return hash;
      }
      if (byte === BACKSLASH || byte < 0x20 || byte > 0x7e) throw UNUSUAL;
      hash = (Math.imul(hash, 31) + byte) | 0;
    }
    throw UNUSUAL;
  }

  #text(): string {
    const start = this.#at + 1;
    this.#passText();
    return this.#bytes.toString('latin1', start, this.#at - 1);
  }

  /** The name of a member, which is mostly one that has been seen. */
  #name(): { readonly text: string; readonly wanted: boolean } {
    const start = this.#at + 1;
    const hash = this.#passText();
    const length = this.#at - 1 - start;
    const known = this.#names.get(hash);
    if (known?.text.length === length) {
      let i = 0;
      while (i < length && known.text.charCodeAt(i) === this.#bytes[start + i]) i++;
      if (i === length) return known;
    }
    const text = this.#bytes.toString('latin1', start, this.#at - 1);
    if (text === '__proto__') throw UNUSUAL;
    const name = { text, wanted: this.members?.has(text) ?? true };
    if (length <= MAX_NAME && this.#names.size < MAX_NAMES) this.#names.set(hash, name);
    return name;
  }

  #object(depth: number): Record<string, unknown> {
    if (depth > MAX_DEPTH) throw UNUSUAL;
    const object: Record<string, unknown> = {};
    this.#at++;
    this.#space();
    if (this.#bytes[this.#at] === CLOSE_OBJECT) {
      this.#at++;
      return object;
    }
    for (;;) {
      this.#space();
      if (this.#bytes[this.#at] !== QUOTE) throw UNUSUAL;
      const { text, wanted } = this.#name();
      this.#space();
      if (this.#bytes[this.#at] !== COLON) throw UNUSUAL;
      this.#at++;
      if (wanted || depth > 0) object[text] = this.#value(depth + 1);
      else this.#pass();
      this.#space();
      const byte = this.#at < this.#end ? this.#bytes[this.#at++] : 0;
      if (byte === CLOSE_OBJECT) return object;
      if (byte !== COMMA) throw UNUSUAL;
    }
  }

  /** Passes over a value that nobody wants: only its brackets and texts are looked at. */
  #pass(): void {
    const bytes = this.#bytes;
    let nesting = 0;
    for (; this.#at < this.#end; this.#at++) {
      const byte = bytes[this.#at]!;
      if (byte === QUOTE) {
        for (this.#at++; this.#at < this.#end && bytes[this.#at] !== QUOTE; this.#at++) {
          if (bytes[this.#at] === BACKSLASH) this.#at++;
        }
      } else if (byte === OPEN_LIST || byte === OPEN_OBJECT) nesting++;
      else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) {
        if (nesting === 0) return;
        nesting--;
      } else if (byte === COMMA && nesting === 0) return;
    }
    throw UNUSUAL;
  }

  #list(depth: number): unknown[] {
    if (depth > MAX_DEPTH) throw UNUSUAL;
    const list: unknown[] = [];
    this.#at++;
    this.#space();
    if (this.#bytes[this.#at] === CLOSE_LIST) {
      this.#at++;
      return list;
    }
    for (;;) {
      list.push(this.#value(depth + 1));
      this.#space();
      const byte = this.#at < this.#end ? this.#bytes[this.#at++] : 0;
      if (byte === CLOSE_LIST) return list;
      if (byte !== COMMA) throw UNUSUAL;
    }
  }

  /** A list of numbers, or of lists of as many numbers each; undefined, and nothing passed, where it is another list. */
  #numberList(): NumberList | undefined {
    const start = this.#at;
    const bytes = this.#bytes;
    const begin = this.#used;
    let depth = 0;
    let count = begin;
    let members = 0;
    let width = -1;
    let first = 0;
    let afterValue = false;
    for (;;) {
      if (this.#at >= this.#end) throw UNUSUAL;
      const byte = bytes[this.#at]!;
      if (byte === MINUS || (byte >= ZERO && byte <= NINE)) {
        if (afterValue) throw UNUSUAL;
        if (count === this.#numbers.length) this.#grow();
        this.#numbers[count++] = this.#number();
        if (depth === 1) {
          members++;
          width = 0;
        }
        afterValue = true;
      } else if (byte === COMMA) {
        if (!afterValue) throw UNUSUAL;
        afterValue = false;
        this.#at++;
      } else if (byte === OPEN_LIST) {
        if (afterValue) throw UNUSUAL;
        if (++depth === 2) first = count;
        if (depth > MAX_DEPTH) throw UNUSUAL;
        this.#at++;
      } else if (byte === CLOSE_LIST) {
        if (!afterValue) break; // empty, or a comma before the bracket
        this.#at++;
        if (--depth === 0) {
          const list = new NumberList(NO_NUMBERS, members, Math.max(0, width));
          this.#lists.push({ list, start: begin, end: count });
          this.#used = count;
          return list;
        }
        if (depth === 1) {
          members++;
          if (width === -1) width = count - first;
          else if (width !== count - first) width = 0;
        }
      } else if (isSpace(byte)) this.#at++;
      else break;
    }
    this.#at = start;
    return undefined;
  }

  #grow(): void {
    const grown = new Float64Array(2 * this.#numbers.length);
    grown.set(this.#numbers);
    this.#numbers = grown;
  }

  #number(): number {
    const bytes = this.#bytes;
    const start = this.#at;
    const end = this.#end;
    const isNegative = bytes[start] === MINUS;
    const whole = isNegative ? start + 1 : start;
    let high = 0; // the first nine digits that count
    let low = 0; // the k after them
    let at = whole;
    let digit: number;
    for (const most = Math.min(end, whole + NINE_DIGITS); at < most; at++) {
      digit = bytes[at]! - ZERO;
      if (digit >>> 0 > 9) break;
      high = (Math.imul(high, 10) + digit) | 0;
    }
    const wholeEnd = at;
    if (wholeEnd === whole || (bytes[whole] === ZERO && wholeEnd > whole + 1)) throw UNUSUAL;
    let lowStart = at;
    if (at < end && bytes[at] === POINT) {
      const point = at++;
      if (high === 0) while (at < end && bytes[at] === ZERO) at++;
      const missing = high === 0 ? NINE_DIGITS : NINE_DIGITS - (wholeEnd - whole);
      for (const most = Math.min(end, at + missing); at < most; at++) {
        digit = bytes[at]! - ZERO;
        if (digit >>> 0 > 9) break;
        high = (Math.imul(high, 10) + digit) | 0;
      }
      lowStart = at;
      for (const most = Math.min(end, at + NINE_DIGITS); at < most; at++) {
        digit = bytes[at]! - ZERO;
        if (digit >>> 0 > 9) break;
        low = (Math.imul(low, 10) + digit) | 0;
      }
      if (at === point + 1) throw UNUSUAL;
    }
    const k = at - lowStart;
    const decimals = at === wholeEnd ? 0 : at - wholeEnd - 1;
    let exponent = 0;
    if (at < end) {
      const byte = bytes[at]!;
      if (byte >= ZERO && byte <= NINE) return this.#longNumber(start);
      if ((byte | 0x20) === 0x65) {
        const sign = bytes[++at];
        if (sign === MINUS || sign === 0x2b) at++;
        const begin = at;
        for (; at < end; at++) {
          digit = bytes[at]! - ZERO;
          if (digit >>> 0 > 9) break;
          exponent = Math.min(9999, exponent * 10 + digit);
        }
        if (at === begin) throw UNUSUAL;
        if (sign === MINUS) exponent = -exponent;
      }
    }
    const value = decimalValue(high, low, k, exponent - decimals);
    if (Number.isNaN(value)) return this.#longNumber(start);
    this.#at = at;
    return isNegative ? -value : value;
  }

  /** A number with more digits than are read here, or whose last bit is not certain. */
  #longNumber(start: number): number {
    let at = start;
    while (at < this.#end && IS_IN_NUMBER.has(this.#bytes[at]!)) at++;
    const text = this.#bytes.toString('latin1', start, at);
    if (!NUMBER.test(text)) throw UNUSUAL;
    this.#at = at;
    return Number(text);
  }
}
