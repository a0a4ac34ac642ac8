import { Command, Option } from 'commander';
import { degrees, wholeNumber } from '../options.js';

export interface Flags {
  out: string;
  views: number;
  size: number;
  pitch: number;
  antialias: number;
}

/** opposable render MODEL|MESH --out DIR */
export function renderCommand(): Command {
  return new Command('render')
    .description('Draw a mesh or the template of a model from all around: colour, normals, parts and depth.')
    .argument('<mesh>', 'a GLB, OBJ or PLY file, any model file that inspect reads, or open-hand')
    .requiredOption('--out <dir>', 'folder for turntable.png and outputs.png')
    .option('--views <n>', 'pictures all around', wholeNumber(1), 8)
    .addOption(new Option('--size <px>', 'side of one picture').argParser(wholeNumber(16)).default(256))
    .option('--pitch <degrees>', 'look from above (positive) or below', degrees, 15)
    .option('--antialias <n>', 'samples per pixel and axis, 1 … 8', wholeNumber(1), 3)
    .action(async (given: string, flags: Flags) => (await import('../actions/render.js')).renderAction(given, flags));
}
