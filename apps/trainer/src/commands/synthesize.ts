import { Command, Option } from 'commander';
import { SYNTHESIS_PRESETS, type SynthesisPreset } from '@opposable/hand-synthesis/choices';
import { shardOf, wholeNumber } from '../options.js';

export interface Flags {
  out?: string;
  config?: string;
  count: number;
  train?: number;
  test?: number;
  size?: number;
  seed?: number;
  preset?: SynthesisPreset;
  backgrounds?: string;
  colorings?: string;
  depth?: true;
  workers?: number;
  shard?: { index: number; count: number };
  merge?: true;
  restart?: true;
  overwrite?: true;
}

/** opposable synthesize --out DIR */
export function synthesizeCommand(signal: AbortSignal): Command {
  return new Command('synthesize')
    .description('Write a prepared dataset of synthetic hands with exact ground truth.')
    .option('--out <dir>', 'folder of the dataset, new or empty unless --overwrite is given')
    .option(
      '--config <file>',
      'YAML with ranges of all that varies; flags come before it; see configs/synthesize-*.yaml',
    )
    .option('--count <n>', 'images in all, a tenth of them held back', wholeNumber(1), 20_000)
    .option('--train <n>', 'images to learn from; default nine tenths of --count', wholeNumber(0))
    .option('--test <n>', 'images held back; default a tenth of --count', wholeNumber(0))
    .option('--size <pixels>', 'side of the images; default the preset’s', wholeNumber(32))
    .option('--seed <n>', 'the same seed gives the same bytes (default: 1)', wholeNumber(0))
    .addOption(
      new Option('--preset <name>', 'ranges of everything that varies (default: realistic)').choices(
        Object.keys(SYNTHESIS_PRESETS),
      ),
    )
    .option('--backgrounds <dir>', 'images to cut backgrounds from; default all are procedural')
    .option('--colorings <dir>', 'coloured meshes of the open hand, as color-meshes writes them; default drawn skin')
    .option('--depth', 'also write the depth of every pixel: 16-bit PNG in tenths of a millimetre')
    .option('--workers <n>', 'threads; default one per core', wholeNumber(0))
    .option('--shard <i/n>', 'make one of n parts only; join them with --merge', shardOf)
    .option('--merge', 'join the finished shards')
    .option('--restart', 'throw away what an earlier run has left unfinished')
    .option('--overwrite', 'replace a prepared dataset that stands at --out')
    .action(async (flags: Flags) => (await import('../actions/synthesize.js')).synthesizeAction(flags, signal));
}
