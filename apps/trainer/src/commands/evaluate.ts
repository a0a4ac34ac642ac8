import { Command, Option } from 'commander';
import { chooseBackend, evaluateHeatmaps, evaluateOn, FIT_READERS, isHeatmapRun } from '@opposable/hand-training';
import { ConfigError } from '@opposable/tensor-checks';
import { backendOption, type BackendFlag } from '../backend-option.js';
import { wholeNumbers } from '../options.js';
import { readerOptionFlag, type ReaderOptionValues } from '../reader-options.js';

interface Flags extends BackendFlag {
  checkpoint: string;
  data: string;
  split: string;
  reader?: (typeof FIT_READERS)[number];
  readerOption?: ReaderOptionValues;
  rows?: number[];
  out: string;
}

/** opposable evaluate DATASET --checkpoint RUN --out DIR */
export function evaluateCommand(): Command {
  return new Command('evaluate')
    .description('Measure a run on a data set: 2D and 3D errors, curves, pictures from the best to the worst.')
    .argument('<data>', 'a prepared dataset, or with --reader the folder of a raw one')
    .requiredOption('--checkpoint <run>', 'folder of a run, for example runs/demo')
    .requiredOption('--out <dir>', 'folder for scores.json, scores.txt and hands.png')
    .option('--split <name>', 'split of the prepared dataset', 'test')
    .addOption(new Option('--reader <name>', 'read a raw dataset').choices(FIT_READERS))
    .addOption(readerOptionFlag())
    .option('--rows <list>', 'records of the raw dataset, for example 0,50,100', wholeNumbers)
    .addOption(backendOption())
    .action(async (data: string, { checkpoint, out, split, reader, readerOption, rows, backend }: Flags) => {
      if ((rows !== undefined || readerOption !== undefined) && reader === undefined) {
        const flag = rows === undefined ? '--reader-option' : '--rows';
        throw new ConfigError(`${flag} is accepted only together with --reader.`, {
          expected: '--reader',
          actual: undefined,
        });
      }
      process.stdout.write(`${await chooseBackend(backend)}\n`);
      const source =
        reader === undefined
          ? { prepared: data, split }
          : { reader, readerOptions: readerOption, root: data, rows, cropFactor: 2.2 };
      if (await isHeatmapRun(checkpoint)) {
        const { text } = await evaluateHeatmaps({ checkpoint, out, data: source });
        process.stdout.write(`${text}\n`);
        return;
      }
      process.stdout.write(`${await evaluateOn({ checkpoint, out, data: source })}\n`);
    });
}
