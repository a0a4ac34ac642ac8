import { parseJsonText } from '../../json/parse-json-text.js';
import type { JsonEntry, ScanJsonOptions } from './scan-json.js';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const isSpace = (byte: number): boolean => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;

interface Level {
  readonly isList: boolean;
  /** Key of the member being read, or its place. */
  key: string | number;
  /** Whether a key (of an object) still has to come. */
  wantsKey: boolean;
}

interface ScannerOptions extends Pick<ScanJsonOptions, 'depth' | 'select' | 'leaves'> {
  /** The value that begins at a place and where it ends, if that can be told before its end has been looked for. */
  readonly valueAhead?:
    ((buffer: Buffer, start: number) => { readonly value: unknown; readonly end: number } | undefined) | undefined;
  readonly valueOf: (buffer: Buffer, start: number, end: number) => unknown;
  readonly fail: (problem: string, cause?: unknown) => Error;
  /** Values that are given at once. */
  readonly most: number;
}

/** What a piece of a file has given. */
export interface Scanned {
  readonly entries: readonly JsonEntry[];
  /** What is wrong behind the last entry. */
  readonly failure: Error | undefined;
  /** The first byte that is still needed: the next piece begins with it. */
  readonly keep: number;
  /** Whether the piece was not looked through to its end, since there are as many entries as are given at once. */
  readonly hasMore: boolean;
}

/** Finds the values of a JSON text that comes in pieces. */
export class JsonScanner {
  readonly #options: ScannerOptions;
  readonly #levels: Level[] = [];
  /** Brackets open inside the value that is being passed. */
  #nesting = 0;
  /** Whether a value is being passed, and whether it is wanted. */
  #inValue = false;
  #wanted = false;
  #inString = false;
  /** Bytes from the first one kept to the next one to look at. */
  #seen = 0;
  finished = false;

  constructor(options: ScannerOptions) {
    this.#options = options;
  }

