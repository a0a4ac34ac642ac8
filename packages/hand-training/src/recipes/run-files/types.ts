import type { ScheduleStates } from '@opposable/training';
import type { TrainingArrays } from '../../data/training-arrays.js';
import type { RunInfo } from '../../run/hand-run.js';
import type { AnyStage } from '../stage.js';
import type { SourceIdentity } from './identify-sources.js';

/** How often what is written while a stage trains. Iterations, but for `everySeconds`. */
export interface KeepSettings {
  /** Iterations between two checkpoints. Default 1000. */
  readonly every?: number | undefined;
  /** Seconds between two checkpoints, where that is sooner. Default 300. */
  readonly everySeconds?: number | undefined;
  /** Newest checkpoints that are kept. Default 3. */
  readonly last?: number | undefined;
  /** Iterations between two measurements on held-back samples, with pictures. Default 500. */
  readonly validateEvery?: number | undefined;
}

export const KEEP_DEFAULTS = { every: 1000, everySeconds: 300, last: 3, validateEvery: 500 } as const;

/** What the observer of a stage starts from. Plain data, so that it can be sent to a replica. */
export interface RunFiles {
  /** Folder of the run. */
  readonly out: string;
  readonly keep: KeepSettings;
  readonly stage: AnyStage;
  /** Held-back samples; the best checkpoint is the one with the smallest 2D error on them, or with the smallest loss. */
  readonly validation?: TrainingArrays | undefined;
  /** Training samples that pictures show. */
  readonly shown?: TrainingArrays | undefined;
  readonly replicas: number;
  readonly backend: string;
  /** What it trains on. */
  readonly sources: readonly SourceIdentity[];
  /** Iteration that the stage goes on from. */
  readonly resumedFrom: number;
  readonly best: BestSoFar | null;
}

export interface BestSoFar {
  /** 2D error in pixels of the 256 frame on held-back samples, or the training loss. */
  readonly metric: 'keypoints2d' | 'loss';
  readonly value: number;
  readonly iteration: number;
}

/** What stands beside the weights of a checkpoint within a stage. */
export interface StageProgress extends RunInfo {
  readonly progress: {
    readonly stage: AnyStage;
    readonly iteration: number;
    readonly scheduleStates: ScheduleStates;
    /** Samples taken from the data: with the seed, all that the loader needs to go on. */
    readonly position: number;
    /** All random numbers are functions of it and of the position. */
    readonly seed: number | string;
    readonly replicas: number;
    readonly backend: string;
    readonly sources: readonly SourceIdentity[];
    readonly best: BestSoFar | null;
  };
}
