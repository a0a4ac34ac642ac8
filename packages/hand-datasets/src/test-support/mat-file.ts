/** MAT files of version 5 as other tools write them: little-endian, column-major. */
import { deflateSync } from 'node:zlib';

const CLASSES = {
  double: { id: 6, storage: 9, array: Float64Array },
  single: { id: 7, storage: 7, array: Float32Array },
  int32: { id: 12, storage: 5, array: Int32Array },
  uint8: { id: 9, storage: 2, array: Uint8Array },
  char: { id: 4, storage: 4, array: Uint16Array },
} as const;

function element(type: number, payload: Uint8Array): Buffer {
  const tag = Buffer.alloc(8);
  tag.writeUInt32LE(type, 0);
  tag.writeUInt32LE(payload.length, 4);
  return Buffer.concat([tag, payload, Buffer.alloc((8 - (payload.length % 8)) % 8)]);
}
const bytesOf = (array: { buffer: ArrayBufferLike }): Uint8Array => new Uint8Array(array.buffer);

/** A variable; `values` are column-major. */
export function matMatrix(name: string, kind: keyof typeof CLASSES, shape: number[], values: number[]): Uint8Array {
  const { id, storage, array } = CLASSES[kind];
  return element(
    14,
    Buffer.concat([
      element(6, bytesOf(Uint32Array.of(id, 0))),
      element(5, bytesOf(Int32Array.from(shape))),
      element(1, Buffer.from(name, 'latin1')),
      element(storage, bytesOf(array.from(values))),
    ]),
  );
}

export function matFile(variables: readonly Uint8Array[], { compressed = false } = {}): Uint8Array {
  const header = Buffer.alloc(128, 0);
  header.write('MATLAB 5.0 MAT-file, made up for a test'.padEnd(116), 'latin1');
  header.writeUInt16LE(0x0100, 124);
  header.write('IM', 126, 'latin1');
  const parts = variables.map((variable) => {
    if (!compressed) return variable;
    const deflated = deflateSync(variable);
    return element(15, deflated).subarray(0, 8 + deflated.length);
  });
  return new Uint8Array(Buffer.concat([header, ...parts]));
}
