import type {
  FitResult,
  Logger,
  ScheduleStates,
  StepFailure,
  StepInfo,
  StoredOptimizerState,
} from '@opposable/training';
import { adam, disposeOptimizerState, fit, restoreOptimizerState } from '@opposable/training';
import type { Augmentation } from '../data/augmentation/settings.js';
import type { HandBatch } from '../data/batches.js';
import { afterStage, type HandRun, runningAverages, trainableVariables } from '../run/hand-run.js';
import { checkStage } from './check-stage.js';
import type { LossTerms, ParameterMetrics, ParameterWeights } from './parameter-errors.js';
import { pretrainLoss } from './pretrain-loss.js';
import { type StageData, stageBatches } from './stage-data.js';
import { withoutFrozen } from './without-frozen.js';
import { learningRateOf, type MaskSchedule, maskWeightOf, type RateDecay } from './stage-schedules.js';
import { trainLoss, type TrainLossOptions, type TrainWeights } from './train-loss.js';

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
  /** A loss above this many times its recent mean ends the stage; undefined: no limit. */
  readonly explosionFactor?: number | undefined;
  readonly augmentation: Augmentation;
  /**
   * Weights whose names begin with one of these stay as they are (`'places.'`: what lifts keypoints); running averages of batch
   * normalisation go on. Default none.
   */
  readonly frozen?: readonly string[] | undefined;
}

/** Stage one: the 22 numbers. */
export interface PretrainSettings extends StageSettings, Required<Pick<ParameterMetrics, 'poseMetric'>> {
  readonly kind: 'pretrain';
  readonly weights: ParameterWeights;
  /** Default 'vectors'. */
  readonly rotationMetric?: ParameterMetrics['rotationMetric'];
}

/** Stage two: 2D, 3D, mask and regularisation. */
export interface TrainSettings extends StageSettings, Required<Pick<TrainLossOptions, 'variant' | 'betaWeight'>> {
  readonly kind: 'train';
  readonly weights: TrainWeights;
  /** Later weights of the mask term. */
  readonly maskSchedule: MaskSchedule;
  /** Side of the masks in which the projected vertices are looked up. Default 64. */
  readonly maskSize?: number | undefined;
  /** What the original does otherwise in the 3D term. Default none. */
  readonly original3d?: TrainLossOptions['original3d'];
  /** Errors of the 22 numbers beside those of keypoints and masks, where samples have them. Default none. */
  readonly parameters?: TrainLossOptions['parameters'];
}

export type AnyStage = PretrainSettings | TrainSettings;

export interface StageResult {
  /** The run with this stage in its history. */
  readonly run: HandRun;
  readonly history: FitResult['history'];
  readonly timing: FitResult['timing'];
  readonly reason: FitResult['reason'];
}

/** Where a stage goes on from, as a checkpoint has it. Plain data. */
export interface StageStart {
  readonly iteration: number;
  readonly optimizerState: StoredOptimizerState;
  readonly scheduleStates: ScheduleStates;
}

/** Whoever looks on while a stage trains, as one that keeps its checkpoints. */
export interface StageObserver {
  readonly logger?: Logger;
  onStep?(info: StepInfo): void | Promise<void>;
  onFailure?(failure: StepFailure<HandBatch>): void | Promise<void>;
  /** Called with the result, whose optimiser state is still there. */
  onEnd?(result: FitResult): void | Promise<void>;
}

function lossOf(run: HandRun, stage: AnyStage): (batch: HandBatch, maskWeight: number) => LossTerms {
  if (stage.kind === 'pretrain') return (batch) => pretrainLoss(run.model, run.hand, batch, stage.weights, stage);
  return (batch, mask) => trainLoss(run.model, run.layer, batch, { ...stage.weights, mask }, stage);
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
  readonly start?: StageStart | undefined;
  readonly observer?: StageObserver | undefined;
}

/** The loop of a stage, which {@link runStage} and every replica of `runReplicas` run. */
export async function trainStage(
  run: HandRun,
  data: StageData,
  stage: AnyStage,
  runner: StageRunner = {},
): Promise<Omit<StageResult, 'run'> & { iteration: number }> {
  const { part = { rank: 0, members: 1 }, logger, signal, logEvery = 20, start, observer = {} } = runner;
  checkStage(stage, data);
  const computeLoss = lossOf(run, stage);
  const from = start && restoreOptimizerState(start.optimizerState);
  try {
    const result = await (runner.fit ?? fit<HandBatch>)({
      variables: withoutFrozen(trainableVariables(run.model), stage.frozen),
      runningAverages: runningAverages(run.model),
      computeLoss: (batch, { weights }) => computeLoss(batch, weights['mask']!),
      batches: stageBatches(data, stage, part),
      disposeBatch: (batch) => batch.dispose(),
      countSamples: (batch) => batch.size,
      iterations: stage.iterations,
      optimizer: adam({ beta1: stage.beta1, weightDecay: stage.weightDecay }),
      learningRate: learningRateOf(stage),
      lossWeights: { mask: maskWeightOf(stage) },
      ...(stage.gradientClip === undefined ? {} : { gradientClip: stage.gradientClip }),
      ...(stage.explosionFactor === undefined ? {} : { explosionFactor: stage.explosionFactor }),
      ...(start === undefined ? {} : { startIteration: start.iteration, scheduleStates: start.scheduleStates }),
      ...(from === undefined ? {} : { optimizerState: from }),
      logEvery,
      ...(logger === undefined ? {} : { logger }),
      ...(signal === undefined ? {} : { signal }),
      ...(observer.onStep === undefined ? {} : { onStep: (info) => observer.onStep!(info) }),
      ...(observer.onFailure === undefined ? {} : { onFailure: (failure) => observer.onFailure!(failure) }),
    });
    try {
      await observer.onEnd?.(result);
    } finally {
      disposeOptimizerState(result.optimizerState);
    }
    const { history, timing, reason, iteration } = result;
    return { history, timing, reason, iteration };
  } finally {
    if (from !== undefined) disposeOptimizerState(from);
  }
}

/**
 * Trains a network through one stage.
 *
 * @param run changed in place: its variables are what is trained
 */
export async function runStage(
  run: HandRun,
  data: StageData,
  stage: AnyStage,
  options: Omit<StageRunner, 'part' | 'fit'> = {},
): Promise<StageResult> {
  const { iteration, ...result } = await trainStage(run, data, stage, options);
  return { run: afterStage(run, stage.kind, iteration), ...result };
}
