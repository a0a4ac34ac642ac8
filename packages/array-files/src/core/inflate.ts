import { Inflate, inflateSync } from 'fflate';
import { formatError, viewOf } from './bytes.js';
import { adler32 } from './checksums.js';

const CHUNK_BYTES = 1 << 14;
/** Results up to this size are made at once: the machinery for pieces takes 50 µs to set up. */
const SMALL = 1 << 16;

/**
 * Inflates raw deflate data and stops as soon as it grows beyond the limit: memory follows what is really there, never
 * what a header declares.
 *
 * @param bytes deflate data (RFC 1951)
 * @param limit most bytes of the result
 * @param where what is being inflated, for messages
 * @throws FileFormatError if the data is malformed, ends early or is larger than the limit
 */
export function inflateRaw(bytes: Uint8Array, limit: number, operation: string, where: string): Uint8Array {
  if (limit <= SMALL && bytes.length <= SMALL) return inflateSmall(bytes, limit, operation, where);
  const chunks: Uint8Array[] = [];
  let size = 0;
  const stream = new Inflate((chunk) => {
    size += chunk.length;
    chunks.push(chunk);
  });
  for (let start = 0; start === 0 || start < bytes.length; start += CHUNK_BYTES) {
    const end = start + CHUNK_BYTES;
    try {
      stream.push(bytes.subarray(start, end), end >= bytes.length);
    } catch (cause) {
      throw formatError(operation, `${where} is not valid deflate data (${(cause as Error).message})`);
    }
    if (size > limit)
      throw formatError(operation, `${where} inflates to more than ${limit} bytes`, { expected: limit });
  }
  if (chunks.length === 1) return chunks[0]!;
  const result = new Uint8Array(size);
  let position = 0;
  for (const chunk of chunks) {
    result.set(chunk, position);
    position += chunk.length;
  }
  return result;
}

/** Results are copied out of it: making a buffer for each takes as long as inflating a few hundred bytes. */
let scratch: Uint8Array | undefined;

function inflateSmall(bytes: Uint8Array, limit: number, operation: string, where: string): Uint8Array {
  scratch ??= new Uint8Array(SMALL + 1);
  let result: Uint8Array;
  try {
    result = inflateSync(bytes, { out: scratch.subarray(0, limit + 1) }); // what comes behind it is not written
  } catch (cause) {
    throw formatError(operation, `${where} is not valid deflate data (${(cause as Error).message})`);
  }
  if (result.length > limit)
    throw formatError(operation, `${where} inflates to more than ${limit} bytes`, { expected: limit });
  return result.slice();
}

/** Inflates zlib data (RFC 1950) and checks its Adler-32; otherwise like {@link inflateRaw}. */
export function inflateZlib(bytes: Uint8Array, limit: number, operation: string, where: string): Uint8Array {
  const [method, flags] = bytes;
  const valid =
    bytes.length >= 6 && (method! & 15) === 8 && ((method! << 8) | flags!) % 31 === 0 && (flags! & 32) === 0;
  if (!valid) throw formatError(operation, `${where} is not zlib data`);
  const result = inflateRaw(bytes.subarray(2, -4), limit, operation, where);
  if (viewOf(bytes).getUint32(bytes.length - 4) !== adler32(result)) {
    throw formatError(operation, `${where} does not match its checksum`);
  }
  return result;
}
