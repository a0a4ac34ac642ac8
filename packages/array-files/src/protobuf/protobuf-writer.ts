/** Wire types of protocol buffers. */
const VARINT = 0;
const FIXED64 = 1;
const LENGTH_DELIMITED = 2;
const FIXED32 = 5;

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = BigInt(value);
  if (rest < 0n) rest += 1n << 64n;
  do {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    bytes.push(rest > 0n ? low | 0x80 : low);
  } while (rest > 0n);
  return bytes;
}

/**
 * A message of protocol buffers, field by field, in the order of the calls.
 *
 * @example
 * new ProtobufWriter().integer(1, 150).text(2, 'hand').finish(); // → [8, 150, 1, 18, 4, 104, 97, 110, 100]
 */
export class ProtobufWriter {
  private readonly parts: Uint8Array[] = [];

  private put(field: number, wireType: number, ...contents: Uint8Array[]): this {
    this.parts.push(Uint8Array.from(varint(field * 8 + wireType)), ...contents);
    return this;
  }

  /** int32, int64, enum; a whole number that a double holds exactly. */
  integer(field: number, value: number): this {
    return this.put(field, VARINT, Uint8Array.from(varint(value)));
  }

  float(field: number, value: number): this {
    return this.put(field, FIXED32, littleEndian([value], 4));
  }

  double(field: number, value: number): this {
    return this.put(field, FIXED64, littleEndian([value], 8));
  }

  /** repeated double [packed = true] */
  doubles(field: number, values: readonly number[]): this {
    return this.bytes(field, littleEndian(values, 8));
  }

  /** repeated int64, each with its field number, as proto2 has it */
  integers(field: number, values: readonly number[]): this {
    for (const value of values) this.integer(field, value);
    return this;
  }

  bytes(field: number, value: Uint8Array): this {
    return this.put(field, LENGTH_DELIMITED, Uint8Array.from(varint(value.length)), value);
  }

  text(field: number, value: string): this {
    return this.bytes(field, new TextEncoder().encode(value));
  }

  message(field: number, value: ProtobufWriter): this {
    return this.bytes(field, value.finish());
  }

  finish(): Uint8Array {
    const all = new Uint8Array(this.parts.reduce((sum, part) => sum + part.length, 0));
    let position = 0;
    for (const part of this.parts) {
      all.set(part, position);
      position += part.length;
    }
    return all;
  }
}

function littleEndian(values: readonly number[], size: 4 | 8): Uint8Array {
  const view = new DataView(new ArrayBuffer(values.length * size));
  for (const [i, value] of values.entries()) {
    if (size === 4) view.setFloat32(4 * i, value, true);
    else view.setFloat64(8 * i, value, true);
  }
  return new Uint8Array(view.buffer);
}
