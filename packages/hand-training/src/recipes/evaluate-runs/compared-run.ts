import { basename, dirname, resolve } from 'node:path';
import type { TrainingArrays } from '../../data/training-arrays.js';
import { readHistories } from '../../report/training-history.js';
import type { HandRun } from '../../run/hand-run.js';
import type { MeasuredRun } from './measure-run.js';
import { runSheets } from './run-sheets.js';
import type { ComparedRun } from './write-comparison.js';

/**
 * A measured run with its pictures and the curves of its training.
 *
 * @param path folder of the run, or its checkpoint
 */
export async function comparedRun(
  path: string,
  run: HandRun,
  arrays: TrainingArrays,
  measured: MeasuredRun,
): Promise<ComparedRun> {
  const folder = basename(resolve(path)) === 'checkpoint' ? dirname(resolve(path)) : path;
  return {
    path,
    measured,
    sheets: runSheets(run, arrays, measured),
    histories: await readHistories(folder),
    stages: run.info.stages,
  };
}
