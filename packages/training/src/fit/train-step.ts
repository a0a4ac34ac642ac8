import * as tf from '@tensorflow/tfjs-core';
import { ConfigError } from '@opposable/tensor-checks';
import { variableGradients } from '@opposable/wasm-training';
import { clipOwnedGradients } from '../optimizers/clip-gradients.js';
import { disposeOptimizerState } from '../optimizers/optimizer-state.js';
import type { NamedTensors, NamedVariables, Optimizer, OptimizerState } from '../optimizers/types.js';
import type { AllReduceMember } from '../parallel/all-reduce.js';
import { exchangeStep } from '../parallel/exchange-step.js';
import type { Loss } from './types.js';

/** Loss and gradients of one batch, all owned by the caller. */
export interface Gradients {
  total: tf.Tensor;
  terms: Record<string, tf.Tensor>;
  gradients: NamedTensors;
}

/** Differentiates the loss with respect to the variables. */
export function computeGradients(variables: NamedVariables, computeLoss: () => Loss): Gradients {
  const terms: Record<string, tf.Tensor> = {};
  const byTensorName = new Map(Object.entries(variables).map(([name, variable]) => [variable.name, name]));
  try {
    const { value, grads } = variableGradients(() => {
      const loss = computeLoss();
      for (const [name, term] of Object.entries(loss.terms ?? {})) terms[name] = tf.keep(tf.clone(term));
      if (loss.total.size !== 1) {
        throw new ConfigError(
          `fit: expected computeLoss to return a scalar total, got shape [${loss.total.shape.join(', ')}].`,
          {
            expected: [],
            actual: loss.total.shape,
          },
        );
      }
      return tf.reshape<tf.Rank.R0>(loss.total, []);
    }, Object.values(variables));
    const gradients: NamedTensors = Object.fromEntries(
      Object.entries(grads).map(([tensorName, gradient]) => [byTensorName.get(tensorName)!, gradient]),
    );
    return { total: value, terms, gradients };
  } catch (error) {
    tf.dispose(terms);
    throw error;
  }
}

/** The means of a step over a group of replicas, in place of the step's own numbers. */
export interface GroupStep {
  readonly member: AllReduceMember;
  readonly runningAverages: NamedVariables;
  /** Whether this replica was told to stop. */
  readonly stop: boolean;
}

/** What happens to a step on its way to the optimiser: the mean over replicas, then the limit of the gradients' norm. */
export async function refineStep(
  computed: Gradients,
  group: GroupStep | undefined,
  gradientClip: number | undefined,
): Promise<Gradients & { stop: boolean }> {
  const { stop, ...step } = group === undefined ? { ...computed, stop: false } : await exchanged(computed, group);
  if (gradientClip === undefined) return { ...step, stop };
  try {
    const clipped = clipOwnedGradients(step.gradients, gradientClip);
    return { ...step, terms: { ...step.terms, gradientNorm: clipped.norm }, gradients: clipped.gradients, stop };
  } catch (error) {
    tf.dispose([step.total, ...Object.values(step.terms)]);
    throw error;
  }
}

async function exchanged(computed: Gradients, group: GroupStep): Promise<Gradients & { stop: boolean }> {
  const { total, terms, gradients } = computed;
  const names = Object.keys(terms);
  const scalars = [total, ...Object.values(terms)];
  try {
    const means = await exchangeStep(group.member, { ...group, gradients, scalars });
    const [meanTotal, ...meanTerms] = means.scalars as [tf.Tensor, ...tf.Tensor[]];
    const named = Object.fromEntries(names.map((name, i) => [name, meanTerms[i]!]));
    return { total: meanTotal, terms: named, gradients: means.gradients, stop: means.stop };
  } catch (error) {
    tf.dispose(Object.values(gradients));
    throw error;
  } finally {
    tf.dispose(scalars);
  }
}

/**
 * One step of the optimiser, written into the variables; disposes the gradients, and the old state or makes it the new one.
 * Where it fails, the old state is left.
 */
export function applyGradients(
  optimizer: Optimizer,
  variables: NamedVariables,
  gradients: NamedTensors,
  state: OptimizerState,
  learningRate: number,
): OptimizerState {
  const update = { variables, gradients, state, learningRate };
  try {
    const inPlace = optimizer.updateInPlace?.(update);
    if (inPlace !== undefined) return inPlace;
    const next = optimizer.update(update);
    try {
      for (const [name, value] of Object.entries(next.values)) variables[name]!.assign(value);
    } catch (error) {
      disposeOptimizerState(next.state);
      throw error;
    } finally {
      tf.dispose(Object.values(next.values));
    }
    disposeOptimizerState(state);
    return next.state;
  } finally {
    tf.dispose(Object.values(gradients));
  }
}
