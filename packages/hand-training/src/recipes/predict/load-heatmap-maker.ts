import { loadHeatmapRun } from '../../heatmaps/heatmap-checkpoint.js';
import { mapsForInference } from '../../heatmaps/heatmap-run.js';
import type { HeatmapMaker } from '../predict-hand.js';
import { heatmapMaker } from './heatmap-maker.js';

/**
 * The network of a heat-map run as what makes the maps for another network.
 *
 * @throws FileFormatError for a bad checkpoint
 */
export async function loadHeatmapMaker(checkpoint: string): Promise<HeatmapMaker & { dispose(): void }> {
  const run = mapsForInference(await loadHeatmapRun(checkpoint));
  return { ...heatmapMaker(run), dispose: () => run.dispose() };
}
