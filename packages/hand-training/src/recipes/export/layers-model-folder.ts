import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { io } from '@tensorflow/tfjs-core';
import { writeFileAtomic } from '@opposable/hand-datasets/node';
import { FileFormatError } from '@opposable/tensor-checks';

const TOPOLOGY = 'model.json';
const WEIGHTS = 'weights.bin';

/** One file of weights after the other, in the order of the manifest. */
async function readWeights(folder: string, manifest: io.WeightsManifestConfig): Promise<ArrayBuffer> {
  const paths = manifest.flatMap((group) => group.paths);
  const outside = paths.find((path) => !/^[\w.-]+$/.test(path) || path.startsWith('.'));
  if (outside !== undefined) {
    throw new FileFormatError(`${join(folder, TOPOLOGY)}: expected files of weights beside it, got "${outside}".`, {
      expected: WEIGHTS,
      actual: outside,
    });
  }
  const parts = await Promise.all(paths.map((path) => readFile(join(folder, path))));
  return new Uint8Array(Buffer.concat(parts)).buffer;
}

/**
 * A folder with `model.json` and `weights.bin`, the form in which TensorFlow.js keeps a `LayersModel`: `model.save(…)` writes
 * it, `loadLayersModel(…)` reads it. A page loads the same folder by the address of its model.json.
 *
 * The layers of `@opposable/hand-regressor` must be known first: `registerHandRegressorLayers()`.
 */
export function layersModelFolder(folder: string): Required<Pick<io.IOHandler, 'load' | 'save'>> {
  return {
    async save({ weightData, weightSpecs, ...artifacts }) {
      const manifest = [{ paths: [WEIGHTS], weights: weightSpecs ?? [] }];
      const bytes = new Uint8Array(io.concatenateArrayBuffers([weightData ?? []].flat()));
      await writeFileAtomic(join(folder, WEIGHTS), bytes);
      const text = JSON.stringify({ ...artifacts, weightsManifest: manifest });
      await writeFileAtomic(join(folder, TOPOLOGY), text);
      return {
        modelArtifactsInfo: {
          dateSaved: new Date(),
          modelTopologyType: 'JSON',
          modelTopologyBytes: text.length,
          weightDataBytes: bytes.length,
        },
      };
    },
    async load() {
      const json = JSON.parse(await readFile(join(folder, TOPOLOGY), 'utf8')) as io.ModelJSON;
      return io.getModelArtifactsForJSON(json, async (manifest) => [
        manifest.flatMap(({ weights }) => weights),
        await readWeights(folder, manifest),
      ]);
    },
  };
}
