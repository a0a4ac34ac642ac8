import { strFromU8 } from 'fflate';
import { formatError, recordOf, toBytes, viewOf } from '../core/bytes.js';
import { DTYPE_LAYOUTS, elementCount } from '../core/dtypes.js';
import { decodeElements } from '../core/elements.js';
import type { Bytes, DType, PlainArray } from '../types.js';
import { DTYPE_OF_SAFETENSORS, MAX_HEADER_BYTES, type Safetensors } from './format.js';

const OPERATION = 'readSafetensors';

interface Entry {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

/** Fewest bytes of a header per bracket that opens: a tensor has three and is described by fifty. */
const BYTES_PER_BRACKET = 12;
/** { name: { shape: [ … ] } } */
const MAX_DEPTH = 3;

/**
 * Whether the brackets of the header are as many and as deep as those of descriptions of tensors. `JSON.parse` makes an
 * object of 56 bytes or more of each, and a header of nothing else would take fifty times its size.
 */
function isHeaderLike(header: Uint8Array): boolean {
  let opened = 0;
  let depth = 0;
  let isText = false;
  for (let i = 0; i < header.length; i++) {
    const byte = header[i]!;
    if (isText) {
      if (byte === 0x5c) i++;
      else if (byte === 0x22) isText = false;
    } else if (byte === 0x22) isText = true;
    else if (byte === 0x5b || byte === 0x7b) {
      opened++;
      if (++depth > MAX_DEPTH) return false;
    } else if (byte === 0x5d || byte === 0x7d) depth--;
  }
  return (opened - 2) * BYTES_PER_BRACKET <= header.length;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function parseHeader(bytes: Uint8Array): { header: Record<string, unknown>; dataStart: number } {
  if (bytes.length < 8) throw formatError(OPERATION, `expected at least 8 bytes, got ${bytes.length}`);
  const declared = viewOf(bytes).getBigUint64(0, true);
  if (declared > BigInt(Math.min(MAX_HEADER_BYTES, bytes.length - 8))) {
    throw formatError(
      OPERATION,
      `the header is declared ${declared} bytes long, the file has ${bytes.length - 8} left`,
    );
  }
  const dataStart = 8 + Number(declared);
  const headerBytes = bytes.subarray(8, dataStart);
  if (!isHeaderLike(headerBytes)) throw formatError(OPERATION, 'the header holds something else than tensors');
  let header: unknown;
  try {
    header = JSON.parse(strFromU8(headerBytes));
  } catch (cause) {
    throw formatError(OPERATION, `the header is not JSON (${(cause as Error).message})`);
  }
  if (!isRecord(header)) throw formatError(OPERATION, 'the header is not a JSON object');
  return { header, dataStart };
}

function parseMetadata(value: unknown): Record<string, string> {
  if (value === undefined) return {};
  if (!isRecord(value) || !Object.values(value).every((text) => typeof text === 'string')) {
    throw formatError(OPERATION, '__metadata__ is not an object of strings');
  }
  return value as Record<string, string>;
}

function parseEntry(name: string, value: unknown, dataBytes: number): Entry {
  const where = `tensor ${JSON.stringify(name)}`;
  if (!isRecord(value)) throw formatError(OPERATION, `${where} is not described by an object`);
  const { dtype: code, shape, data_offsets: offsets } = value;
  const dtype =
    typeof code === 'string' && Object.hasOwn(DTYPE_OF_SAFETENSORS, code) ? DTYPE_OF_SAFETENSORS[code] : undefined;
  if (dtype === undefined) {
    const known = Object.keys(DTYPE_OF_SAFETENSORS);
    throw formatError(OPERATION, `${where} has dtype ${JSON.stringify(code)}, accepted are ${known.join(', ')}`, {
      expected: known,
      actual: code,
    });
  }
  const count = Array.isArray(shape) ? elementCount(shape as number[]) : undefined;
  if (count === undefined) throw formatError(OPERATION, `${where} has the shape ${JSON.stringify(shape)}`);
  const [begin, end] = (Array.isArray(offsets) && offsets.length === 2 ? offsets : []) as number[];
  const inside =
    Number.isSafeInteger(begin) && Number.isSafeInteger(end) && begin! >= 0 && begin! <= end! && end! <= dataBytes;
  if (!inside || end! - begin! !== count * DTYPE_LAYOUTS[dtype].bytes) {
    throw formatError(
      OPERATION,
      `${where} of shape [${(shape as number[]).join(', ')}] and dtype ${String(code)} has data_offsets ` +
        `${JSON.stringify(offsets)} in ${dataBytes} bytes of data`,
    );
  }
  return { name, dtype, shape: shape as number[], begin: begin!, end: end! };
}

function checkCoverage(entries: readonly Entry[], dataBytes: number): void {
  let covered = 0;
  for (const { name, begin, end } of [...entries].sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin !== covered) {
      throw formatError(
        OPERATION,
        `tensor ${JSON.stringify(name)} starts at byte ${begin} of the data, expected ${covered}`,
      );
    }
    covered = end;
  }
  if (covered !== dataBytes) {
    throw formatError(OPERATION, `the tensors take ${covered} bytes, the file holds ${dataBytes} bytes of data`);
  }
}

/**
 * Tensors and metadata of a .safetensors file.
 *
 * @param bytes the whole file
 * @returns tensors by name, in the order of the header, and the metadata
 * @throws FileFormatError if header, offsets or sizes contradict each other or the length of the file
 * @see https://github.com/huggingface/safetensors#format
 */
export function parseSafetensors(bytes: Bytes): Safetensors<PlainArray> {
  const file = toBytes(bytes);
  const { header, dataStart } = parseHeader(file);
  const dataBytes = file.length - dataStart;
  const entries = Object.keys(header)
    .filter((name) => name !== '__metadata__')
    .map((name) => parseEntry(name, header[name], dataBytes));
  checkCoverage(entries, dataBytes);
  const metadata = parseMetadata(Object.hasOwn(header, '__metadata__') ? header['__metadata__'] : undefined);
  const tensors = recordOf(
    entries.map(({ name, dtype, shape, begin, end }) => {
      const data = decodeElements(file.subarray(dataStart + begin, dataStart + end), dtype, true);
      return [name, { dtype, shape, data }] as const;
    }),
  );
  return { tensors, metadata };
}

/** {@link parseSafetensors} as a promise, like the other readers. */
export async function readSafetensors(bytes: Bytes): Promise<Safetensors<PlainArray>> {
  return parseSafetensors(bytes);
}
