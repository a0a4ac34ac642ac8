import { strFromU8 } from 'fflate';
import { viewOf } from '../core/bytes.js';
import { latin1, PyBytes } from './py-values.js';

const NEWLINE = 0x0a;

function isAscii(bytes: Uint8Array): boolean {
  for (let i = 0; i < bytes.length; i++) if (bytes[i]! >= 0x80) return false;
  return true;
}

/** UTF-8 text, a leading byte order mark included. */
export function utf8(bytes: Uint8Array): string {
  if (isAscii(bytes)) return latin1(bytes);
  const text = strFromU8(bytes);
  const hasMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  return hasMark && !text.startsWith('\ufeff') ? `\ufeff${text}` : text;
}

/** A place in a file; whatever would reach beyond the end is refused before anything is allocated. */
export class ByteReader {
  position = 0;
  private readonly view: DataView;

  constructor(
    readonly bytes: Uint8Array,
    private readonly fail: (problem: string) => never,
  ) {
    this.view = viewOf(bytes);
  }

  private skip(count: number): number {
    const start = this.position;
    if (!(count <= this.bytes.length - start)) {
      this.fail(`${count} bytes are wanted, the file has ${this.bytes.length - start} left`);
    }
    this.position = start + count;
    return start;
  }

  uint8(): number {
    return this.view.getUint8(this.skip(1));
  }

  uint16(): number {
    return this.view.getUint16(this.skip(2), true);
  }

  int32(): number {
    return this.view.getInt32(this.skip(4), true);
  }

  uint32(): number {
    return this.view.getUint32(this.skip(4), true);
  }

  /** An unsigned 64-bit integer; beyond 2^53 it is rounded, which no length in a file survives. */
  uint64(): number {
    return Number(this.view.getBigUint64(this.skip(8), true));
  }

  /** Python pickles floats in big-endian order. */
  float64BigEndian(): number {
    return this.view.getFloat64(this.skip(8), false);
  }

  /** The next bytes, not copied. */
  take(count: number): Uint8Array {
    const start = this.skip(count);
    return this.bytes.subarray(start, start + count);
  }

  /** The next bytes as a value. */
  pyBytes(count: number, isText: boolean): PyBytes {
    return new PyBytes(this.bytes, this.skip(count), count, isText);
  }

  /** The bytes up to the next newline, which is passed over. */
  line(): Uint8Array {
    const end = this.bytes.indexOf(NEWLINE, this.position);
    if (end < 0) this.fail('a line has no end');
    const line = this.bytes.subarray(this.position, end);
    this.position = end + 1;
    return line;
  }
}
