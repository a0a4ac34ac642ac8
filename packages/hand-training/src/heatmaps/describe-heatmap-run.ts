import { describeNetwork } from '@opposable/hand-regressor';
import { textTable } from '../report/text-table.js';
import { loadHeatmapRun } from './heatmap-checkpoint.js';

/** The layers of a run's network with shapes and numbers of parameters, and the totals, as text. */
export async function describeHeatmapRun(checkpoint: string): Promise<string> {
  const run = await loadHeatmapRun(checkpoint);
  try {
    const { layers, trainable, fixed } = describeNetwork(run.model);
    const rows = layers.map(({ name, kind, outputShape, parameters }) => [
      name,
      kind,
      outputShape.join(' × '),
      parameters === 0 ? '' : String(parameters),
    ]);
    const table = textTable([['layer', 'kind', 'output', 'parameters'], ...rows]);
    return `${table}\n\n${trainable} parameters that are trained, ${fixed} running averages; ${run.info.epochs} epochs`;
  } finally {
    run.dispose();
  }
}
