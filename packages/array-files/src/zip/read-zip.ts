import { strFromU8 } from 'fflate';
import { formatError, viewOf } from '../core/bytes.js';
import { crc32 } from '../core/checksums.js';
import { inflateRaw } from '../core/inflate.js';

export interface ZipEntry {
  readonly name: string;
  /** Declared size of the contents in bytes. */
  readonly size: number;
  /** Whether `read` gives memory of its own: what is stored as it is stays a part of the archive's. */
  readonly isPacked: boolean;
  /** The contents, inflated and checked. */
  read(): Uint8Array;
}

const END_SIGNATURE = 0x06054b50;
const END_BYTES = 22;
const END64_LOCATOR_SIGNATURE = 0x07064b50;
const END64_SIGNATURE = 0x06064b50;
const CENTRAL_SIGNATURE = 0x02014b50;
const CENTRAL_BYTES = 46;
const LOCAL_SIGNATURE = 0x04034b50;
const LOCAL_BYTES = 30;

interface Directory {
  readonly count: number;
  readonly offset: number;
}

function findDirectory(view: DataView, operation: string): Directory {
  const lowest = Math.max(0, view.byteLength - END_BYTES - 0xffff);
  let end = view.byteLength - END_BYTES;
  while (end >= lowest && view.getUint32(end, true) !== END_SIGNATURE) end--;
  if (end < lowest) throw formatError(operation, 'the file does not end like a ZIP archive');
  const count = view.getUint16(end + 10, true);
  const offset = view.getUint32(end + 16, true);
  if (count !== 0xffff && offset !== 0xffffffff) return { count, offset };
  if (end < 20 || view.getUint32(end - 20, true) !== END64_LOCATOR_SIGNATURE) return { count, offset };
  const end64 = Number(view.getBigUint64(end - 12, true));
  if (end64 + 56 > view.byteLength || view.getUint32(end64, true) !== END64_SIGNATURE) {
    throw formatError(operation, 'the ZIP64 end of the archive is not where it is declared');
  }
  return { count: Number(view.getBigUint64(end64 + 32, true)), offset: Number(view.getBigUint64(end64 + 48, true)) };
}

/** Sizes and offset of an entry, taken from its ZIP64 field where the 32-bit ones are full. */
function readSizes(view: DataView, start: number, extraStart: number, extraEnd: number): [number, number, number] {
  const fields: [number, number, number] = [
    view.getUint32(start + 24, true),
    view.getUint32(start + 20, true),
    view.getUint32(start + 42, true),
  ];
  for (let at = extraStart; at + 4 <= extraEnd; at += 4 + view.getUint16(at + 2, true)) {
    if (view.getUint16(at, true) !== 1) continue;
    let value = at + 4;
    const valueEnd = Math.min(extraEnd, value + view.getUint16(at + 2, true));
    for (let i = 0; i < 3; i++) {
      if (fields[i] !== 0xffffffff || value + 8 > valueEnd) continue;
      fields[i] = Number(view.getBigUint64(value, true));
      value += 8;
    }
  }
  return fields;
}

/** UTF-8; by hand where it is ASCII, since a decoder takes a microsecond for a name. */
function nameOf(bytes: Uint8Array, start: number, end: number): string {
  let name = '';
  for (let i = start; i < end; i++) {
    if (bytes[i]! > 127) return strFromU8(bytes.subarray(start, end));
    name += String.fromCharCode(bytes[i]!);
  }
  return name;
}

/**
 * Entries of a ZIP archive from its central directory: stored or deflated, not encrypted.
 *
 * @param bytes the whole archive
 * @param operation name of the function in whose name errors speak
 * @throws FileFormatError if the archive or an entry is malformed; what an entry's contents are is seen by `read`
 */
export function readZip(bytes: Uint8Array, operation: string): ZipEntry[] {
  const view = viewOf(bytes);
  const { count, offset } = findDirectory(view, operation);
  if (count * CENTRAL_BYTES > bytes.length) throw formatError(operation, `the archive declares ${count} entries`);
  const entries: ZipEntry[] = [];
  let packedTotal = 0;
  let at = offset;
  for (let i = 0; i < count; i++) {
    if (at + CENTRAL_BYTES > bytes.length || view.getUint32(at, true) !== CENTRAL_SIGNATURE) {
      throw formatError(operation, `entry ${i} of the archive's directory is not where it is declared`);
    }
    const nameEnd = at + CENTRAL_BYTES + view.getUint16(at + 28, true);
    const extraEnd = nameEnd + view.getUint16(at + 30, true);
    const next = extraEnd + view.getUint16(at + 32, true);
    if (next > bytes.length) throw formatError(operation, `entry ${i} of the archive's directory is cut off`);
    const name = nameOf(bytes, at + CENTRAL_BYTES, nameEnd);
    const [size, packedSize, local] = readSizes(view, at, nameEnd, extraEnd);
    const flags = view.getUint16(at + 8, true);
    const method = view.getUint16(at + 10, true);
    const checksum = view.getUint32(at + 16, true);
    entries.push({
      name,
      size,
      isPacked: method !== 0,
      read() {
        const where = `entry ${JSON.stringify(name)}`;
        if (flags & 1) throw formatError(operation, `${where} is encrypted`);
        if (local + LOCAL_BYTES > bytes.length || view.getUint32(local, true) !== LOCAL_SIGNATURE) {
          throw formatError(operation, `${where} is not where it is declared`);
        }
        const start = local + LOCAL_BYTES + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
        if (start + packedSize > bytes.length) throw formatError(operation, `${where} is cut off`);
        const packed = bytes.subarray(start, start + packedSize);
        if (method !== 0 && method !== 8) {
          throw formatError(
            operation,
            `${where} is compressed by method ${method}, accepted are 0 (stored) and 8 (deflate)`,
          );
        }
        const contents = method === 0 ? packed : inflateRaw(packed, size, operation, where);
        if (contents.length !== size || crc32(contents) !== checksum) {
          throw formatError(operation, `${where} does not match its declared size and checksum`);
        }
        return contents;
      },
    });
    packedTotal += packedSize;
    if (packedTotal > bytes.length) throw formatError(operation, 'entries of the archive overlap');
    at = next;
  }
  return entries;
}

/**
 * Bytes that the contents of the entries are declared to take together.
 *
 * @throws FileFormatError if they are more than the limit
 */
export function totalSize(entries: readonly ZipEntry[], maxBytes: number, operation: string): number {
  const total = entries.reduce((sum, { size }) => sum + size, 0);
  if (total > maxBytes) {
    throw formatError(
      operation,
      `the archive declares ${total} bytes of contents, the limit is ${maxBytes} (maxBytes)`,
      { expected: maxBytes, actual: total },
    );
  }
  return total;
}

/** Names of the entries of a ZIP archive; none where the bytes are no archive. */
export function listZip(bytes: Uint8Array): string[] {
  try {
    return readZip(bytes, 'listZip').map(({ name }) => name);
  } catch {
    return [];
  }
}
