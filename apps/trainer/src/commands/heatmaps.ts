import { Command, Option } from 'commander';
import { HEATMAP_FORMATS, type HeatmapFormat } from '@opposable/hand-training/choices';
import { type BackendFlag, backendOption } from '../backend-option.js';

export interface Flags extends BackendFlag {
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
    .action(async (dataset: string | undefined, flags: Flags) =>
      (await import('../actions/heatmaps.js')).heatmapsAction(dataset, flags, signal),
    );
}
