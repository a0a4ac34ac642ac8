import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { fill, type Variable } from '@tensorflow/tfjs-core';
import { createHeatmapUNet } from '@opposable/hand-regressor';
import { createRun, exportNetwork, type HandRun, type HeatmapRun, layersModelFolder, saveRun } from '@opposable/hand-training'; // prettier-ignore
import { createRng } from '@opposable/tensor-checks';

/** The two files of a network, by name. */
export async function networkFiles(folder: string): Promise<Record<string, Uint8Array>> {
  const names = ['model.json', 'weights.bin'];
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, new Uint8Array(await readFile(join(folder, name)))] as const)),
  );
}

/** A regressor with random weights, exported into a folder as the command line does it. */
export async function exportedRegressor(
  folder: string,
  encoder: 'small' | 'mobilenet-half',
  inputSize: number,
): Promise<HandRun> {
  const run = createRun({ encoder, inputSize }, `playground ${encoder}`);
  await saveRun(join(folder, 'run'), run);
  await exportNetwork({ run: join(folder, 'run'), out: join(folder, 'model.json') });
  return run;
}

function setBias(model: LayersModel, value: number): void {
  const bias = model.getLayer('maps').weights[1]!.read() as Variable;
  const filled = fill(bias.shape, value);
  bias.assign(filled);
  filled.dispose();
}

/** A heat-map network with random weights whose maps are as high as the bias of their logits says. */
export async function exportedDetector(folder: string, bias: number): Promise<HeatmapRun> {
  const network = {
    variant: 'small',
    inputSize: 32,
    normalization: { mean: [0.4, 0.4, 0.4], std: [0.2, 0.2, 0.2] },
  } as const;
  const model = createHeatmapUNet({ ...network, rng: createRng('playground maps') });
  setBias(model, bias);
  const coding = { sigma: 1, radius: 4, placement: 'exact', decoding: 'local', hidden: 'include' } as const;
  const info = { kind: 'heatmap', network, coding, keypointOrder: 'panoptic', epochs: 0 } as const;
  model.setUserDefinedMetadata(info);
  await model.save(layersModelFolder(folder));
  return { model, info, dispose: () => model.dispose() };
}
