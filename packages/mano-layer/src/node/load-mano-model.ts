import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { FileFormatError } from '@opposable/tensor-checks';
import { loadManoModel as loadFromBytes, type LoadManoModelOptions } from '../files/load-mano-model.js';
import type { ManoModel } from '../types.js';

/**
 * A hand model from a file: `loadManoModel` of `@opposable/mano-layer/files`, from a path too.
 *
 * @param source a path, a file URL, the bytes, or a model at hand
 * @param options side, topology, landmarks, and what to do about the shape directions of MANO's left hand
 * @returns a checked model
 * @throws FileFormatError if the file cannot be read, is of another format or malformed; ManoModelError if a field is
 *   missing or wrong, or if nothing says which side it is
 */
export async function loadManoModel(
  source: string | URL | Uint8Array | ArrayBuffer | ManoModel,
  options: LoadManoModelOptions = {},
): Promise<ManoModel> {
  if (typeof source !== 'string' && !(source instanceof URL)) return loadFromBytes(source, options);
  let bytes: Uint8Array;
  try {
    bytes = await readFile(source);
  } catch (cause) {
    const path = typeof source === 'string' ? source : fileURLToPath(source);
    throw new FileFormatError(`loadManoModel: cannot read '${path}' (${(cause as NodeJS.ErrnoException).code}).`, {
      cause,
    });
  }
  return loadFromBytes(bytes, options);
}
