import { Command, Option } from 'commander';
import { HEATMAP_DECODINGS, type HeatmapDecoding } from '@opposable/hand-regressor';
import {
  chooseBackend,
  evaluateHeatmaps,
  evaluateRuns,
  FIT_READERS,
  isHeatmapRun,
  PROTOCOL_NAMES,
  type ProtocolName,
  scoreSubmission,
} from '@opposable/hand-training';
import { ConfigError } from '@opposable/tensor-checks';
import { backendOption, type BackendFlag } from '../backend-option.js';
import { wholeNumbers } from '../options.js';
import { readerOptionFlag, type ReaderOptionValues } from '../reader-options.js';

interface Flags extends BackendFlag {
  checkpoint?: string;
  data?: string;
  hand?: string;
  split: string;
  reader?: (typeof FIT_READERS)[number];
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

function refuse(message: string): never {
  throw new ConfigError(message);
}

/** The file of a submission against the labels: no network takes part. */
async function scoreFile({ score, xyz, verts, protocol, out }: Flags): Promise<string> {
  if (xyz === undefined) refuse('--score needs --xyz, the file of the true joints.');
  if (protocol !== 'freihand' && protocol !== 'ho3d') {
    refuse(`--score needs --protocol freihand or ho3d, got ${protocol ?? 'none'}.`);
  }
  return scoreSubmission({ submission: score!, xyz, verts, protocol, out });
}

/** The words are runs; with --checkpoint they are the dataset. */
function runsAndData(words: string[], { checkpoint, data }: Flags): { runs: string[]; data: string | undefined } {
  if (checkpoint === undefined) return { runs: words, data };
  if (words.length !== 1 || data !== undefined) {
    refuse(
      '--checkpoint is accepted with one dataset before it and without --data: evaluate DATASET --checkpoint RUN.',
    );
  }
  return { runs: [checkpoint], data: words[0] };
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
    .addOption(new Option('--reader <name>', 'read a raw dataset').choices(FIT_READERS))
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
    .action(async (words: string[], flags: Flags) => {
      const { runs, data } = runsAndData(words, flags);
      const { split, reader, readerOption, rows, backend, score, xyz, verts, decoding, ...how } = flags;
      if (score !== undefined) {
        if (runs.length > 0) refuse('--score takes no runs beside it.');
        process.stdout.write(`${await scoreFile(flags)}\n`);
        return;
      }
      if (xyz !== undefined || verts !== undefined)
        refuse('--xyz and --verts are accepted only together with --score.');
      if (runs.length === 0) refuse('evaluate: expected at least one run, or --score with a file, got none.');
      if (data === undefined) refuse('evaluate: expected --data with a dataset to measure on, got none.');
      if ((rows !== undefined || readerOption !== undefined) && reader === undefined) {
        refuse(`${rows === undefined ? '--reader-option' : '--rows'} is accepted only together with --reader.`);
      }
      if (flags.baseline !== undefined && reader !== undefined) refuse('--baseline is accepted only without --reader.');
      process.stdout.write(`${await chooseBackend(backend)}\n`);
      const source =
        reader === undefined
          ? { prepared: data, split }
          : { reader, readerOptions: readerOption, root: data, rows, cropFactor: 2.2 };
      const print = (line: string): void => void process.stdout.write(`${line}\n`);
      for (const checkpoint of runs) {
        if (!(await isHeatmapRun(checkpoint))) continue;
        if (flags.hand !== undefined) refuse('--hand is accepted only with regressors.');
        if (runs.length > 1 || flags.protocol !== undefined || flags.baseline !== undefined) {
          refuse(`${checkpoint} is a heat-map network, which is measured alone, without --protocol and --baseline.`);
        }
        const { stdout: stream } = process;
        print((await evaluateHeatmaps({ checkpoint, out: flags.out, data: source, decoding, stream, signal })).text);
        return;
      }
      if (decoding !== undefined) refuse('--decoding is accepted only with a heat-map network.');
      const text = await evaluateRuns({ ...how, runs, data: source, signal, print });
      if (text !== '') print(text);
    });
}
