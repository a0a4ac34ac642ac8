import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { FileFormatError } from '@opposable/tensor-checks';
import { restoreVariables } from '@opposable/training';
import { loadCheckpoint, loadLastCheckpoint, type LoadedCheckpoint } from '@opposable/training/node';
import { allVariables } from '../run/hand-run.js';
import { createHeatmapRun, type HeatmapRun, isHeatmapInfo } from './heatmap-run.js';

/** Folder of the checkpoints within a run. */
export const HEATMAP_CHECKPOINTS = 'checkpoints';

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** The best checkpoint of a run, else its last one, or the checkpoint that the folder itself is. */
async function findCheckpoint(folder: string): Promise<{ path: string; checkpoint: LoadedCheckpoint }> {
  const inside = join(folder, HEATMAP_CHECKPOINTS);
  const best = join(inside, 'best');
  if (await exists(best)) return { path: best, checkpoint: await loadCheckpoint(best) };
  const last = await loadLastCheckpoint(inside);
  if (last !== undefined) return { path: last.path, checkpoint: last };
  const single = join(folder, 'checkpoint');
  const path = (await exists(single)) ? single : folder;
  return { path, checkpoint: await loadCheckpoint(path) };
}

/** Whether a folder holds a run of a heat-map network; false where it holds nothing that can be read. */
export async function isHeatmapRun(folder: string): Promise<boolean> {
  return findCheckpoint(folder).then(
    ({ checkpoint }) => isHeatmapInfo(stateInfo(checkpoint.state)),
    () => false,
  );
}

/** Training writes { info, … }. */
export function stateInfo(state: unknown): unknown {
  return (state as { info?: unknown } | null)?.info ?? state;
}

/**
 * Loads the network of a run: of its best checkpoint, or the last where there is no best.
 *
 * @param folder of a run, or one checkpoint
 * @param options.inputSize side of the images in pixels, where it shall be another than the network was trained with: it is fully
 * convolutional, so the same weights see a larger or a smaller picture
 * @throws FileFormatError if there is no checkpoint, or one that is damaged or not of a heat-map network; ConfigError for a size that
 * the network does not halve evenly
 */
export async function loadHeatmapRun(
  folder: string,
  options: { inputSize?: number | undefined } = {},
): Promise<HeatmapRun> {
  const { path, checkpoint } = await findCheckpoint(folder);
  const info = stateInfo(checkpoint.state);
  if (!isHeatmapInfo(info)) {
    throw new FileFormatError(
      `loadHeatmapRun: expected the checkpoint of a heat-map network in ${path}, found another kind.`,
      { expected: 'kind "heatmap"', actual: checkpoint.state },
    );
  }
  const network = { ...info.network, inputSize: options.inputSize ?? info.network.inputSize };
  const run = createHeatmapRun(network, info.coding, 0);
  try {
    restoreVariables(allVariables(run.model), checkpoint.variables);
  } catch (error) {
    run.dispose();
    throw error;
  }
  return { ...run, info: { ...info, network } };
}
