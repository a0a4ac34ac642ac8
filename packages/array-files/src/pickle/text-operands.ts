import { latin1 } from './py-values.js';

const LONGEST_INTEGER_DIGITS = 620;
const LONGEST_INTEGER_BYTES = 256;

const SIMPLE_ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
  '\n': '',
};

/** A whole number as a number where that is exact, otherwise as a bigint. */
export function wholeNumber(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** The decimal operand of INT and LONG; undefined where it is none. INT also stands for booleans (00, 01). */
export function parseDecimal(line: Uint8Array): number | bigint | boolean | undefined {
  if (line.length > LONGEST_INTEGER_DIGITS) return undefined;
  const text = latin1(line).trim();
  if (text === '00' || text === '01') return text === '01';
  return /^[+-]?\d+L?$/.test(text) ? wholeNumber(BigInt(text.replace(/[+L]/g, ''))) : undefined;
}

/** The operand of FLOAT, as Python's `repr` writes it. */
export function parseFloatLine(line: Uint8Array): number | undefined {
  if (line.length > 64) return undefined;
  const text = latin1(line).trim();
  const special = /^([+-]?)(inf|nan)$/.exec(text);
  if (special) return special[2] === 'nan' ? NaN : special[1] === '-' ? -Infinity : Infinity;
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : undefined;
}

/** The two's complement, little-endian operand of LONG1 and LONG4. */
export function parseLong(bytes: Uint8Array): number | bigint | undefined {
  if (bytes.length > LONGEST_INTEGER_BYTES) return undefined;
  let value = 0n;
  for (let i = bytes.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i]!);
  return wholeNumber(BigInt.asIntN(8 * bytes.length, value));
}

/** The quoted operand of STRING, as Python 2's `repr` writes it: a piece of the line where nothing is escaped. Undefined where it is none. */
export function parseQuoted(line: Uint8Array): Uint8Array | undefined {
  const text = latin1(line).trim();
  const quote = text[0];
  if (text.length < 2 || (quote !== "'" && quote !== '"') || !text.endsWith(quote)) return undefined;
  if (!text.includes('\\')) {
    const start = line.indexOf(quote.charCodeAt(0)) + 1;
    return line.subarray(start, start + text.length - 2);
  }
  const result = new Uint8Array(text.length - 2);
  let length = 0;
  const end = text.length - 1;
  for (let at = 1; at < end; at++) {
    if (text[at] !== '\\') {
      result[length++] = text.charCodeAt(at);
      continue;
    }
    const next = text[++at]!;
    const digits = next === 'x' ? text.slice(at + 1, at + 3) : (/^[0-7]{1,3}/.exec(text.slice(at, at + 3))?.[0] ?? '');
    if (next === 'x') {
      if (!/^[0-9a-fA-F]{2}$/.test(digits)) return undefined;
      result[length++] = parseInt(digits, 16);
      at += 2;
    } else if (digits !== '') {
      result[length++] = parseInt(digits, 8);
      at += digits.length - 1;
    } else if (Object.hasOwn(SIMPLE_ESCAPES, next)) {
      const character = SIMPLE_ESCAPES[next]!;
      if (character !== '') result[length++] = character.charCodeAt(0);
    } else {
      result[length++] = 0x5c;
      result[length++] = next.charCodeAt(0);
    }
  }
  return result.subarray(0, length);
}

/** The operand of UNICODE, in Python's raw-unicode-escape. */
export function parseRawUnicode(line: Uint8Array): string {
  return latin1(line).replace(/\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})/g, (whole, short?: string, long?: string) => {
    const code = parseInt((short ?? long)!, 16);
    return code > 0x10ffff ? whole : short === undefined ? String.fromCodePoint(code) : String.fromCharCode(code);
  });
}
