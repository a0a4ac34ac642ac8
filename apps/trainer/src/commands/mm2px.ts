import { Command, InvalidArgumentError, Option } from 'commander';
import { writeNpz } from '@opposable/array-files';
import { readers, writeFileAtomic } from '@opposable/hand-datasets/node';
import { bytesText } from '../options.js';

const CAMERAS = ['bb-left', 'bb-right', 'sk-color', 'sk-depth'] as const;
type Camera = (typeof CAMERAS)[number];

interface Flags {
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
    .action(async (root: string, { out, cameras, root: first }: Flags) => {
      const stream = readers.stb(root, { cameras, root: first });
      const frames = new Map<string, Float64Array[]>();
      for await (const { keypoints, image, sequence } of stream.records()) {
        // images/B1Counting/BB_left_12.png
        const [, camera, frame] = /([^/]+)_(\d+)\.png$/.exec(image)! as unknown as [string, string, string];
        const name = `${sequence}_${camera}`;
        const list = frames.get(name) ?? [];
        frames.set(name, list);
        list[Number(frame)] = keypoints;
      }
      const arrays = [...frames].map(([name, rows]) => {
        const data = new Float64Array(rows.length * 42).fill(NaN); // a frame that was dropped stays so
        rows.forEach((row, i) => data.set(row, 42 * i));
        return [name, { shape: [rows.length, 21, 2], data }] as const;
      });
      const bytes = writeNpz(Object.fromEntries(arrays), { compression: 'deflate' });
      await writeFileAtomic(out, bytes);
      const { read, dropped, problems } = stream.report;
      process.stdout.write(
        `${out}: ${arrays.length} arrays, ${read} frames, order 'stereo', ${bytesText(bytes.length)}\n`,
      );
      for (const [reason, count] of Object.entries(dropped))
        process.stdout.write(`left out: ${count} ${reason}; frames of a sequence that is there are NaN then\n`);
      for (const { message } of problems.slice(0, 10)) process.stdout.write(`  ${message}\n`);
    });
}
