/** The asset's bytes: a safetensors file, embedded as base64 in one TypeScript module. */

const TYPES = { F32: Float32Array, I16: Int16Array, I8: Int8Array, U16: Uint16Array, U8: Uint8Array };

/** `tensors`: name → { dtype, shape, data }. Names are written in sorted order, the widest types first, so that views align. */
export function encodeSafetensors(tensors, metadata) {
  const width = (name) => TYPES[tensors[name].dtype].BYTES_PER_ELEMENT;
  const names = Object.keys(tensors).sort((a, b) => width(b) - width(a) || (a < b ? -1 : 1));
  const header = { __metadata__: metadata };
  const parts = [];
  let offset = 0;
  for (const name of names) {
    const { dtype, shape, data } = tensors[name];
    const count = shape.reduce((a, b) => a * b, 1);
    if (count !== data.length) throw new Error(`encode: ${name} has ${data.length} numbers for shape [${shape}].`);
    const bytes = new Uint8Array(new TYPES[dtype](data).buffer);
    header[name] = { dtype, shape, data_offsets: [offset, offset + bytes.length] };
    parts.push(bytes);
    offset += bytes.length;
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  const padded = new Uint8Array(Math.ceil(json.length / 8) * 8).fill(0x20);
  padded.set(json);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(padded.length));
  return Buffer.concat([length, padded, ...parts]);
}

/** Numbers as multiples of one step each column group: data ≈ steps · scale, |steps| ≤ limit. */
export function quantise(data, limit, scaleOf = (largest) => largest / limit) {
  let largest = 0;
  for (const x of data) largest = Math.max(largest, Math.abs(x));
  const scale = Math.fround(scaleOf(largest) || 1);
  return { steps: Array.from(data, (x) => Math.max(-limit, Math.min(limit, Math.round(x / scale))) || 0), scale };
}

export function moduleText(bytes) {
  return (
    '// Written by tools/build-open-hand/build.mjs; do not edit. Licence and source of the data: ../NOTICE.\n' +
    `export const OPEN_HAND_BYTES = ${bytes.length};\n` +
    `export const OPEN_HAND_BASE64: string =\n  '${bytes.toString('base64')}';\n`
  );
}
