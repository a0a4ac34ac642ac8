import * as tf from '@tensorflow/tfjs-core';
import { createRng, type Rng } from '@opposable/tensor-checks';
import {
  adam,
  type AnySchedule,
  cosineDecay,
  disposeOptimizerState,
  fit,
  type FitOptions,
  type FitResult,
  type Optimizer,
  type OptimizerState,
  plateauDecay,
  type ScheduleStates,
  sgd,
  warmUp,
} from '@opposable/training';
import type { TrainingArrays } from '../data/training-arrays.js';
import { runningAverages, trainableVariables } from '../run/hand-run.js';
import { shouldStop } from './early-stop.js';
import { type HeatmapBatch, heatmapBatch } from './heatmap-batches.js';
import { heatmapLoss } from './heatmap-loss.js';
import { type HeatmapRun, mapSizeOf } from './heatmap-run.js';
import type { Negatives } from './negatives.js';
import type { EpochRecord, HeatmapSettings } from './types.js';

export interface HeatmapData {
  readonly train: TrainingArrays;
  readonly validation?: TrainingArrays | undefined;
  /** Replace some of the training samples. */
  readonly negatives?: Negatives | undefined;
}

/** Where training stands between two epochs. */
export interface HeatmapProgress {
  readonly records: readonly EpochRecord[];
  readonly scheduleStates: ScheduleStates;
  /** Owned by the loop and valid during the call only. */
  readonly optimizerState: OptimizerState;
}

export interface HeatmapLoopOptions {
  /** Epochs done before, and what the optimiser and the learning rate remember of them. */
  readonly start?: HeatmapProgress;
  /** The rows of every batch that this thread takes. Default all. */
  readonly part?: { readonly rank: number; readonly members: number };
  /** Default `fit` of this thread. */
  readonly fit?: (options: Omit<FitOptions<HeatmapBatch>, 'group' | 'signal'>) => Promise<FitResult>;
  readonly signal?: AbortSignal;
  readonly onEpoch?: (progress: HeatmapProgress) => void | Promise<void>;
}

export interface HeatmapLoopResult {
  readonly records: readonly EpochRecord[];
  readonly reason: 'finished' | 'stopped early' | 'aborted';
}

/** Batch size and number of batches of an epoch on a data set. */
export function epochShape(settings: HeatmapSettings, count: number): { batchSize: number; batches: number } {
  const batchSize = Math.min(settings.batchSize, count);
  const all = Math.floor(count / batchSize);
  return { batchSize, batches: Math.min(settings.batchesPerEpoch ?? all, all) };
}

function optimizerOf({ optimizer }: HeatmapSettings): Optimizer {
  const { name, momentum, weightDecay } = optimizer;
  return name === 'sgd' ? sgd({ momentum, weightDecay }) : adam({ weightDecay });
}

function rateOf({ optimizer, epochs }: HeatmapSettings, perEpoch: number): AnySchedule {
  const { learningRate, decay } = optimizer;
  switch (decay.kind) {
    case 'constant':
      return learningRate;
    case 'plateau': {
      const { factor, patience, threshold } = decay;
      return plateauDecay({ initial: learningRate, factor, patience, threshold, every: perEpoch });
    }
    case 'cosine':
      return warmUp({
        iterations: decay.warmUp,
        then: cosineDecay({
          initial: learningRate,
          final: decay.final * learningRate,
          iterations: Math.max(1, epochs * perEpoch - decay.warmUp),
        }),
      });
  }
}

function* epochBatches(
  { train, negatives }: HeatmapData,
  run: HeatmapRun,
  settings: HeatmapSettings,
  rng: Rng,
  part: { rank: number; members: number },
): Generator<HeatmapBatch> {
  const { batchSize, batches } = epochShape(settings, train.count);
  const order = rng.permutation(train.count);
  for (let i = 0; i < batches; i++) {
    const rows = order
      .subarray(i * batchSize, (i + 1) * batchSize)
      .filter((_, row) => row % part.members === part.rank);
    yield heatmapBatch(train, rows, {
      mapSize: mapSizeOf(run),
      coding: settings.coding,
      augmentation: settings.augmentation,
      negatives,
      rng: rng.split(`${i}/${part.rank}`),
    });
  }
}

