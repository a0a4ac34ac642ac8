import { Command, Option } from 'commander';
import {
  chooseBackend,
  describeHeatmapRun,
  HEATMAP_FORMATS,
  type HeatmapFormat,
  writeHeatmaps,
} from '@opposable/hand-training';
import { backendOption, type BackendFlag } from '../backend-option.js';
import { workProgress } from '../work-progress.js';

interface Flags extends BackendFlag {
  checkpoint: string;
  format: HeatmapFormat;
  split?: string[];
  overwrite?: true;
}

/** opposable heatmaps DATASET --checkpoint RUN */
export function heatmapsCommand(signal: AbortSignal): Command {
  return new Command('heatmaps')
    .description(
      'Put the 21 heat maps of every image into a prepared dataset; without a dataset, describe the network.',
    )
    .argument('[dataset]', 'folder of the prepared dataset')
    .requiredOption('--checkpoint <run>', 'folder of a run of heat maps, for example runs/heatmap-unet-small')
    .addOption(
      new Option('--format <name>', 'seven RGB pictures an image, as 3dhand has them, or one array a split')
        .choices(HEATMAP_FORMATS)
        .default('packed'),
    )
    .option('--split <names...>', 'only these splits')
    .option('--overwrite', 'replace the maps that are there')
    .addOption(backendOption())
    .action(async (dataset: string | undefined, { checkpoint, format, split, overwrite, backend }: Flags) => {
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
    });
}
