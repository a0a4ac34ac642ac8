import { Command, Option } from 'commander';
import { chooseBackend, predictFiles } from '@opposable/hand-training';
import { box } from '../options.js';
import { backendOption, type BackendFlag } from '../backend-option.js';

interface Flags extends BackendFlag {
  checkpoint: string;
  out: string;
  box?: [number, number, number, number];
  side: 'left' | 'right';
}

/** opposable predict IMAGE… --checkpoint RUN --out DIR */
export function predictCommand(signal: AbortSignal): Command {
  return new Command('predict')
    .description('Predict the hand in each image: overlay, the 22 numbers, keypoints, and the mesh as OBJ and GLB.')
    .argument('<image...>', 'image files with one hand each')
    .requiredOption('--checkpoint <run>', 'folder of a run, for example runs/demo')
    .requiredOption('--out <dir>', 'folder for the results')
    .option('--box <x,y,w,h>', 'box around the hand in pixels; without it the largest centred square is the crop', box)
    .addOption(new Option('--side <side>', 'which hand the images show').choices(['right', 'left']).default('right'))
    .addOption(backendOption())
    .action(async (images: string[], flags: Flags) => {
      process.stdout.write(`${await chooseBackend(flags.backend)}\n`);
      await predictFiles(images, {
        ...flags,
        signal,
        print: (line) => process.stdout.write(`${line}\n`),
        warn: (line) => process.stderr.write(`${line}\n`),
      });
    });
}