  /**
   * @param buffer what was kept of the piece before, and the next piece
   * @param base place in the file of its first byte
   */
  feed(buffer: Buffer, base: number): Scanned {
    const entries: JsonEntry[] = [];
    const { fail, valueAhead, most } = this.#options;
    const length = buffer.length;
    let at = this.#seen;
    /** First byte of the value or key that is being read, or where it would be. */
    let start = 0;
    const take = (value: unknown, end: number): void => {
      this.#inValue = false;
      this.#inString = false;
      entries.push({ path: this.#path(), value, start: base + start, end: base + end });
    };
    const entry = (end: number): void => {
      this.#inValue = false;
      if (!this.#wanted) return;
      let value: unknown;
      try {
        value = this.#options.valueOf(buffer, start, end);
      } catch (cause) {
        throw fail(`is not JSON at byte ${base + start} (${(cause as Error).message})`, cause);
      }
      take(value, end);
    };
    try {
      while (at < length && entries.length < most) {
        if (this.#inString) {
          at = this.#passString(buffer, at);
          if (this.#inString) break;
          if (!this.#inValue) this.#takeKey(buffer, start, at, base);
        } else if (this.#inValue) {
          at = this.#passValue(buffer, at);
          if (at < length && !this.#inString) entry(at);
        } else if (isSpace(buffer[at]!)) at++;
        else {
          start = at;
          at = this.#step(buffer[at]!, at, base);
          if (!valueAhead || !this.#inValue || !this.#wanted) continue;
          const found = valueAhead(buffer, start);
          if (!found) continue;
          at = found.end;
          take(found.value, at);
        }
      }
    } catch (cause) {
      return { entries, failure: cause as Error, keep: length, hasMore: false };
    }
    const isKept = this.#inValue ? this.#wanted : this.#inString;
    const keep = isKept ? start : Math.min(at, length);
    this.#seen = at - keep;
    return { entries, failure: undefined, keep, hasMore: at < length };
  }

  /** @returns the byte after the text, or one not yet there: then the text goes on in the next piece */
  #passString(buffer: Buffer, from: number): number {
    const length = buffer.length;
    let at = from;
    for (; at < length; at++) {
      const byte = buffer[at]!;
      if (byte === BACKSLASH) at++;
      else if (byte === QUOTE) {
        this.#inString = false;
        return at + 1;
      }
    }
    return at;
  }

  /** @returns the byte that ends the value, or the first one of a text inside it */
  #passValue(buffer: Buffer, from: number): number {
    const length = buffer.length;
    let nesting = this.#nesting;
    let at = from;
    for (; at < length; at++) {
      const byte = buffer[at]!;
      if (byte > COMMA && byte < OPEN_LIST) continue; // digits, mostly
      if (byte < COMMA) {
        if (byte !== QUOTE) continue;
        this.#inString = true;
        at++;
        break;
      }
      if (byte === COMMA) {
        if (nesting === 0) break;
      } else if (byte === OPEN_LIST || byte === OPEN_OBJECT) nesting++;
      else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) {
        if (nesting === 0) break;
        nesting--;
      }
    }
    this.#nesting = nesting;
    return at;
  }

  #takeKey(buffer: Buffer, start: number, end: number, base: number): void {
    try {
      this.#levels.at(-1)!.key = parseJsonText(buffer.toString('utf8', start, end)) as string;
    } catch (cause) {
      throw this.#options.fail(`is not JSON at byte ${base + start} (${(cause as Error).message})`, cause);
    }
  }

  /** A byte outside of values. @returns the next one to look at */
  #step(byte: number, at: number, base: number): number {
    const levels = this.#levels;
    const level = levels.at(-1);
    const wrong = (what: string): Error => this.#options.fail(`is not JSON at byte ${base + at} (${what})`);
    if (this.finished) throw wrong('more after its end');
    if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) {
      if (level?.isList !== (byte === CLOSE_LIST)) throw wrong('wrong bracket');
      levels.pop();
      this.finished = levels.length === 0;
      return at + 1;
    }
    if (byte === COMMA) {
      if (!level) throw wrong('a comma');
      if (level.isList) level.key = (level.key as number) + 1;
      else level.wantsKey = true;
      return at + 1;
    }
    if (byte === COLON) {
      if (!level || level.isList) throw wrong('a colon');
      return at + 1;
    }
    if (level && !level.isList && level.wantsKey) {
      if (byte !== QUOTE) throw wrong('a key was expected');
      level.wantsKey = false;
      this.#inString = true;
      return at + 1;
    }
    const isOpening = byte === OPEN_LIST || byte === OPEN_OBJECT;
    const { depth, select, leaves = false } = this.#options;
    if (levels.length < depth && isOpening && this.#leadsToWanted()) {
      levels.push({ isList: byte === OPEN_LIST, key: byte === OPEN_LIST ? 0 : '', wantsKey: byte === OPEN_OBJECT });
      return at + 1;
    }
    if (levels.length === 0) throw wrong('an object or a list was expected');
    this.#inValue = true;
    const isDeep = levels.length === depth || (leaves && !isOpening);
    this.#wanted = isDeep && (select === undefined || select(this.#path()));
    this.#nesting = isOpening ? 1 : 0;
    this.#inString = byte === QUOTE;
    return at + 1;
  }

  /** Whether to look inside: below the wanted depth everything may lead to a wanted value, unless `select` refuses its path. */
  #leadsToWanted(): boolean {
    const { depth, select } = this.#options;
    const levels = this.#levels;
    if (select === undefined || levels.length === 0 || levels.length >= depth) return true;
    return select(this.#path());
  }

  #path(): (string | number)[] {
    const path = new Array<string | number>(this.#levels.length);
    for (let i = 0; i < path.length; i++) path[i] = this.#levels[i]!.key;
    return path;
  }
}
