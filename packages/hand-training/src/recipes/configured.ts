import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { synthesizeDataset, type SynthesizeDatasetOptions } from '@opposable/hand-synthesis/node';
import { writeFileAtomic } from '@opposable/hand-datasets/node';
import * as tf from '@tensorflow/tfjs-core';
import { ConfigError } from '@opposable/tensor-checks';
import { consoleProgress, type TextStream } from '@opposable/training';
import { lockRun } from '@opposable/training/node';
import { type DataSource, loadTrainingData, type LoadTrainingDataOptions } from '../data/load-training-data.js';
import { type InputShape, inputShapeOf } from '../data/network-input.js';
import { withPlaces } from '../data/place-batches.js';
import type { TrainingArrays } from '../data/training-arrays.js';
import { createRun, type HandRun, trainableVariables } from '../run/hand-run.js';
import { findRunHand } from '../run/read-run-hand.js';
import { loadRun, saveRun } from '../run/run-checkpoint.js';
import { type NewNetwork, startRun } from '../run/start-run.js';
import { batchOfStage, checkReplicas, checkStage } from './check-stage.js';
import { loadStageData, type StageDataConfig } from './load-stage-data.js';
import { comparedRun } from './evaluate-runs/compared-run.js';
import { measureRun } from './evaluate-runs/measure-run.js';
import { writeComparison } from './evaluate-runs/write-comparison.js';
import {
  checkSameHand,
  checkSameNetwork,
  checkSameStage,
  findStage,
  type FoundStage,
  restoreRun,
} from './run-files/find-start.js';
import { identifySources } from './run-files/identify-sources.js';
import { runPaths } from './run-files/paths.js';
import type { KeepSettings } from './run-files/types.js';
import { runReplicas } from './run-replicas.js';
import type { AnyStage, StageResult } from './stage.js';
import { isLoader, type StageData, trainsOnPlaces } from './stage-data.js';
import { withoutFrozen } from './without-frozen.js';
import { tenths } from '../report/tenths.js';

export interface ConfiguredStageOptions {
  readonly stage: AnyStage;
  /** A new network, or the run to go on from. */
  readonly model:
    NewNetwork | { readonly checkpoint: string; /** Where its hand is now. */ readonly hand?: string | undefined };
  readonly data: StageDataConfig;
  /** Held-back samples, measured while it trains. */
  readonly validation?: (DataSource & { readonly count?: number | undefined }) | undefined;
  readonly out: string;
  /** Of the weights of a new network. */
  readonly seed: number | string;
  readonly replicas?: number | undefined;
  readonly keep?: KeepSettings | undefined;
  /** Goes on from the last checkpoint of this stage in `out`. Default: from the beginning. */
  readonly resume?: boolean | undefined;
  /** Begins anew although `out` has a stage that was interrupted. */
  readonly overwrite?: boolean | undefined;
  readonly stream: TextStream;
  readonly signal?: AbortSignal | undefined;
}

/**
 * One stage of training from plain settings; writes checkpoints, metrics, pictures and an evaluation to `out`.
 * Nothing is written before data, settings and the starting network have been checked.
 *
 * @throws what the loaders and `runReplicas` throw; the signal's reason, after the checkpoint has been written
 */
export async function runConfiguredStage(options: ConfiguredStageOptions): Promise<void> {
  const { stage, model, out, seed, stream, signal, resume = false, overwrite = false } = options;
  const found = await findStage(out, stage.kind);
  if (found !== undefined && !resume) refuseUnfinished(found, stage, overwrite);
  const begun = resume ? found : undefined;
  if (begun !== undefined && !('checkpoint' in model)) {
    const { pretrained: _onlyAtTheBeginning, hand, ...network } = model;
    checkSameNetwork(begun, network);
    checkSameHand(begun, hand);
  }
  const begin = (): Promise<HandRun> =>
    'checkpoint' in model
      ? loadRun(model.checkpoint, model)
      : startRun(model, seed, (line) => stream.write(`${line}\n`));
  const goOn = async (found: FoundStage): Promise<HandRun> => {
    return restoreRun(createRun(found.info.network, seed, await findRunHand(found.info.hand, model.hand)), found);
  };
  const start = begun === undefined ? await begin() : await goOn(begun);
  try {
    const input = inputShapeOf(start.info.network);
    const reading = (what: string) => ({ signal, onProgress: tenths(stream, `reading ${what}`, { quietFor: 5 }) });
    const { shown, evaluated, ...loaded } = await loadStageData(
      options.data,
      stage,
      { ...input, hand: start.info.hand },
      reading('samples'),
    );
    const lifts = trainsOnPlaces(stage, input);
    const data = lifts && !isLoader(loaded.data) ? await withPlaces(start.model, loaded.data, signal) : loaded.data;
    const validation = await loadValidation(options.validation, input, reading('held-back samples'));
    checkStage(stage, data);
    withoutFrozen(trainableVariables(start.model), stage.frozen);
    const replicas = checkReplicas(options.replicas ?? begun?.info.progress.replicas, batchOfStage(stage, data));
    const surroundings = { replicas, backend: tf.getBackend(), sources: await identifySources(options.data.sources) };
    if (begun !== undefined) checkSameStage(begun, stage, surroundings);
    const lock = await lockRun(out);
    try {
      if (begun === undefined) await removeStage(out, stage);
      stream.write(`${describeData(data)}, ${stage.iterations} iterations${describeStart(begun, resume)}.\n`);
      for (const problem of begun?.damaged ?? []) stream.write(`Passed over: ${problem}\n`);
      const result = await runReplicas(start, data, stage, {
        replicas,
        ...(signal === undefined ? {} : { signal }),
        logger: consoleProgress({ stream, label: stage.kind }),
        start: begun?.start,
        files: {
          ...{ out, stage, shown, ...surroundings, keep: options.keep ?? {} },
          ...(validation === undefined ? {} : { validation }),
          resumedFrom: begun?.start.iteration ?? 0,
          best: begun?.best ?? null,
        },
      });
      await finish(options, result, validation ?? evaluated, validation !== undefined);
    } finally {
      await lock.release();
    }
  } finally {
    start.dispose();
  }
}

