import type { FitResult, Logger, Schedule } from '@opposable/training';
import { adam, cosineDecay, disposeOptimizerState, fit, piecewise, stepDecay, warmUp } from '@opposable/training';
import { createRng } from '@opposable/tensor-checks';
import { type HandBatch, type PhotometricAugmentation, trainingBatches } from '../data/batches.js';
import type { TrainingArrays } from '../data/training-arrays.js';
import { afterStage, type HandRun, runningAverages, trainableVariables } from '../run/hand-run.js';
import { checkStage } from './check-stage.js';
import { type LossTerms, pretrainLoss, type PretrainLossOptions, type PretrainWeights } from './pretrain-loss.js';
import { trainLoss, type TrainLossOptions, type TrainWeights } from './train-loss.js';

/** How the learning rate goes on after its first value. */
export type RateDecay =
  | { readonly kind: 'constant' }
  /** multiplied by `factor` every `every` iterations */
  | { readonly kind: 'step'; readonly every: number; readonly factor: number }
  /** half a cosine down to `final` of the first value, after `warmUp` iterations of rising */
  | { readonly kind: 'cosine'; readonly final: number; readonly warmUp: number };

/** What both stages have in common. Plain data, so that it can be sent to a replica. */
export interface StageSettings {
  readonly seed: number | string;
  readonly iterations: number;
  /** Over all replicas. */
  readonly batchSize: number;
  readonly learningRate: number;
  readonly decay: RateDecay;
  readonly beta1: number;
  readonly weightDecay: number;
  /** Largest norm of all gradients together; undefined: no limit. */
  readonly gradientClip: number | undefined;
  readonly augmentation: PhotometricAugmentation;
}

/** Stage one: the 22 numbers. */
export interface PretrainSettings extends StageSettings, Required<PretrainLossOptions> {
  readonly kind: 'pretrain';
  readonly weights: PretrainWeights;
}

/** Stage two: 2D, 3D, mask and regularisation. */
export interface TrainSettings extends StageSettings, Required<TrainLossOptions> {
  readonly kind: 'train';
  readonly weights: TrainWeights;
  /** Later weights of the mask term, each from an iteration on. */
  readonly maskSchedule: readonly { readonly from: number; readonly weight: number }[];
}

export type AnyStage = PretrainSettings | TrainSettings;

export interface StageResult {
  /** The run with this stage in its history. */
  readonly run: HandRun;
  readonly history: FitResult['history'];
  readonly timing: FitResult['timing'];
  readonly reason: FitResult['reason'];
}

function rateOf({ learningRate, decay, iterations }: StageSettings): Schedule | number {
  switch (decay.kind) {
    case 'constant':
      return learningRate;
    case 'step':
      return stepDecay({ initial: learningRate, factor: decay.factor, every: decay.every });
    case 'cosine':
      return warmUp({
        iterations: decay.warmUp,
        then: cosineDecay({
          initial: learningRate,
          final: decay.final * learningRate,
          iterations: Math.max(1, iterations - decay.warmUp),
        }),
      });
  }
}

function lossOf(run: HandRun, stage: AnyStage): (batch: HandBatch, maskWeight: number) => LossTerms {
  if (stage.kind === 'pretrain') return (batch) => pretrainLoss(run.model, run.hand, batch, stage.weights, stage);
  return (batch, mask) => trainLoss(run.model, run.layer, batch, { ...stage.weights, mask }, stage);
}

function maskWeight(stage: AnyStage): Schedule | number {
  if (stage.kind === 'pretrain') return 0;
  const pieces = stage.maskSchedule.map(({ from, weight }) => ({ from, value: weight }));
  return pieces[0]?.from === 0 ? piecewise(pieces) : piecewise([{ from: 0, value: stage.weights.mask }, ...pieces]);
}

/** How a stage is run: in this thread alone, or as one of several replicas. */
export interface StageRunner {
  /** The rows of every batch that this thread takes. Default all. */
  readonly part?: { readonly rank: number; readonly members: number };
  /** Default `fit` of this thread. */
  readonly fit?: typeof fit<HandBatch>;
  readonly logger?: Logger;
  readonly signal?: AbortSignal;
  readonly logEvery?: number;
}

/** The loop of a stage, which {@link runStage} and every replica of `runReplicas` run. */
export async function trainStage(
  run: HandRun,
  arrays: TrainingArrays,
  stage: AnyStage,
  runner: StageRunner = {},
): Promise<Omit<StageResult, 'run'> & { iteration: number }> {
  const { part = { rank: 0, members: 1 }, logger, signal, logEvery = 20 } = runner;
  checkStage(stage, arrays);
  const computeLoss = lossOf(run, stage);
  const result = await (runner.fit ?? fit<HandBatch>)({
    variables: trainableVariables(run.model),
    runningAverages: runningAverages(run.model),
    computeLoss: (batch, { weights }) => computeLoss(batch, weights['mask']!),
    batches: trainingBatches(arrays, {
      batchSize: stage.batchSize,
      rng: createRng(stage.seed).split(stage.kind).split('batches'),
      augmentation: stage.augmentation,
      part,
    }),
    disposeBatch: (batch) => batch.dispose(),
    countSamples: (batch) => batch.size,
    iterations: stage.iterations,
    optimizer: adam({ beta1: stage.beta1, weightDecay: stage.weightDecay }),
    learningRate: rateOf(stage),
    lossWeights: { mask: maskWeight(stage) },
    ...(stage.gradientClip === undefined ? {} : { gradientClip: stage.gradientClip }),
    logEvery,
    ...(logger === undefined ? {} : { logger }),
    ...(signal === undefined ? {} : { signal }),
  });
  disposeOptimizerState(result.optimizerState);
  const { history, timing, reason, iteration } = result;
  return { history, timing, reason, iteration };
}

/**
 * Trains a network through one stage.
 *
 * @param run changed in place: its variables are what is trained
 */
export async function runStage(
  run: HandRun,
  arrays: TrainingArrays,
  stage: AnyStage,
  options: { logger?: Logger; signal?: AbortSignal; logEvery?: number } = {},
): Promise<StageResult> {
  const { iteration, ...result } = await trainStage(run, arrays, stage, options);
  return { run: afterStage(run, stage.kind, iteration), ...result };
}
