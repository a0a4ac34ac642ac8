import { chooseBackend, evaluateHeatmaps, evaluateRuns, isHeatmapRun, scoreSubmission } from '@opposable/hand-training';
import { ConfigError } from '@opposable/tensor-checks';
import type { Flags } from '../commands/evaluate.js';

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

/** What `opposable evaluate RUN… --data DATASET --out DIR` does. */
export async function evaluateAction(words: string[], flags: Flags, signal: AbortSignal): Promise<void> {
  const { runs, data } = runsAndData(words, flags);
  const { split, reader, readerOption, rows, backend, score, xyz, verts, decoding, ...how } = flags;
  if (score !== undefined) {
    if (runs.length > 0) refuse('--score takes no runs beside it.');
    process.stdout.write(`${await scoreFile(flags)}\n`);
    return;
  }
  if (xyz !== undefined || verts !== undefined) refuse('--xyz and --verts are accepted only together with --score.');
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
}
