import { BitSet } from '../core/bit-set.js';
import { viewOf } from '../core/bytes.js';
import { OPCODES } from './opcodes.js';
import { latin1 } from './py-values.js';

/** What follows an opcode: so many bytes, lines, or bytes after a length of 1, 4 or 8 bytes. */
type Operand = number | 'line' | 'two lines' | 'length 1' | 'length 4' | 'length 8';

const OPERANDS: ReadonlyMap<number, Operand> = new Map<number, Operand>([
  ...(['PROTO', 'BININT1', 'BINGET', 'BINPUT', 'EXT1'] as const).map((name) => [OPCODES[name], 1] as const),
  ...(['BININT2', 'EXT2'] as const).map((name) => [OPCODES[name], 2] as const),
  ...(['BININT', 'LONG_BINGET', 'LONG_BINPUT', 'EXT4'] as const).map((name) => [OPCODES[name], 4] as const),
  ...(['BINFLOAT', 'FRAME'] as const).map((name) => [OPCODES[name], 8] as const),
  ...(['FLOAT', 'INT', 'LONG', 'PERSID', 'STRING', 'UNICODE', 'GET', 'PUT'] as const).map(
    (name) => [OPCODES[name], 'line'] as const,
  ),
  ...(['GLOBAL', 'INST'] as const).map((name) => [OPCODES[name], 'two lines'] as const),
  ...(['SHORT_BINBYTES', 'SHORT_BINSTRING', 'SHORT_BINUNICODE', 'LONG1'] as const).map(
    (name) => [OPCODES[name], 'length 1'] as const,
  ),
  ...(['BINBYTES', 'BINSTRING', 'BINUNICODE', 'LONG4'] as const).map((name) => [OPCODES[name], 'length 4'] as const),
  ...(['BINUNICODE8', 'BINBYTES8', 'BYTEARRAY8'] as const).map((name) => [OPCODES[name], 'length 8'] as const),
]);

const NEWLINE = 0x0a;
/** A longer number names no place. */
const LONGEST_NUMBER = 16;

/**
 * Which places of its memo a pickle will ever read: picklers remember every object, and read few of them again. Looks at
 * the opcodes alone and stops at STOP, or where the operand of one is cut off, which the machine then refuses.
 *
 * @param start first byte of the pickle
 */
export function fetchedPlaces(bytes: Uint8Array, start: number): BitSet {
  const view = viewOf(bytes);
  const places = new BitSet();
  const note = (place: number): void => {
    // a place beyond the file holds nothing
    if (place >= 0 && place <= bytes.length) places.add(place);
  };
  const lineEnd = (at: number): number => {
    const end = bytes.indexOf(NEWLINE, at);
    return end < 0 ? bytes.length : end + 1;
  };
  let at = start;
  while (at < bytes.length) {
    const opcode = bytes[at++]!;
    if (opcode === OPCODES.STOP) break;
    const operand = OPERANDS.get(opcode);
    if (operand === undefined) continue;
    if (typeof operand === 'number') {
      if (opcode === OPCODES.BINGET && at < bytes.length) note(bytes[at]!);
      else if (opcode === OPCODES.LONG_BINGET && at + 4 <= bytes.length) note(view.getUint32(at, true));
      at += operand;
    } else if (operand === 'line') {
      const end = lineEnd(at);
      if (opcode === OPCODES.GET && end - at <= LONGEST_NUMBER) {
        // a boolean in Python's words, 00 or 01, is a number too
        const place = Number(latin1(bytes.subarray(at, end)).replace(/L?\n$/, ''));
        if (Number.isInteger(place)) note(place);
      }
      at = end;
    } else if (operand === 'two lines') at = lineEnd(lineEnd(at));
    else {
      const width = Number(operand.slice(-1));
      if (at + width > bytes.length) break;
      const length =
        width === 1 ? bytes[at]! : width === 4 ? view.getUint32(at, true) : Number(view.getBigUint64(at, true));
      at += width + length;
    }
  }
  return places;
}
