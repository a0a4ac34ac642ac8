import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import type * as tf from '@tensorflow/tfjs-core';
import { writeFileAtomic } from '@opposable/hand-datasets/node';
import {
  combineLoggers,
  type EventValue,
  type FitResult,
  histogram,
  type OptimizerState,
  type ScheduleStates,
  TrainingError,
} from '@opposable/training';
import {
  asWriteError,
  type Checkpoint,
  eventFile,
  eventLogger,
  forgetLater,
  keepCheckpoints,
  loadLastCheckpoint,
  metricsFile,
  WriteError,
} from '@opposable/training/node';
import { evaluateRun } from '../../evaluation/evaluate-run.js';
import { afterStage, allVariables, type HandRun, trainableVariables } from '../../run/hand-run.js';
import type { StageObserver } from '../stage.js';
import { drawProgress } from './draw-progress.js';
import { runPaths } from './paths.js';
import { saveFailure } from './save-failure.js';
import { type BestSoFar, KEEP_DEFAULTS, type RunFiles, type StageProgress } from './types.js';

/** What a checkpoint is made of, at the end of a step or of the stage. */
interface Moment {
  readonly iteration: number;
  readonly optimizerState: OptimizerState;
  readonly scheduleStates: ScheduleStates;
}

/**
 * Keeps the files of a run while a stage trains: checkpoints, metrics, TensorBoard events, errors on held-back samples,
 * pictures, and the batch of a step that failed.
 *
 * In a group every replica has one, and only that of rank 0 is told of steps.
 *
 * @param now milliseconds of a clock
 */
export function observeRun(
  run: HandRun,
  files: RunFiles,
  rank = 0,
  now: () => number = () => performance.now(),
): Required<Pick<StageObserver, 'logger' | 'onStep' | 'onFailure' | 'onEnd'>> {
  const { out, stage, validation, shown, replicas, backend, sources, resumedFrom } = files;
  const { every, everySeconds, last, validateEvery } = { ...KEEP_DEFAULTS, ...definedOf(files.keep) };
  const paths = runPaths(out, stage.kind);
  const kept = keepCheckpoints(paths.checkpoints, { last });
  const events = eventFile(paths.events, { resumedFrom });
  if (rank === 0) forgetLater(paths.validation, resumedFrom);
  let best = files.best;
  let savedAt = now();
  let savedIteration = -1;
  let lastLoss: number | undefined;

  const checkpointOf = ({ iteration, optimizerState, scheduleStates }: Moment): Checkpoint => {
    const state: StageProgress = {
      ...afterStage(run, stage.kind, iteration).info,
      progress: {
        ...{ stage, iteration, scheduleStates, replicas, backend, sources, best },
        position: iteration * stage.batchSize,
        seed: stage.seed,
      },
    };
    return { variables: allVariables(run.model), optimizerState, state };
  };

  const save = async (moment: Moment): Promise<void> => {
    if (savedIteration === moment.iteration) return;
    await kept.save(moment.iteration, checkpointOf(moment));
    savedIteration = moment.iteration;
    savedAt = now();
  };

  const saveIfBest = async (metric: BestSoFar['metric'], value: number, moment: Moment): Promise<void> => {
    if (best !== null && best.metric === metric && !(value < best.value)) return;
    best = { metric, value, iteration: moment.iteration };
    await kept.saveBest(checkpointOf(moment));
  };

  const validate = async (moment: Moment): Promise<void> => {
    const { iteration } = moment;
    const values: EventValue[] = histogramsOf(await weightsOf(run));
    const sets = { ...(shown ? { train: shown } : {}), ...(validation ? { test: validation } : {}) };
    if (Object.keys(sets).length > 0) {
      const { image, png } = await drawProgress(run, sets);
      const { width, height } = image;
      await writeFileAtomic(join(paths.pictures, `step-${String(iteration).padStart(8, '0')}.png`), png);
      values.push({ tag: 'hands', image: { width, height, encoded: png } });
    }
    if (validation !== undefined) {
      const { twoD, threeD } = (await evaluateRun(run, validation)).scores;
      const record = { keypoints2d: twoD.meanPixels, ...(threeD ? { paMpjpe: threeD.paMpjpe } : {}) };
      await appendFile(paths.validation, `${JSON.stringify({ iteration, ...record })}\n`);
      values.push(...Object.entries(record).map(([name, scalar]) => ({ tag: `validation/${name}`, scalar })));
      await saveIfBest('keypoints2d', twoD.meanPixels, moment);
    }
    events.write(iteration, values);
  };

  /** Does what writes files; an error then says which checkpoint is still good. */
  const guarded = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      throw await withLastGood(asWriteError('observeRun', out, error), paths.checkpoints);
    }
  };

  return {
    logger:
      rank > 0 ? combineLoggers() : combineLoggers(metricsFile(paths.metrics, { resumedFrom }), eventLogger(events)),
    onStep: (info) =>
      guarded(async () => {
        const { iteration, record } = info;
        if (iteration % validateEvery === 0) await validate(info);
        lastLoss = record?.total ?? lastLoss;
        if (iteration % every !== 0 && now() - savedAt < 1000 * everySeconds) return;
        if (validation === undefined && lastLoss !== undefined) await saveIfBest('loss', lastLoss, info);
        await save(info);
      }),
    async onFailure(failure) {
      await saveFailure(paths.failure, rank, failure);
      const { message } = await withLastGood(failure.error, paths.checkpoints, paths.failure);
      Object.assign(failure.error, { message });
    },
    async onEnd(result: FitResult) {
      if (rank > 0) return;
      if (result.iteration > resumedFrom) await guarded(() => save(result));
      events.close();
    },
  };
}

function definedOf<T extends object>(options: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as never;
}

/** The same error, with where the batch is and which checkpoint is the last good one. */
async function withLastGood(reason: unknown, checkpoints: string, failure?: string): Promise<Error> {
  const error = reason as Error;
  if (!(error instanceof TrainingError || error instanceof WriteError)) return error;
  // the loss of iteration i is that of the weights after i steps, so it speaks against the checkpoint of that number too
  const before = error instanceof TrainingError ? error.iteration : Infinity;
  const last = await loadLastCheckpoint(checkpoints, { before });
  const kept = last === undefined ? 'there is no good checkpoint yet' : `the last good checkpoint is ${last.path}`;
  const batch = failure === undefined ? '' : `; the batch is in ${failure}`;
  const message = `${error.message.replace(/\.$/, '')}${batch}; ${kept}.`;
  const { expected, actual } = error;
  if (error instanceof WriteError) return new WriteError(message, { expected, actual, cause: error });
  const { iteration, terms } = error;
  return new TrainingError(message, { expected, actual, cause: error, iteration, terms });
}

async function weightsOf(run: HandRun): Promise<[string, tf.TypedArray][]> {
  const variables = Object.entries(trainableVariables(run.model));
  return Promise.all(
    variables.map(async ([name, variable]) => [name, await variable.data()] as [string, tf.TypedArray]),
  );
}

function histogramsOf(weights: readonly (readonly [string, ArrayLike<number>])[]): EventValue[] {
  return weights.map(([name, values]) => ({ tag: `weights/${name}`, histogram: histogram(values) }));
}
