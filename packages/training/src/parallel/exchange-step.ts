import * as tf from '@tensorflow/tfjs-core';
import { ConfigError } from '@opposable/tensor-checks';
import type { NamedTensors, NamedVariables } from '../optimizers/types.js';
import { isAlone } from '../optimizers/fused-update.js';
import { tensorMemory, tensorOf } from '../tensor-memory.js';
import { type AllReduceMember, roomFor } from './all-reduce.js';

/** Most scalars of a step: total, terms, the vote to stop. */
const SCALARS = 64;

/** What the members of a group tell each other after every step. */
export interface StepExchange {
  /** Become the caller's means, or are disposed. */
  readonly gradients: NamedTensors;
  /** Variables that the forward pass writes; replaced by their mean. */
  readonly runningAverages: NamedVariables;
  /** The loss and its terms. */
  readonly scalars: readonly tf.Tensor[];
  /** Whether this member was told to stop. */
  readonly stop: boolean;
}

export interface ExchangedStep {
  /** Means: the tensors that were given if they can be written where they lie, else new ones; owned by the caller. */
  readonly gradients: NamedTensors;
  /** Means in the order given, owned by the caller. */
  readonly scalars: readonly tf.Tensor[];
  /** Whether any member was told to stop: all see the same. */
  readonly stop: boolean;
}

function sortedByName<T>(tensors: Readonly<Record<string, T>>): [string, T][] {
  return Object.entries(tensors).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** How many numbers a group must have room for to exchange the steps of these variables. */
export function exchangeLength(variables: NamedTensors, runningAverages: NamedTensors): number {
  const all = [...Object.values(variables), ...Object.values(runningAverages)];
  return all.reduce((sum, tensor) => sum + roomFor(tensor.size), SCALARS * 4);
}

/** The numbers of a tensor on the way through an exchange. */
interface Travelling {
  readonly tensor: tf.Tensor;
  /** The tensor's own memory, or a copy of it. */
  readonly values: Float32Array;
  readonly inPlace: boolean;
}

/** Memory that other tensors use too may not be written, and that of a GPU cannot. */
async function travelling(tensor: tf.Tensor): Promise<Travelling> {
  const memory = tensorMemory(tensor);
  if (memory === undefined) return { tensor, values: await tensor.data<'float32'>(), inPlace: false };
  const inPlace = isAlone(tensor);
  return { tensor, values: inPlace ? memory : memory.slice(), inPlace };
}

async function readScalar(tensor: tf.Tensor): Promise<number> {
  return (tensorMemory(tensor) ?? (await tensor.data<'float32'>()))[0]!;
}

/**
 * Means over the members of a group: written straight into the memory of the tensors, added up in the order of the ranks, so that
 * all members get the same bits.
 *
 * @param step its scalars are not disposed; its gradients neither if this throws
 */
export async function exchangeStep(member: AllReduceMember, step: StepExchange): Promise<ExchangedStep> {
  if (step.scalars.length >= SCALARS) {
    throw new ConfigError(`fit: expected at most ${SCALARS - 2} terms of the loss, got ${step.scalars.length - 1}.`, {
      expected: SCALARS - 2,
      actual: step.scalars.length - 1,
    });
  }
  const names = sortedByName(step.gradients).map(([name]) => name);
  const numbers = Float32Array.of(step.stop ? 1 : 0, ...(await Promise.all(step.scalars.map(readScalar))));
  const tensors = [
    ...names.map((name) => step.gradients[name]!),
    ...sortedByName(step.runningAverages).map(([, variable]) => variable),
  ];
  // one after the other, and no tensor is made before the exchange: memory stays where it is
  const all: Travelling[] = [];
  for (const tensor of tensors) all.push(await travelling(tensor));
  member.meanInPlace([numbers, ...all.map(({ values }) => values)]);

  const gradients = Object.fromEntries(
    all.slice(0, names.length).map(({ tensor, values, inPlace }, i) => {
      if (inPlace) return [names[i]!, tensor];
      const mean = tensorOf(values, tensor.shape);
      tensor.dispose();
      return [names[i]!, mean];
    }),
  );
  for (const { tensor, values, inPlace } of all.slice(names.length)) {
    if (!inPlace) tf.tidy(() => (tensor as tf.Variable).assign(tensorOf(values, tensor.shape)));
  }
  const scalars = step.scalars.map(({ shape }, i) => tensorOf(numbers.subarray(i + 1, i + 2), shape));
  return { gradients, scalars, stop: numbers[0]! > 0 };
}

/** Gives all members the values that these variables have in the member of rank 0. */
export async function broadcastVariables(member: AllReduceMember, variables: NamedVariables): Promise<void> {
  let count = 0;
  const entries = sortedByName(variables);
  for (const [, variable] of entries) {
    if (member.rank === 0) member.own.set(tensorMemory(variable) ?? (await variable.data<'float32'>()), count);
    count += roomFor(variable.size);
  }
  const values = member.broadcast(count);
  let next = 0;
  for (const [, variable] of entries) {
    if (member.rank > 0) {
      const own = values.subarray(next, next + variable.size);
      tf.tidy(() => variable.assign(tensorOf(own, variable.shape)));
    }
    next += roomFor(variable.size);
  }
}
