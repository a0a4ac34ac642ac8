import { chooseBackend, describeHeatmapRun, writeHeatmaps } from '@opposable/hand-training';
import type { Flags } from '../commands/heatmaps.js';
import { workProgress } from '../work-progress.js';

/** What `opposable heatmaps DATASET --checkpoint RUN` does. */
export async function heatmapsAction(
  dataset: string | undefined,
  { checkpoint, format, split, overwrite, backend }: Flags,
  signal: AbortSignal,
): Promise<void> {
  const stream = process.stdout;
  stream.write(`${await chooseBackend(backend)}\n`);
  if (dataset === undefined) {
    stream.write(`${await describeHeatmapRun(checkpoint)}\n`);
    return;
  }
  const progress = workProgress(stream, 'heat maps', 'images');
  const { splits, size } = await writeHeatmaps({
    ...{ dataset, checkpoint, format, splits: split, overwrite, signal },
    onProgress: (work) => progress.update(work),
  }).finally(() => progress.end());
  const counts = Object.entries(splits).map(([name, count]) => `${count} ${name}`);
  stream.write(`${counts.join(', ')} images: ${dataset}/heatmaps, ${size} × ${size}, ${format}\n`);
}
