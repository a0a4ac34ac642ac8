import { mkdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { writeFileAtomic } from '@opposable/hand-datasets/node';
import { handSubmissionJson } from '@opposable/metrics';
import { ConfigError, DatasetError } from '@opposable/tensor-checks';
import { type DataSource, loadTrainingData } from '../../data/load-training-data.js';
import { inputShapeOf } from '../../data/network-input.js';
import type { TrainingArrays } from '../../data/training-arrays.js';
import { evaluateMeanHand } from '../../evaluation/baselines.js';
import { predictParameters } from '../../evaluation/predict-parameters.js';
import type { ProtocolName } from '../../evaluation/protocols/protocol-names.js';
import type { HandRun } from '../../run/hand-run.js';
import { loadRun } from '../../run/run-checkpoint.js';
import { measureEvaluation, measureRun, submittedHands } from './measure-run.js';
import { readPublished } from './read-published.js';
import { submissionForm } from './submission-form.js';
import { comparedRun } from './compared-run.js';
import { type ComparedRun, writeComparison } from './write-comparison.js';

export interface EvaluateRunsOptions {
  /** Folders of runs. */
  readonly runs: readonly string[];
  /** Where the file of their hand is now; default where it was. Only for runs that are not of the open hand. */
  readonly hand?: string | undefined;
  readonly data: DataSource;
  /** Folder for the report. */
  readonly out: string;
  /** Split of the prepared dataset whose mean hand is measured beside the runs. */
  readonly baseline?: string | undefined;
  /** A published way of measuring, beside the standard one. */
  readonly protocol?: ProtocolName | undefined;
  /** Folder of published PCK curves, drawn beside the protocol's. */
  readonly published?: string | undefined;
  /** Writes `submission.json` (of each run), joints and vertices in the camera's frame. Default false. */
  readonly submission?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly print?: ((line: string) => void) | undefined;
}

/** Side of the images that the baseline does not look at, and how many samples its mean is of. */
const BASELINE = { imageSize: 32, samples: 2000 } as const;

/** The mean hand of the first samples of a split, as an answer to every image. */
async function compareMeanHand(
  { layer, hand }: HandRun,
  arrays: TrainingArrays,
  { data, baseline, protocol }: Pick<EvaluateRunsOptions, 'data' | 'baseline' | 'protocol'>,
): Promise<ComparedRun> {
  if (!('prepared' in data)) {
    throw new ConfigError('evaluateRuns: expected a prepared dataset for the baseline, got one that a reader reads.');
  }
  const source = { ...data, split: baseline! };
  const training = await loadTrainingData(source, BASELINE.imageSize, { limit: BASELINE.samples });
  if (!training.handParametersValid.includes(1)) {
    throw new DatasetError(
      `evaluateRuns: expected samples with the 22 numbers for the baseline, ${describeData(source)} has none.`,
    );
  }
  const measured = measureEvaluation('mean-hand', await evaluateMeanHand(layer, training, arrays), { hand, arrays, protocol }); // prettier-ignore
  return {
    path: `mean of ${training.count} hands, ${describeData(source)}`,
    measured,
    sheets: [],
    histories: [],
    stages: [],
  };
}

/** Names for runs: their folders', that above for a folder named checkpoint, numbered where two are the same. */
export function runNames(paths: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return paths.map((path) => {
    const full = resolve(path);
    const name = basename(full) === 'checkpoint' ? basename(dirname(full)) : basename(full);
    const before = seen.get(name) ?? 0;
    seen.set(name, before + 1);
    return before === 0 ? name : `${name}-${before + 1}`;
  });
}

function describeData(source: DataSource): string {
  return 'reader' in source
    ? `${source.root}, read as ${source.reader}`
    : `the split "${source.split}" of ${source.prepared}`;
}

/**
 * Says what cannot be measured.
 *
 * @throws DatasetError where no keypoint is labelled and nothing is to be submitted
 */
function announce(
  { visibility, valid3d }: TrainingArrays,
  { data, submission, print }: { data: DataSource; submission: boolean; print: (line: string) => void },
): void {
  if (visibility.every((seen) => seen === 0)) {
    if (!submission) {
      throw new DatasetError(
        `evaluateRuns: expected labelled keypoints to measure by, found none in ${describeData(data)}; a submission can be written without.`,
      );
    }
    print('No sample has keypoints: the submission is written, and nothing is measured.');
  } else if (submission && !valid3d.includes(1)) {
    print('No sample has 3D keypoints: the submission is written, and 2D alone is measured.');
  }
}

/**
 * Measures one or several runs on a data set and writes one report that compares them: see `writeComparison`. Nothing is
 * written before all of them have been measured.
 *
 * @returns the table as text; nothing where no keypoint is labelled and the submission alone is written
 * @throws ConfigError without runs; what loading runs, data and curves throws; DatasetError for a protocol that the data do
 *   not allow
 */
export async function evaluateRuns(options: EvaluateRunsOptions): Promise<string> {
  const { runs: paths, data, out, protocol, submission = false, signal, print = () => {} } = options;
  if (paths.length === 0) throw new ConfigError('evaluateRuns: expected at least one run, got none.');
  const published = options.published === undefined ? [] : await readPublished(options.published);
  const names = runNames(paths);
  const arraysByInput = new Map<string, TrainingArrays>();
  const compared: ComparedRun[] = [];
  const submissions: [string, string][] = [];
  for (const [i, path] of paths.entries()) {
    signal?.throwIfAborted();
    const run = await loadRun(path, { hand: options.hand });
    try {
      const { imageSize, heatmaps } = inputShapeOf(run.info.network);
      const input = `${imageSize} ${heatmaps}`;
      const arrays = arraysByInput.get(input) ?? (await loadTrainingData(data, imageSize, { heatmaps, signal }));
      arraysByInput.set(input, arrays);
      // whoever publishes an evaluation set keeps its labels: there is something to submit and nothing to measure
      const isUnlabelled = arrays.visibility.every((seen) => seen === 0);
      const isBlind = submission && !arrays.valid3d.includes(1);
      if (i === 0) announce(arrays, { data, submission, print });
      const measuredBy = isBlind ? undefined : protocol;
      if (i === 0 && options.baseline !== undefined && !isUnlabelled) {
        compared.push(await compareMeanHand(run, arrays, { ...options, protocol: measuredBy }));
      }
      const measured = isUnlabelled ? undefined : await measureRun(names[i]!, run, arrays, measuredBy);
      if (measured !== undefined) compared.push(await comparedRun(path, run, arrays, measured));
      const folder = paths.length === 1 ? out : join(out, names[i]!);
      if (submission) {
        const parameters = measured?.evaluation.parameters ?? (await predictParameters(run.model, arrays));
        const hands = submissionForm(submittedHands(run, arrays, parameters), protocol);
        submissions.push([join(folder, 'submission.json'), handSubmissionJson(hands)]);
      }
      if (paths.length > 1)
        print(`${names[i]}: ${isUnlabelled ? 'answered for' : 'measured on'} ${arrays.count} hands.`);
    } finally {
      run.dispose();
    }
  }
  const text =
    compared.length === 0 ? '' : await writeComparison(out, { runs: compared, published, data: describeData(data) });
  for (const [path, json] of submissions) {
    await mkdir(dirname(path), { recursive: true });
    await writeFileAtomic(path, json);
  }
  return text;
}
