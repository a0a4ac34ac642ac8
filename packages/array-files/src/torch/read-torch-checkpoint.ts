import { allowanceFor } from '../core/allowance.js';
import { maxBytesOf, toBytes } from '../core/bytes.js';
import type { ReadPickleOptions } from '../pickle/read-pickle.js';
import type { Bytes, PickleValue } from '../types.js';
import { readTorchLegacy } from './read-torch-legacy.js';
import { readTorchZip } from './read-torch-zip.js';

const OPERATION = 'readTorchCheckpoint';
const ZIP_START = 0x50;

/**
 * What `torch.save` wrote: state dicts, optimiser states and whatever else is made of tensors, numpy arrays, numbers,
 * texts and containers, in the ZIP format (PyTorch 1.6 and later) or the legacy one. No code is ever run.
 *
 * Every tensor becomes a row-major array of its own memory, whatever its strides, offset and device were; parameters
 * become their data; names are kept as they are, `module.` included. bfloat16 and half are read as float32.
 *
 * @param bytes the whole file
 * @returns the saved object, as `readPickle` gives such values
 * @throws FileFormatError that names the first class which is not read, with its byte position (sparse and quantised
 *   tensors, whole modules, TorchScript); or if the file is malformed or asks for far more memory than it has bytes
 * @see https://docs.pytorch.org/docs/stable/notes/serialization.html
 */
export function parseTorchCheckpoint(bytes: Bytes, options: ReadPickleOptions = {}): PickleValue {
  const file = toBytes(bytes);
  const maxBytes = maxBytesOf(options);
  const allowance = allowanceFor(file.length, options.maxBytes, OPERATION);
  return file[0] === ZIP_START
    ? readTorchZip(file, OPERATION, allowance, { ...options, maxBytes })
    : readTorchLegacy(file, OPERATION, allowance, options);
}

/** {@link parseTorchCheckpoint} as a promise, like the other readers. */
export async function readTorchCheckpoint(bytes: Bytes, options: ReadPickleOptions = {}): Promise<PickleValue> {
  return parseTorchCheckpoint(bytes, options);
}
