import type * as tf from '@tensorflow/tfjs-core';
import type { NamedVariables, Optimizer, OptimizerState } from '../optimizers/types.js';
import type { AllReduceMember } from '../parallel/all-reduce.js';
import type { ScheduleStates } from '../schedules/adaptive.js';
import type { AnySchedule } from '../schedules/schedule-set.js';
import type { TrainingError } from '../training-error.js';

/** What a loss function gives back; the loop disposes all of it. */
export interface Loss {
  /** What is differentiated. */
  total: tf.Scalar;
  /** Named parts for the log, usually unweighted. */
  terms?: Readonly<Record<string, tf.Scalar>>;
}

export interface LossContext {
  /** Counted from 0. */
  iteration: number;
  /** The loss weights of this iteration. */
  weights: Readonly<Record<string, number>>;
}

/** Numbers of one log interval: means over its iterations, except where said otherwise. */
export interface LogRecord {
  /** Iterations finished, so the first record of `logEvery: 10` says 10. */
  iteration: number;
  /** Iterations to be done in all. */
  iterations: number;
  total: number;
  terms: Readonly<Record<string, number>>;
  /** Of the last iteration. */
  learningRate: number;
  /** Of the last iteration. */
  weights: Readonly<Record<string, number>>;
  samplesPerSecond: number;
  /** Share of the time spent waiting for batches, 0 to 1. */
  waitingShare: number;
  secondsLeft: number;
}

export interface Logger {
  log(record: LogRecord): void | Promise<void>;
  /** Called once when the loop ends, also by an error. */
  end?(): void | Promise<void>;
}

/** What `onStep` sees after every iteration. */
export interface StepInfo {
  /** Iterations finished. */
  iteration: number;
  /** Owned by the loop and valid during the call only: save it, do not keep it. */
  optimizerState: OptimizerState;
  /** Of the schedules that depend on the loss. */
  scheduleStates: ScheduleStates;
  /** The record, where this iteration ends a log interval. */
  record?: LogRecord;
}

/** Numbers by log interval, arrays of equal length. */
export interface History {
  iteration: number[];
  total: number[];
  learningRate: number[];
  terms: Record<string, number[]>;
}

export interface Timing {
  seconds: number;
  /** Of which spent waiting for batches. */
  waitingSeconds: number;
  samples: number;
  samplesPerSecond: number;
}

export interface FitResult {
  history: History;
  /** Iterations finished, those before a resumed start included. */
  iteration: number;
  /** Owned by the caller: dispose it with `disposeOptimizerState`. */
  optimizerState: OptimizerState;
  scheduleStates: ScheduleStates;
  timing: Timing;
  /** Why the loop ended. */
  reason: 'finished' | 'aborted' | 'no more batches';
}

/** A step that must not be taken. */
export interface StepFailure<Batch> {
  /** The batch of the bad numbers; absent where they were read later than it was used. Owned by the loop. */
  batch?: Batch;
  error: TrainingError;
}

export type Batches<Batch> = Iterable<Batch> | AsyncIterable<Batch>;

export interface FitOptions<Batch> {
  /** What is trained. */
  variables: NamedVariables;
  /** The loss of one batch; runs inside a `tf.tidy` and must not read tensors. */
  computeLoss: (batch: Batch, context: LossContext) => Loss;
  /**
   * The batches, or a function that gives those from an iteration on (what a resumed run needs).
   * The loop owns every batch that it takes and disposes it; one batch is fetched ahead.
   */
  batches: Batches<Batch> | ((firstIteration: number) => Batches<Batch>);
  /** How to free a batch. Default `tf.dispose`: every tensor in it, arrays and objects included. */
  disposeBatch?: (batch: Batch) => void;
  /** Samples in a batch, for the speed. Default: first dimension of its first tensor. */
  countSamples?: (batch: Batch) => number;
  /** Iterations in all, those before a resumed start included. */
  iterations: number;
  /** Iterations already done. Default 0. */
  startIteration?: number;
  optimizer: Optimizer;
  /** State to go on from, not changed and not disposed. Default `optimizer.init(variables)`. */
  optimizerState?: OptimizerState;
  learningRate: AnySchedule;
  lossWeights?: Readonly<Record<string, AnySchedule>>;
  /** States of the schedules that depend on the loss, to go on from. Default: as at the start. */
  scheduleStates?: ScheduleStates;
  /**
   * The group of replicas to train with, each in its own thread with its own part of every batch; `dataParallel` gives it.
   * All start from the variables of rank 0 and apply the means over the group: of gradients, loss, terms and running averages.
   */
  group?: AllReduceMember;
  /** Variables that the forward pass writes, as the moving mean and variance of batch normalisation; used with `group` only. */
  runningAverages?: NamedVariables;
  /** Largest norm of all gradients together; the norm is then logged as the term `gradientNorm`. Default: no limit. */
  gradientClip?: number;
  /** Iterations between two log records. Default 10. */
  logEvery?: number;
  /**
   * Iterations between two readings of the loss; those in between are read later, so a bad one is found late.
   * Default 1 on cpu and wasm, where reading is free and bad numbers never reach the variables; `logEvery` elsewhere.
   */
  readEvery?: number;
  /** A loss above this many times its recent mean ends the run with a `TrainingError`. Default: no limit. */
  explosionFactor?: number;
  onStep?: (info: StepInfo) => void | Promise<void>;
  /** Called before a `TrainingError` ends the run, while the batch is still there to be saved. */
  onFailure?: (failure: StepFailure<Batch>) => void | Promise<void>;
  logger?: Logger;
  /** Ends the loop between two iterations; the result then says `'aborted'`. */
  signal?: AbortSignal;
}
