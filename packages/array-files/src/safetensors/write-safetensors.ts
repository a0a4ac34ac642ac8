import { ConfigError } from '@opposable/tensor-checks';
import { strToU8 } from 'fflate';
import { recordOf, viewOf } from '../core/bytes.js';
import { checkArrayInput, DTYPE_LAYOUTS } from '../core/dtypes.js';
import { encodeElements } from '../core/elements.js';
import type { ArrayInput } from '../types.js';
import { SAFETENSORS_OF_DTYPE } from './format.js';

const OPERATION = 'writeSafetensors';
const byCodeUnits = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/**
 * A .safetensors file. The same input gives the same bytes: tensors are sorted by element size (largest first, which
 * keeps every tensor aligned) and then by name, metadata by key; the header is padded to a multiple of 8 bytes.
 *
 * @param tensors arrays by name; `dtype` is that of the typed array unless given (`'float16'`, `'bool'`, …)
 * @param metadata texts stored beside them
 * @returns the bytes of the file
 * @throws ConfigError if an array's data, shape and dtype do not fit together or the format has no such dtype
 *
 * @example
 * const bytes = writeSafetensors({ bias: { shape: [2], data: new Float32Array([1, 2]) } }, { step: '100' });
 * parseSafetensors(bytes).tensors['bias']!.data; // → Float32Array [1, 2]
 */
export function writeSafetensors(
  tensors: Readonly<Record<string, ArrayInput>>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const arrays = Object.entries(tensors).map(([name, input]) => {
    const dtype = checkArrayInput(input, OPERATION, JSON.stringify(name));
    const code = SAFETENSORS_OF_DTYPE.get(dtype);
    if (code === undefined || name === '__metadata__') {
      const problem = code === undefined ? `the format has no dtype ${dtype}` : 'the format reserves this name';
      throw new ConfigError(`${OPERATION}: tensor ${JSON.stringify(name)} cannot be written, ${problem}.`, {
        expected: [...SAFETENSORS_OF_DTYPE.keys()],
        actual: dtype,
      });
    }
    return { name, code, dtype, input, size: DTYPE_LAYOUTS[dtype].bytes };
  });
  arrays.sort((a, b) => b.size - a.size || byCodeUnits(a.name, b.name));

  const entries: [string, unknown][] = [];
  const metadataEntries = Object.entries(metadata).sort(([a], [b]) => byCodeUnits(a, b));
  if (metadataEntries.length > 0) entries.push(['__metadata__', recordOf(metadataEntries)]);
  let dataBytes = 0;
  for (const { name, code, dtype, input } of arrays) {
    const begin = dataBytes;
    dataBytes += (input.data.length / DTYPE_LAYOUTS[dtype].parts) * DTYPE_LAYOUTS[dtype].bytes;
    entries.push([name, { dtype: code, shape: input.shape, data_offsets: [begin, dataBytes] }]);
  }
  const header = strToU8(JSON.stringify(recordOf(entries)));
  const headerBytes = Math.ceil(header.length / 8) * 8;

  const file = new Uint8Array(8 + headerBytes + dataBytes).fill(0x20, 8, 8 + headerBytes);
  viewOf(file).setBigUint64(0, BigInt(headerBytes), true);
  file.set(header, 8);
  let position = 8 + headerBytes;
  for (const { input, dtype } of arrays) {
    const bytes = encodeElements(input.data, dtype);
    file.set(bytes, position);
    position += bytes.length;
  }
  return file;
}
