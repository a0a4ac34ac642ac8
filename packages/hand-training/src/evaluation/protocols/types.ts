import type { ManoModel } from '@opposable/mano-layer';
import type { TrainingArrays } from '../../data/training-arrays.js';
import type { Evaluation } from '../evaluate-run.js';

/** One number of an evaluation. */
export interface Measure {
  readonly name: string;
  readonly unit: string;
  /** NaN where it cannot be told of this data. */
  readonly value: number;
  /** Single joints are left out of short tables. */
  readonly detail?: boolean;
}

/** A PCK curve. */
export interface MeasuredCurve {
  /** The same for every run: what the plot is called. */
  readonly title: string;
  readonly unit: string;
  readonly thresholds: readonly number[];
  readonly fractions: readonly number[];
  /** Whether curves published in this unit belong beside it. */
  readonly comparable: boolean;
}

export interface ProtocolScores {
  /** What was aligned and which joints count, in a sentence. */
  readonly note: string;
  readonly measures: readonly Measure[];
  readonly curves: readonly MeasuredCurve[];
}

export interface ProtocolInput {
  readonly evaluation: Evaluation;
  readonly arrays: TrainingArrays;
  readonly hand: ManoModel;
}

/** A published way of measuring. */
export type Protocol = (input: ProtocolInput) => ProtocolScores;
