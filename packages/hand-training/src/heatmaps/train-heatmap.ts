import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs-core';
import { ConfigError, DatasetError } from '@opposable/tensor-checks';
import {
  disposeOptimizerState,
  restoreOptimizerState,
  restoreVariables,
  storeTensors,
  type TextStream,
} from '@opposable/training';
import { dataParallel, loadLastCheckpoint, lockRun } from '@opposable/training/node';
import { type DataSource, loadTrainingData } from '../data/load-training-data.js';
import { allVariables } from '../run/hand-run.js';
import { tenths } from '../report/tenths.js';
import { epochShape, type HeatmapData, heatmapEpochs, type HeatmapLoopResult } from './heatmap-epochs.js';
import { type HeatmapRun, isHeatmapInfo } from './heatmap-run.js';
import { HEATMAP_CHECKPOINTS, loadHeatmapRun } from './heatmap-checkpoint.js';
import { type HeatmapOutcome, type HeatmapTask, sendable } from './heatmap-worker.js';
import { type HeatmapCheckpointState, saveHeatmapEpochs } from './save-heatmap-epochs.js';
import { type NewHeatmapNetwork, startHeatmapRun } from './start-heatmap-run.js';
import type { HeatmapSettings } from './types.js';
import { loadNegatives } from './negatives.js';
import { withoutHidden } from './without-hidden.js';
import { writeSampleSheet } from './sample-sheet.js';

const WORKER = new URL('./heatmap-worker.js', import.meta.url);

export interface TrainHeatmapOptions {
  readonly settings: HeatmapSettings;
  /** A new network, or a run whose weights training starts from, with images of its size or of another. */
  readonly model: NewHeatmapNetwork | { readonly checkpoint: string; readonly inputSize?: number | undefined };
  readonly data: DataSource;
  readonly validation?: DataSource | undefined;
  readonly out: string;
  /** Threads that train. Default one per core that divides the batch, at most four. */
  readonly replicas?: number | undefined;
  /** Goes on with the last checkpoint in `out` instead of refusing a folder that holds one. */
  readonly resume?: boolean | undefined;
  /** Samples on `samples.png`, drawn before training begins; 0 for none. */
  readonly sampleSheet?: number | undefined;
  readonly stream: TextStream;
  readonly signal?: AbortSignal | undefined;
}

function replicasFor(asked: number | undefined, batchSize: number): number {
  const threads = tf.getBackend() === 'wasm' && existsSync(fileURLToPath(WORKER));
  if (asked === undefined) {
    let replicas = threads ? Math.min(4, availableParallelism(), batchSize) : 1;
    while (batchSize % replicas !== 0) replicas--;
    return replicas;
  }
  if (!Number.isInteger(asked) || asked < 1 || batchSize % asked !== 0 || (asked > 1 && !threads)) {
    throw new ConfigError(
      `trainHeatmap: expected a number of replicas that divides the ${batchSize} samples of a batch${threads ? '' : ', and 1 without threads of the wasm backend'}, got ${asked}.`,
      { expected: `a divisor of ${batchSize}`, actual: asked },
    );
  }
  return asked;
}

async function loadData(
  { data, validation, settings, stream, signal }: TrainHeatmapOptions,
  imageSize: number,
): Promise<HeatmapData> {
  const load = async (source: DataSource) => {
    const onProgress = tenths(stream, 'reading samples', { quietFor: 5 });
    const arrays = await loadTrainingData(source, imageSize, { onProgress, signal });
    if (arrays.count === 0)
      throw new DatasetError('trainHeatmap: expected at least one sample, got an empty data set.');
    return settings.coding.hidden === 'exclude' ? withoutHidden(arrays) : arrays;
  };
  return {
    train: await load(data),
    ...(validation === undefined ? {} : { validation: await load(validation) }),
    ...(settings.negatives && { negatives: await loadNegatives(settings.negatives, imageSize, settings.seed) }),
  };
}

/** A run with what training remembers, from the last checkpoint of its folder. */
async function resumed(
  out: string,
  run: HeatmapRun,
): Promise<Pick<HeatmapTask, 'records' | 'scheduleStates' | 'optimizerState'> | undefined> {
  const last = await loadLastCheckpoint(join(out, HEATMAP_CHECKPOINTS));
  if (last === undefined) return undefined;
  const state = last.state as HeatmapCheckpointState;
  if (!isHeatmapInfo(state.info) || JSON.stringify(state.info.network) !== JSON.stringify(run.info.network)) {
    throw new ConfigError(
      `trainHeatmap: ${last.path} holds another network than the configuration; choose another folder or the same network.`,
      { expected: run.info.network, actual: state.info },
    );
  }
  restoreVariables(allVariables(run.model), last.variables);
  return { records: state.records, scheduleStates: state.scheduleStates, optimizerState: last.optimizerState };
}