/** A stage that stopped before its end is not thrown away unasked. */
function refuseUnfinished(found: FoundStage, stage: AnyStage, overwrite: boolean): void {
  const { iteration } = found.start;
  const planned = found.info.progress.stage.iterations;
  if (overwrite || iteration >= planned) return;
  throw new ConfigError(
    `${found.path} is of a ${stage.kind} stage that stopped at iteration ${iteration} of ${planned}; go on with --resume, or begin anew with --overwrite.`,
    { expected: '--resume or --overwrite', actual: found.path },
  );
}

/** What an earlier stage of the same kind has left. */
async function removeStage(out: string, { kind }: AnyStage): Promise<void> {
  for (const path of Object.values(runPaths(out, kind))) await rm(path, { recursive: true, force: true });
}

async function loadValidation(
  source: ConfiguredStageOptions['validation'],
  { imageSize, heatmaps }: InputShape,
  reading: Pick<LoadTrainingDataOptions, 'onProgress' | 'signal'>,
): Promise<TrainingArrays | undefined> {
  if (source === undefined) return undefined;
  const { count, ...from } = source;
  return loadTrainingData(from, imageSize, { limit: count, heatmaps, ...reading });
}

function describeData(data: StageData): string {
  if (!isLoader(data)) return `${data.count} samples`;
  return `${data.sources.length} data set${data.sources.length > 1 ? 's' : ''} through the loader`;
}

function describeStart(begun: FoundStage | undefined, resume: boolean): string {
  if (begun !== undefined) return `, going on from iteration ${begun.start.iteration} of ${begun.path}`;
  return resume ? ', from the beginning, because there is no checkpoint to go on from' : '';
}

/** How fast it went, in words. */
function describeTiming({ timing, history }: StageResult): string {
  const { seconds, samples, samplesPerSecond, waitingSeconds } = timing;
  const share = ((100 * waitingSeconds) / Math.max(1e-9, seconds)).toFixed(1);
  const loss = history.total.at(-1);
  return (
    `${samples} samples in ${seconds.toFixed(1)} s, ${samplesPerSecond.toFixed(1)} images/s, ` +
    `waiting for data ${waitingSeconds.toFixed(1)} s (${share} %)${loss === undefined ? '' : `, loss ${loss.toPrecision(4)}`}`
  );
}

async function finish(
  { stage, out, stream, signal }: ConfiguredStageOptions,
  result: StageResult,
  evaluated: TrainingArrays,
  isHeldBack: boolean,
): Promise<void> {
  const { run, timing, reason, history } = result;
  await saveRun(out, run);
  const summary = { stage, reason, timing, history, stages: run.info.stages };
  await writeFileAtomic(runPaths(out, stage.kind).summary, `${JSON.stringify(summary, null, 1)}\n`);
  stream.write(`${describeTiming(result)}\n`);
  if (signal?.aborted) {
    stream.write(`Stopped early; the checkpoint of what was reached is in ${out}. Go on with --resume.\n`);
  }
  signal?.throwIfAborted();
  const measuredOn = isHeldBack ? 'held-back samples' : 'training data';
  const measured = await measureRun(basename(out), run, evaluated, undefined);
  const text = await writeComparison(join(out, 'evaluation'), {
    runs: [await comparedRun(out, run, evaluated, measured)],
    published: [],
    data: `the ${measuredOn}`,
  });
  stream.write(`\nOn the ${measuredOn}:\n${text}\n\nRun: ${out}\n`);
}

/** Writes a synthetic dataset and says where. */
export async function synthesizeHands(
  options: Omit<SynthesizeDatasetOptions, 'onProgress'> & { readonly stream: TextStream },
): Promise<void> {
  const { stream, ...how } = options;
  await synthesizeDataset({
    ...how,
    command: 'opposable synthesize',
    onProgress: tenths(stream, 'synthesising hands'),
  });
  stream.write(`${how.train} training and ${how.test} test images: ${how.out}\n`);
}
