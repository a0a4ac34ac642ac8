import type * as tf from '@tensorflow/tfjs-core';

/** Trainable variables by a name that stays the same from run to run (`tf.Variable.name` does not). */
export type NamedVariables = Readonly<Record<string, tf.Variable>>;

/** Tensors by the names of the variables they belong to. */
export type NamedTensors = Readonly<Record<string, tf.Tensor>>;

/** All that an optimiser remembers: a value, so that it can be saved, restored and compared. */
export interface OptimizerState {
  /** Updates made so far. */
  readonly step: number;
  /** Tensors by slot and variable, as in `slots.firstMoment['conv1/kernel']`. */
  readonly slots: Readonly<Record<string, NamedTensors>>;
}

export interface OptimizerUpdate {
  /** Current values, not changed and not disposed. */
  variables: NamedTensors;
  /** Gradients of some or all variables; a variable without one keeps its value. */
  gradients: NamedTensors;
  /** Not changed and not disposed. */
  state: OptimizerState;
  learningRate: number;
}

export interface OptimizerResult {
  /** New values of the variables that had a gradient. */
  values: NamedTensors;
  state: OptimizerState;
}

/** A rule for one step, without memory of its own: state goes in and comes out. */
export interface Optimizer {
  /** For checkpoints and messages. */
  readonly name: string;
  /** State before the first step; the caller owns its tensors. */
  init(variables: NamedTensors): OptimizerState;
  /** One step; the caller owns every tensor of the result, and none of them is one of the inputs. */
  update(update: OptimizerUpdate): OptimizerResult;
  /**
   * The same step with the same bits, written into the memory of the variables and of the state: no tensor is made or freed.
   *
   * @returns the state after it, of the same tensors; undefined, with nothing written, where the backend cannot do it or a
   *   tensor shares its memory with another
   */
  updateInPlace?(update: OptimizerUpdate): OptimizerState | undefined;
}
