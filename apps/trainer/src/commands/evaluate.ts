import { Command, Option } from 'commander';
import { READER_NAMES, type ReaderName } from '@opposable/hand-datasets/choices';
import { HEATMAP_DECODINGS, type HeatmapDecoding } from '@opposable/hand-regressor/choices';
import { PROTOCOL_NAMES, type ProtocolName } from '@opposable/hand-training/choices';
import { type BackendFlag, backendOption } from '../backend-option.js';
import { wholeNumbers } from '../options.js';
import { readerOptionFlag, type ReaderOptionValues } from '../reader-options.js';

export interface Flags extends BackendFlag {
  checkpoint?: string;
  data?: string;
  hand?: string;
  split: string;
  reader?: ReaderName;
  readerOption?: ReaderOptionValues;
  rows?: number[];
  baseline?: string;
  protocol?: ProtocolName;
  decoding?: HeatmapDecoding;
  published?: string;
  submission?: boolean;
  score?: string;
  xyz?: string;
  verts?: string;
  out: string;
}

/** opposable evaluate RUN… --data DATASET --out DIR */
export function evaluateCommand(signal: AbortSignal): Command {
  return new Command('evaluate')
    .description(
      'Measure runs on a data set: errors by joint, PCK curves, best and worst pictures, one report for all.',
    )
    .argument('[run...]', 'folders of runs, for example runs/demo; several are compared')
    .option('--checkpoint <run>', 'the run, where the dataset stands in its place: evaluate DATASET --checkpoint RUN')
    .option('--data <dir>', 'a prepared dataset, or with --reader the folder of a raw one')
    .option('--hand <file>', 'where the hand model of the runs is now, if they were trained with one from a file')
    .requiredOption('--out <dir>', 'folder for report.html, scores.txt, .csv and .json, plots and pictures')
    .option('--split <name>', 'split of the prepared dataset', 'test')
    .addOption(new Option('--reader <name>', 'read a raw dataset').choices(READER_NAMES))
    .addOption(readerOptionFlag())
    .option('--rows <list>', 'records of the raw dataset, for example 0,50,100', wholeNumbers)
    .option('--baseline <split>', 'also measure the mean hand of this split of the dataset, for example train')
    .addOption(
      new Option('--protocol <name>', 'a published way of measuring, beside the general one').choices(PROTOCOL_NAMES),
    ) // prettier-ignore
    .addOption(
      new Option('--decoding <name>', 'how heat maps become places, other than their run says').choices(
        HEATMAP_DECODINGS,
      ),
    )
    .option('--published <dir>', 'folder of published PCK curves, drawn beside those of the protocol')
    .option('--submission', 'also write submission.json, joints and vertices in the form of FreiHAND and HO-3D')
    .option('--score <file>', 'score such a file instead of runs; needs --xyz and --protocol freihand or ho3d')
    .option('--xyz <file>', 'true joints for --score, for example evaluation_xyz.json')
    .option('--verts <file>', 'true vertices for --score, for example evaluation_verts.json')
    .addOption(backendOption())
    .action(async (words: string[], flags: Flags) =>
      (await import('../actions/evaluate.js')).evaluateAction(words, flags, signal),
    );
}
