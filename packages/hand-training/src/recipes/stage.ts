import type { NamedTensors, FitResult, Logger, Schedule } from '@opposable/training';
import { adam, cosineDecay, disposeOptimizerState, fit, piecewise, stepDecay, warmUp } from '@opposable/training';
import { createRng } from '@opposable/tensor-checks';
import { type HandBatch, type PhotometricAugmentation, trainingBatches } from '../data/batches.js';
import type { TrainingArrays } from '../data/training-arrays.js';
import { afterStage, type HandRun, trainableVariables } from '../run/hand-run.js';
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

/** One of several equal networks that train together; see `runReplicas`. */
export interface Replica {
  readonly rank: number;
  readonly members: number;
  readonly reduceGradients?: (gradients: NamedTensors) => Promise<NamedTensors>;
}

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

/**
 * Trains a network through one stage.
 *
 * @param run changed in place: its variables are what is trained
 * @param replica which part of every batch this thread takes; default all of it
 */
export async function runStage(
  run: HandRun,
  arrays: TrainingArrays,
  stage: AnyStage,
  options: { replica?: Replica; logger?: Logger; signal?: AbortSignal; logEvery?: number } = {},
): Promise<StageResult> {
  const { replica = { rank: 0, members: 1 }, logger, signal, logEvery = 20 } = options;
  checkStage(stage, arrays);
  const computeLoss = lossOf(run, stage);
  const { history, timing, reason, iteration, optimizerState } = await fit<HandBatch>({
    variables: trainableVariables(run.model),
    computeLoss: (batch, { weights }) => computeLoss(batch, weights['mask']!),
    batches: trainingBatches(arrays, {
      batchSize: stage.batchSize,
      rng: createRng(stage.seed).split(stage.kind).split('batches'),
      augmentation: stage.augmentation,
      part: replica,
    }),
    disposeBatch: (batch) => batch.dispose(),
    countSamples: (batch) => batch.size * replica.members,
    iterations: stage.iterations,
    optimizer: adam({ beta1: stage.beta1, weightDecay: stage.weightDecay }),
    learningRate: rateOf(stage),
    lossWeights: { mask: maskWeight(stage) },
    ...(stage.gradientClip === undefined ? {} : { gradientClip: stage.gradientClip }),
    ...(replica.reduceGradients === undefined ? {} : { reduceGradients: replica.reduceGradients }),
    logEvery,
    ...(logger === undefined ? {} : { logger }),
    ...(signal === undefined ? {} : { signal }),
  });
  disposeOptimizerState(optimizerState);
  return { run: afterStage(run, stage.kind, iteration), history, timing, reason };
}