/** Mean loss over the first batches of the validation set, in an order that stays the same. */
export async function validationLoss(
  run: HeatmapRun,
  arrays: TrainingArrays,
  settings: HeatmapSettings,
): Promise<number> {
  const rng = createRng(settings.seed).split('validation');
  const order = rng.permutation(arrays.count);
  const batchSize = Math.min(settings.batchSize, arrays.count);
  const batches = Math.min(settings.validationBatches, Math.floor(arrays.count / batchSize));
  let sum = 0;
  for (let i = 0; i < batches; i++) {
    const rows = order.subarray(i * batchSize, (i + 1) * batchSize);
    const batch = heatmapBatch(arrays, rows, { mapSize: mapSizeOf(run), coding: settings.coding, rng });
    const loss = tf.tidy(() => heatmapLoss(run.model, batch, settings.loss, false).total);
    try {
      sum += (await loss.data())[0]!;
    } finally {
      loss.dispose();
      batch.dispose();
    }
    await new Promise((resolve) => setImmediate(resolve)); // signals and timers
  }
  return sum / batches;
}

/**
 * The loop of heat-map training, which one thread runs alone or every replica for its part: epochs of some batches, a look at
 * the validation set after each, until the epochs are done, the early stop says so, or the signal comes.
 *
 * @param run changed in place: its variables are what is trained
 */
export async function heatmapEpochs(
  run: HeatmapRun,
  data: HeatmapData,
  settings: HeatmapSettings,
  options: HeatmapLoopOptions = {},
): Promise<HeatmapLoopResult> {
  const { start, part = { rank: 0, members: 1 }, signal, onEpoch } = options;
  const train = options.fit ?? ((how) => fit({ ...how, ...(signal ? { signal } : {}) }));
  const { batches } = epochShape(settings, data.train.count);
  const rng = createRng(settings.seed).split('epochs');
  const optimizer = optimizerOf(settings);
  const learningRate = rateOf(settings, batches);
  const records = [...(start?.records ?? [])];
  let scheduleStates = start?.scheduleStates;
  let optimizerState = start?.optimizerState;
  let owned = false;
  try {
    for (let epoch = records.length; epoch < settings.epochs; epoch++) {
      const result = await train({
        variables: trainableVariables(run.model),
        runningAverages: runningAverages(run.model),
        computeLoss: (batch) => heatmapLoss(run.model, batch, settings.loss, true),
        batches: epochBatches(data, run, settings, rng.split(epoch), part),
        disposeBatch: (batch) => batch.dispose(),
        countSamples: (batch) => batch.size,
        startIteration: epoch * batches,
        iterations: (epoch + 1) * batches,
        optimizer,
        learningRate,
        logEvery: batches,
        ...(optimizerState ? { optimizerState } : {}),
        ...(scheduleStates ? { scheduleStates } : {}),
        ...(settings.optimizer.gradientClip === undefined ? {} : { gradientClip: settings.optimizer.gradientClip }),
      });
      if (owned) disposeOptimizerState(optimizerState!);
      ({ optimizerState, scheduleStates } = result);
      owned = true;
      if (result.reason === 'aborted') return { records, reason: 'aborted' };
      const last = result.history.total.length - 1;
      records.push({
        epoch: epoch + 1,
        train: result.history.total[last]!,
        terms: Object.fromEntries(Object.entries(result.history.terms).map(([name, values]) => [name, values[last]!])),
        validation: data.validation && (await validationLoss(run, data.validation, settings)),
        learningRate: result.history.learningRate[last]!,
        samplesPerSecond: result.timing.samplesPerSecond,
        seconds: (records.at(-1)?.seconds ?? 0) + result.timing.seconds,
      });
      await onEpoch?.({ records, scheduleStates, optimizerState });
      const losses = records.flatMap(({ validation }) => validation ?? []);
      if (
        settings.earlyStop !== undefined &&
        losses.length === records.length &&
        shouldStop(losses, settings.earlyStop)
      ) {
        return { records, reason: 'stopped early' };
      }
    }
    return { records, reason: 'finished' };
  } finally {
    if (owned) disposeOptimizerState(optimizerState!);
  }
}