/**
 * Trains a heat-map network from plain settings. Writes to `out`: `checkpoints/` (the newest two and the best by validation loss),
 * `epochs.jsonl` and `samples.png`. Nothing is written before data and settings have been checked.
 *
 * @throws ConfigError for settings that do not fit, a folder in use, or one with checkpoints unless `resume` is set; what the
 * loaders throw; the signal's reason, after the last whole epoch has been written
 */
export async function trainHeatmap(options: TrainHeatmapOptions): Promise<HeatmapLoopResult> {
  const { settings, model, out, stream, signal, resume = false, sampleSheet = 0 } = options;
  if (!Object.values(settings.loss).some((weight) => (weight ?? 0) > 0)) {
    throw new ConfigError('trainHeatmap: expected at least one loss weight above 0, got none.');
  }
  const run =
    'checkpoint' in model
      ? await loadHeatmapRun(model.checkpoint, model)
      : await startHeatmapRun(model, settings.coding, settings.seed, (line) => stream.write(`${line}\n`));
  try {
    const trained: HeatmapRun = { ...run, info: { ...run.info, coding: settings.coding } };
    const before = await resumed(out, trained);
    if (before !== undefined && !resume) {
      throw new ConfigError(
        `trainHeatmap: ${out} holds ${before.records.length} epochs; go on with --resume, or choose another folder.`,
        { expected: 'an empty folder', actual: out },
      );
    }
    const data = await loadData(options, run.info.network.inputSize);
    const { batchSize, batches } = epochShape(settings, data.train.count);
    const replicas = replicasFor(options.replicas, batchSize);
    const held = data.validation === undefined ? 'none' : `${data.validation.count}`;
    stream.write(
      `${data.train.count} samples for training, ${held} for validation; ${batches} batches of ${batchSize} an epoch, ${replicas} thread${replicas === 1 ? '' : 's'}.\n`,
    );
    if (before !== undefined) stream.write(`Going on after epoch ${before.records.length}.\n`);
    const lock = await lockRun(out);
    try {
      if (sampleSheet > 0) await writeSampleSheet(join(out, 'samples.png'), trained, data.train, settings, sampleSheet);
      const result = await (replicas === 1
        ? trainAlone(trained, data, settings, before, options)
        : trainTogether(trained, data, settings, before, options, replicas));
      if (result.reason === 'stopped early')
        stream.write('The validation loss does not fall any more: training ends.\n');
      if (result.reason === 'aborted') stream.write(`Stopped; the epochs that were finished are in ${out}.\n`);
      signal?.throwIfAborted();
      return result;
    } finally {
      await lock.release();
    }
  } finally {
    run.dispose();
  }
}

type Before = Pick<HeatmapTask, 'records' | 'scheduleStates' | 'optimizerState'> | undefined;

async function trainAlone(
  run: HeatmapRun,
  data: HeatmapData,
  settings: HeatmapSettings,
  before: Before,
  { out, stream, signal }: TrainHeatmapOptions,
): Promise<HeatmapLoopResult> {
  const optimizerState = before?.optimizerState && restoreOptimizerState(before.optimizerState);
  try {
    return await heatmapEpochs(run, data, settings, {
      ...(optimizerState ? { start: { ...before, optimizerState } } : {}),
      ...(signal ? { signal } : {}),
      onEpoch: saveHeatmapEpochs(run, settings, out, stream),
    });
  } finally {
    if (optimizerState) disposeOptimizerState(optimizerState);
  }
}

async function trainTogether(
  run: HeatmapRun,
  { train, validation, negatives }: HeatmapData,
  settings: HeatmapSettings,
  before: Before,
  { out, signal }: TrainHeatmapOptions,
  workers: number,
): Promise<HeatmapLoopResult> {
  const variables = allVariables(run.model);
  const data: HeatmapTask = {
    data: { train: sendable(train), ...(validation ? { validation: sendable(validation) } : {}), negatives },
    info: run.info,
    settings,
    out,
    weights: await storeTensors(variables),
    records: before?.records ?? [],
    scheduleStates: before?.scheduleStates ?? {},
    optimizerState: before?.optimizerState,
  };
  const { weights, ...result } = await dataParallel<HeatmapOutcome, HeatmapTask>({
    workers,
    script: WORKER,
    data,
    ...(signal ? { signal } : {}),
  });
  restoreVariables(variables, weights);
  return result;
}
