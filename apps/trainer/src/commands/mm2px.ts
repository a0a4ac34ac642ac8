import { Command, InvalidArgumentError, Option } from 'commander';

const CAMERAS = ['bb-left', 'bb-right', 'sk-color', 'sk-depth'] as const;
type Camera = (typeof CAMERAS)[number];

export interface Flags {
  out: string;
  cameras: Camera[];
  root: 'palm' | 'wrist';
}

function npzFile(text: string): string {
  if (text.endsWith('.npz')) return text;
  throw new InvalidArgumentError('Expected a file name that ends in .npz.');
}

/** opposable mm2px STB_ROOT --out FILE.npz */
export function mm2pxCommand(): Command {
  return new Command('mm2px')
    .description('Project the 3D labels of STB (mm) into the pictures of each of its cameras (px).')
    .argument('<root>', 'folder of STB with labels/; its pictures are not needed')
    .requiredOption('--out <file>', 'npz to write: [frames, 21, 2] for every sequence and camera', npzFile)
    .addOption(new Option('--cameras <names...>', 'only these').choices(CAMERAS).default([...CAMERAS]))
    .addOption(
      new Option('--root <point>', 'what stands first: the palm centre as labelled, or 2 · palm − ring knuckle')
        .choices(['palm', 'wrist'])
        .default('palm'),
    )
    .action(async (root: string, flags: Flags) => (await import('../actions/mm2px.js')).mm2pxAction(root, flags));
}
