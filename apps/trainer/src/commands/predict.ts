import { Command, Option } from 'commander';
import { chooseBackend, predictFiles } from '@opposable/hand-training';
import { box } from '../options.js';
import { backendOption, type BackendFlag } from '../backend-option.js';
import { meansHeatmaps, PREDICT_MODELS, type PredictHeatmapFlags, predictHeatmaps } from './predict-heatmaps.js';

type Flags = BackendFlag & PredictHeatmapFlags;

/** opposable predict IMAGE… --checkpoint RUN --out DIR */
export function predictCommand(signal: AbortSignal): Command {
  return new Command('predict')
    .description('Predict the hand in each image: overlay, the 22 numbers, keypoints, and the mesh as OBJ and GLB.')
    .argument('<image...>', 'image files with one hand each')
    .requiredOption('--checkpoint <run>', 'folder of a run, for example runs/demo')
    .requiredOption('--out <dir>', 'folder for the results')
    .option('--box <x,y,w,h>', 'box around the hand in pixels; without it the largest centred square is the crop', box)
    .addOption(new Option('--side <side>', 'which hand the images show').choices(['right', 'left']).default('right'))
    .addOption(new Option('--model <kind>', 'what the run is; default as its checkpoint says').choices(PREDICT_MODELS))
    .option('--min-confidence <x>', 'of heat maps: below it an image shows no hand; default 0.35', Number)
    .option('--smooth-at <fps>', 'of heat maps: the images are frames of one camera; smooth the keypoints', Number)
    .addOption(backendOption())
    .action(async (images: string[], flags: Flags) => {
      process.stdout.write(`${await chooseBackend(flags.backend)}\n`);
      if (await meansHeatmaps(flags)) return predictHeatmaps(images, flags, signal);
      await predictFiles(images, {
        ...flags,
        signal,
        print: (line) => process.stdout.write(`${line}\n`),
        warn: (line) => process.stderr.write(`${line}\n`),
      });
    });
}
