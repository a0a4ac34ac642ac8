import { type Bytes, type PlainArray, readNpz, readSafetensors } from '@opposable/array-files';
import { FileFormatError, ManoModelError } from '@opposable/tensor-checks';
import type { ManoModel, Side } from '../types.js';
import { MANO_FIELDS, manoModelFromArrays, type ManoModelOptions } from './mano-model-from-arrays.js';

/** Side (required where the file does not say it), topology and landmarks. */
export type LoadManoModelOptions = Partial<ManoModelOptions>;

interface Contents {
  readonly arrays: Record<string, PlainArray>;
  readonly metadata: Record<string, string>;
}

/** Everything in the archive; where it also holds texts or objects, the fields of the model alone. */
async function readNpzFields(bytes: Uint8Array): Promise<Record<string, PlainArray>> {
  try {
    return await readNpz(bytes);
  } catch (error) {
    if (!(error instanceof FileFormatError)) throw error;
    return readNpz(bytes, { names: Object.keys(MANO_FIELDS) });
  }
}

function isSafetensors(bytes: Uint8Array): boolean {
  // eight bytes of header length, of which the upper ones are zero, then a JSON object
  return bytes.length > 9 && bytes[8] === 0x7b && bytes[5] === 0 && bytes[6] === 0 && bytes[7] === 0;
}

const isZip = (bytes: Uint8Array): boolean => bytes[0] === 0x50 && bytes[1] === 0x4b;

/** Protocols 2 and later start with 0x80; protocols 0 and 1, as Python 2 wrote them, with a mark or a dict. */
const isPickle = (bytes: Uint8Array): boolean => bytes[0] === 0x80 || bytes[0] === 0x28 || bytes[0] === 0x7d;

async function readContents(bytes: Uint8Array): Promise<Contents> {
  if (isSafetensors(bytes)) {
    const { tensors, metadata } = await readSafetensors(bytes);
    return { arrays: tensors, metadata };
  }
  if (isZip(bytes)) return { arrays: await readNpzFields(bytes), metadata: {} };
  const found = isPickle(bytes) ? 'a Python pickle (.pkl), which this version does not read' : 'another format';
  throw new FileFormatError(
    `loadManoModel: expected a model as .npz or .safetensors, got ${bytes.length === 0 ? 'an empty file' : found}.`,
    { expected: ['.npz', '.safetensors'], actual: Array.from(bytes.subarray(0, 8)) },
  );
}

/**
 * A hand model from the bytes of a file with MANO's fields: .npz or .safetensors, told apart by the bytes.
 *
 * Field names are those of MANO's files, see `manoModelFromArrays`. The side and the mesh's name come from `options` or
 * from the metadata `side` and `topology` of a safetensors file. To read from a path, see `@opposable/mano-layer/node`.
 *
 * @param bytes the whole file
 * @param options side (required where the file does not say it), topology, landmarks
 * @returns a checked model
 * @throws FileFormatError if the bytes are neither format or malformed; ManoModelError if a field is missing or wrong,
 *   or if nothing says which side it is
 */
export async function loadManoModel(bytes: Bytes, options: LoadManoModelOptions = {}): Promise<ManoModel> {
  const { arrays, metadata } = await readContents(bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes));
  const side = options.side ?? metadata['side'];
  if (side !== 'left' && side !== 'right') {
    throw new ManoModelError(
      `loadManoModel: expected options.side to be left or right, got ${side ?? 'none'} (the file does not say it).`,
      { expected: ['left', 'right'] satisfies Side[], actual: side },
    );
  }
  return manoModelFromArrays(arrays, { ...options, side, topology: options.topology ?? metadata['topology'] });
}
