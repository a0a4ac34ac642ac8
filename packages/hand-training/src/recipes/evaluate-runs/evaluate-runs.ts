import { mkdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { writeFileAtomic } from '@opposable/hand-datasets/node';
import { handSubmissionJson } from '@opposable/metrics';
import { ConfigError } from '@opposable/tensor-checks';
import { type DataSource, loadTrainingData } from '../../data/load-training-data.js';
import { inputShapeOf } from '../../data/network-input.js';
import type { TrainingArrays } from '../../data/training-arrays.js';
import type { ProtocolName } from '../../evaluation/protocols/protocols.js';
import { readHistories } from '../../report/training-history.js';
import { loadRun } from '../../run/hand-run.js';
import { measureRun, submittedHands } from './measure-run.js';
import { readPublished } from './read-published.js';
import { runSheets } from './run-sheets.js';
import { type ComparedRun, writeComparison } from './write-comparison.js';

export interface EvaluateRunsOptions {
  /** Folders of runs. */
  readonly runs: readonly string[];
  readonly data: DataSource;
  /** Folder for the report. */
  readonly out: string;
  /** A published way of measuring, beside the standard one. */
  readonly protocol?: ProtocolName | undefined;
  /** Folder of published PCK curves, drawn beside the protocol's. */
  readonly published?: string | undefined;
  /** Writes `submission.json` (of each run), joints and vertices in the camera's frame. Default false. */
  readonly submission?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly print?: ((line: string) => void) | undefined;
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
 * Measures one or several runs on a data set and writes one report that compares them: see `writeComparison`. Nothing is
 * written before all of them have been measured.
 *
 * @returns the table as text
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
    const run = await loadRun(path);
    try {
      const { imageSize, heatmaps } = inputShapeOf(run.info.network);
      const input = `${imageSize} ${heatmaps}`;
      const arrays = arraysByInput.get(input) ?? (await loadTrainingData(data, imageSize, { heatmaps }));
      arraysByInput.set(input, arrays);
      const measured = await measureRun(names[i]!, run, arrays, protocol);
      compared.push({
        path,
        measured,
        sheets: runSheets(run, arrays, measured),
        histories: await readHistories(basename(resolve(path)) === 'checkpoint' ? dirname(resolve(path)) : path),
        stages: run.info.stages,
      });
      const folder = paths.length === 1 ? out : join(out, names[i]!);
      if (submission) {
        submissions.push([join(folder, 'submission.json'), handSubmissionJson(submittedHands(run, arrays, measured))]);
      }
      if (paths.length > 1) print(`${names[i]}: measured on ${arrays.count} hands.`);
    } finally {
      run.dispose();
    }
  }
  const text = await writeComparison(out, { runs: compared, published, data: describeData(data) });
  for (const [path, json] of submissions) {
    await mkdir(dirname(path), { recursive: true });
    await writeFileAtomic(path, json);
  }
  return text;
}
