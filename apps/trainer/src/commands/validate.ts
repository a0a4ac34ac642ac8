import { Command } from 'commander';
import { validateDataset } from '@opposable/hand-datasets/node';
import { createRng, DatasetError } from '@opposable/tensor-checks';
import { wholeNumber } from '../options.js';
import { workProgress } from '../work-progress.js';

/** Problems that are written out. */
const LISTED = 20;

interface Flags {
  out?: string;
  sheet: number;
  seed: number;
}

/** opposable validate DATASET */
export function validateCommand(signal: AbortSignal): Command {
  return new Command('validate')
    .description('Check a prepared dataset: hashes, images, annotations; draw random samples to look at.')
    .argument('<dataset>', 'folder of the prepared dataset')
    .option('--out <dir>', 'folder for contact sheets, one PNG per split; without it none are drawn')
    .option('--sheet <n>', 'samples on a sheet', wholeNumber(1), 24)
    .option('--seed <n>', 'which samples are drawn', wholeNumber(0), 1)
    .action(async (path: string, { out, sheet, seed }: Flags) => {
      const stream = process.stdout;
      const progress = workProgress(stream, 'checking', 'samples');
      const { splits, faults, problemCount, problems, sheets } = await validateDataset(path, {
        ...(out !== undefined && { sheets: { out, count: sheet, rng: createRng(seed) } }),
        onProgress: (done, total) => progress.update({ done, total }),
        signal,
      }).finally(() => progress.end());
      for (const [split, { count, masks, depths, with3d, withMano, faults: kinds }] of Object.entries(splits)) {
        const found = Object.entries(kinds).map(([kind, number]) => `${number} ${kind}`);
        const verdict = found.length > 0 ? `faults: ${found.join(', ')}` : 'no faults';
        stream.write(
          `${split}: ${count} samples, ${masks} masks, ${depths > 0 ? `${depths} depth maps, ` : ''}${with3d} with 3D, ${withMano} with MANO; ${verdict}\n`,
        );
      }
      for (const problem of problems.slice(0, LISTED)) stream.write(`  ${problem}\n`);
      if (problemCount > LISTED) stream.write(`  … and ${problemCount - LISTED} more\n`);
      for (const name of sheets) stream.write(`drew ${name}\n`);
      if (faults > 0) {
        throw new DatasetError(`validate: expected every sample of ${path} to be sound, found ${faults} with faults.`, {
          expected: 0,
          actual: faults,
        });
      }
    });
}
