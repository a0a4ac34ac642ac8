import * as tf from '@tensorflow/tfjs-core';
import { ConfigError } from '@opposable/tensor-checks';
import type { NamedTensors, NamedVariables } from '../optimizers/types.js';
import { tensorMemory, tensorOf } from '../tensor-memory.js';
import type { AllReduceMember } from './all-reduce.js';

/** Most scalars of a step: total, terms, the vote to stop. */
const SCALARS = 64;
/** Room for the vote to stop, which comes first. */
const VOTE = 4;

/** What the members of a group tell each other after every step. */
export interface StepExchange {
  readonly gradients: NamedTensors;
  /** Variables that the forward pass writes; replaced by their mean. */
  readonly runningAverages: NamedVariables;
  /** The loss and its terms. */
  readonly scalars: readonly tf.Tensor[];
  /** Whether this member was told to stop. */
  readonly stop: boolean;
}

export interface ExchangedStep {
  /** Means, owned by the caller. */
  readonly gradients: NamedTensors;
  /** Means in the order given, owned by the caller. */
  readonly scalars: readonly tf.Tensor[];
  /** Whether any member was told to stop: all see the same. */
  readonly stop: boolean;
}

/**
 * Room for a tensor: the next multiple of 16 bytes. Between arrays that are not aligned alike the engine copies to and from
 * shared memory byte by byte, five times slower.
 */
function roomFor({ size }: tf.Tensor): number {
  return Math.ceil(size / 4) * 4;
}

function sortedByName<T>(tensors: Readonly<Record<string, T>>): [string, T][] {
  return Object.entries(tensors).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** How many numbers a group must have room for to exchange the steps of these variables. */
export function exchangeLength(variables: NamedTensors, runningAverages: NamedTensors): number {
  const all = [...Object.values(variables), ...Object.values(runningAverages)];
  return all.reduce((sum, tensor) => sum + roomFor(tensor), SCALARS * 4);
}

/**
 * Means over the members of a group, by one block of numbers: read straight from the memory of the tensors, added up in the
 * order of the ranks, so that all members get the same bits.
 *
 * @param step not disposed
 */
export async function exchangeStep(member: AllReduceMember, step: StepExchange): Promise<ExchangedStep> {
  const gradients = sortedByName(step.gradients);
  const averages = sortedByName(step.runningAverages);
  if (step.scalars.length >= SCALARS) {
    throw new ConfigError(`fit: expected at most ${SCALARS - 2} terms of the loss, got ${step.scalars.length - 1}.`, {
      expected: SCALARS - 2,
      actual: step.scalars.length - 1,
    });
  }
  const tensors = [...step.scalars, ...gradients.map(([, tensor]) => tensor), ...averages.map(([, tensor]) => tensor)];
  member.own[0] = step.stop ? 1 : 0;
  let count = VOTE;
  for (const tensor of tensors) {
    member.own.set(tensorMemory(tensor) ?? (await tensor.data<'float32'>()), count);
    count += roomFor(tensor);
  }
  const means = member.mean(count);
  let next = VOTE;
  const take = (tensor: tf.Tensor): tf.Tensor => {
    const start = next;
    next += roomFor(tensor);
    return tensorOf(means.subarray(start, start + tensor.size), tensor.shape);
  };
  const scalars = step.scalars.map(take);
  const reduced = Object.fromEntries(gradients.map(([name, tensor]) => [name, take(tensor)]));
  for (const [, variable] of averages) tf.tidy(() => variable.assign(take(variable)));
  return { gradients: reduced, scalars, stop: means[0]! > 0 };
}

/** Gives all members the values that these variables have in the member of rank 0. */
export async function broadcastVariables(member: AllReduceMember, variables: NamedVariables): Promise<void> {
  let count = 0;
  const entries = sortedByName(variables);
  for (const [, variable] of entries) {
    if (member.rank === 0) member.own.set(tensorMemory(variable) ?? (await variable.data<'float32'>()), count);
    count += roomFor(variable);
  }
  const values = member.broadcast(count);
  let next = 0;
  for (const [, variable] of entries) {
    if (member.rank > 0) {
      const own = values.subarray(next, next + variable.size);
      tf.tidy(() => variable.assign(tensorOf(own, variable.shape)));
    }
    next += roomFor(variable);
  }
}
