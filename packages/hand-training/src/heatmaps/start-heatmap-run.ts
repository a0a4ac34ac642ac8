import { loadTorchWeights } from '@opposable/hand-regressor';
import { naming, readTorchState } from '../run/read-torch-state.js';
import { createHeatmapRun, type HeatmapRun } from './heatmap-run.js';
import type { HeatmapCoding, HeatmapNetworkInfo } from './types.js';

/** A network without a history. */
export interface NewHeatmapNetwork extends HeatmapNetworkInfo {
  /** File with PyTorch's names (.pth, .safetensors) that all of the weights come from, the tutorial's for example; else random. */
  readonly pretrained?: string | undefined;
}

/**
 * A new heat-map network.
 *
 * @param print takes a sentence about what was loaded
 * @throws FileFormatError naming a file that is none or does not fit; ConfigError for a network that there is not
 */
export async function startHeatmapRun(
  { pretrained, ...network }: NewHeatmapNetwork,
  coding: HeatmapCoding,
  seed: number | string,
  print: (line: string) => void,
): Promise<HeatmapRun> {
  const run = createHeatmapRun(network, coding, seed);
  if (pretrained === undefined) return run;
  try {
    const { state } = await readTorchState(pretrained);
    const { loaded, unused } = await naming(pretrained, () =>
      loadTorchWeights(run.model, state, { optionalLayers: [] }),
    );
    print(`${pretrained}: ${loaded.length} tensors loaded, ${unused.length} not used.`);
    return run;
  } catch (error) {
    run.dispose();
    throw error;
  }
}
