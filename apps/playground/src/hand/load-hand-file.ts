import { detectFormat } from '@opposable/array-files';
import { hasManoTopology, type ManoModel } from '@opposable/mano-layer/conventions';
import { loadManoModel } from '@opposable/mano-layer/files';
import { ConfigError } from '@opposable/tensor-checks';
import type { HandSource } from './posed-hand.js';

const MOST_BYTES = 256 * 2 ** 20;
/** Those that the page says it takes. Others (HDF5, newer MATLAB) would be read by code that is fetched when it is needed first. */
const FORMATS: readonly unknown[] = ['pickle', 'npz', 'safetensors'];

/** Reads a hand model from a file of the user's, in the page: nothing is sent anywhere, nothing in the file is run. */
export async function loadHandFile(file: File): Promise<HandSource> {
  if (file.size > MOST_BYTES) {
    throw new ConfigError(
      `${file.name}: expected a hand model of at most 256 MiB, got ${Math.round(file.size / 2 ** 20)} MiB.`,
    );
  }
  const bytes = await file.arrayBuffer();
  const format = detectFormat(bytes);
  if (!FORMATS.includes(format)) {
    throw new ConfigError(
      `${file.name}: expected a hand model as .pkl, .npz or .safetensors, got ${format === undefined ? 'another file' : `a file of the format ${format}`}.`,
      { expected: FORMATS, actual: format },
    );
  }
  const model: ManoModel = await loadManoModel(bytes);
  if (model.landmarks === undefined && !hasManoTopology(model)) {
    throw new ConfigError(
      `${file.name}: expected a hand with MANO's 778 vertices and 1538 faces or with landmarks of its own, ` +
        `got ${model.vertexCount} vertices and ${model.faces.length / 3} faces without landmarks.`,
    );
  }
  return { model, name: file.name, anatomical: false };
}
