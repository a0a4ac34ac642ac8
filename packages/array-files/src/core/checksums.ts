import { HOST_IS_LITTLE_ENDIAN } from './host-byte-order.js';

const LANES = 16;
const NO_WORDS = new Int32Array();

/**
 * Table k holds the CRC of each byte with k zero bytes after it, so that sixteen bytes are looked up at once and their
 * sums combined ("slicing"), instead of one after the other.
 *
 * Reference: Kounavis and Berry, Novel Table Lookup-Based Algorithms for High-Performance CRC Generation, 2008.
 */
const CRC_TABLES = ((): Int32Array => {
  const tables = new Int32Array(256 * LANES);
  for (let byte = 0; byte < 256; byte++) {
    let value = byte;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
    tables[byte] = value;
  }
  for (let i = 256; i < tables.length; i++) {
    const before = tables[i - 256]!;
    tables[i] = tables[before & 0xff]! ^ (before >>> 8);
  }
  return tables;
})();

/** CRC-32 as ZIP stores it (polynomial 0xEDB88320, reflected). */
export function crc32(bytes: Uint8Array): number {
  const t = CRC_TABLES;
  let value = -1;
  let i = 0;
  const one = (byte: number): void => {
    value = t[(value ^ byte) & 0xff]! ^ (value >>> 8);
  };
  while (i < bytes.length && (bytes.byteOffset + i) % 4 !== 0) one(bytes[i++]!);
  const count = HOST_IS_LITTLE_ENDIAN ? ((bytes.length - i) >>> 4) * 4 : 0;
  const words = count > 0 ? new Int32Array(bytes.buffer, bytes.byteOffset + i, count) : NO_WORDS;
  for (let k = 0; k < count; k += 4) {
    const a = value ^ words[k]!;
    const b = words[k + 1]!;
    const c = words[k + 2]!;
    const d = words[k + 3]!;
    value =
      t[3840 + (a & 0xff)]! ^
      t[3584 + ((a >>> 8) & 0xff)]! ^
      t[3328 + ((a >>> 16) & 0xff)]! ^
      t[3072 + (a >>> 24)]! ^
      t[2816 + (b & 0xff)]! ^
      t[2560 + ((b >>> 8) & 0xff)]! ^
      t[2304 + ((b >>> 16) & 0xff)]! ^
      t[2048 + (b >>> 24)]! ^
      t[1792 + (c & 0xff)]! ^
      t[1536 + ((c >>> 8) & 0xff)]! ^
      t[1280 + ((c >>> 16) & 0xff)]! ^
      t[1024 + (c >>> 24)]! ^
      t[768 + (d & 0xff)]! ^
      t[512 + ((d >>> 8) & 0xff)]! ^
      t[256 + ((d >>> 16) & 0xff)]! ^
      t[d >>> 24]!;
  }
  for (i += 4 * count; i < bytes.length; i++) one(bytes[i]!);
  return ~value >>> 0;
}

/** Adler-32 as zlib stores it (RFC 1950). */
export function adler32(bytes: Uint8Array): number {
  let a = 1;
  let b = 0;
  for (let start = 0; start < bytes.length; start += 3800) {
    const end = Math.min(bytes.length, start + 3800); // sums of 3800 bytes stay below 2^32
    for (let i = start; i < end; i++) {
      a += bytes[i]!;
      b += a;
    }
    a %= 65521;
    b %= 65521;
  }
  return ((b << 16) | a) >>> 0;
}
