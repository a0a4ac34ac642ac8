import { columnToRowMajor } from '../core/elements.js';
import type { MatChar } from './types.js';

/** UTF-16 units, or code points. As numbers: a text of single characters takes thirty bytes for each. */
export type Characters = Uint16Array | Uint32Array;

const CHUNK = 4096;

export function unitsOf(text: string): Uint16Array {
  const units = new Uint16Array(text.length);
  for (let i = 0; i < units.length; i++) units[i] = text.charCodeAt(i);
  return units;
}

export function textOfCharacters(characters: Characters): string {
  let text = '';
  for (let start = 0; start < characters.length; start += CHUNK) {
    const chunk = characters.subarray(start, start + CHUNK);
    text += characters instanceof Uint16Array ? String.fromCharCode(...chunk) : String.fromCodePoint(...chunk);
  }
  return text;
}

/** UTF-16 units as code points: pairs of surrogates become one. */
export function codePointsOf(units: Characters): Uint32Array {
  const isPair = (i: number): boolean =>
    (units[i]! & 0xfffffc00) >>> 0 === 0xd800 && (units[i + 1]! & 0xfffffc00) >>> 0 === 0xdc00;
  let count = 0;
  for (let i = 0; i < units.length; i += isPair(i) ? 2 : 1) count++;
  const points = new Uint32Array(count);
  for (let i = 0, n = 0; n < count; n++) {
    if (isPair(i)) {
      points[n] = 0x10000 + ((units[i]! & 0x3ff) << 10) + (units[i + 1]! & 0x3ff);
      i += 2;
    } else points[n] = units[i++]!;
  }
  return points;
}

/** A char array of characters in column-major order: one text per row. */
export function charArray(characters: Characters, shape: readonly number[]): MatChar {
  const rowMajor = columnToRowMajor(characters, shape);
  const columns = shape.at(-1)!;
  const rowCount = columns === 0 ? 0 : rowMajor.length / columns;
  // texts of one character occur again: a million of their own take sixteen times their bytes
  const known = new Map<number, string>();
  const rows = Array.from({ length: rowCount }, (_, row) => {
    const first = rowMajor[row * columns]!;
    const same = columns === 1 ? known.get(first) : undefined;
    if (same !== undefined) return same;
    const text = textOfCharacters(rowMajor.subarray(row * columns, (row + 1) * columns));
    if (columns === 1) known.set(first, text);
    return text;
  });
  return { kind: 'char', shape, rows };
}
