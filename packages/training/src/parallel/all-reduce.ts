import { ConfigError } from '@opposable/tensor-checks';

/** Memory that the members of a group share; can be sent to a worker as it is. */
export interface AllReduceMemory {
  /** Numbers that one reduction holds at most. */
  readonly length: number;
  /** Members of the group. */
  readonly members: number;
  readonly buffer: SharedArrayBuffer;
}

/** One member's side of a group that adds up arrays. */
export interface AllReduceMember {
  readonly rank: number;
  readonly members: number;
  /**
   * Replaces `values` by the mean over all members; returns when every member has called it.
   * The sum runs in the order of the ranks, so that all members get the same bits.
   */
  mean(values: Float32Array): void;
  /** Tells the others that this member will not come again: their `mean` throws. */
  leave(): void;
  /** Whether a member has left. */
  someoneLeft(): boolean;
}

/** Words before the data: arrivals, generation, whether a member left. */
const ARRIVED = 0;
const GENERATION = 1;
const LEFT = 2;
const HEADER_WORDS = 16;
/** A thread that died without a word would otherwise be waited for for ever. */
const PATIENCE_SECONDS = 300;

/**
 * Memory for reductions of up to `length` numbers by `members` threads.
 *
 * @throws ConfigError unless both are positive integers
 */
export function createAllReduce(length: number, members: number): AllReduceMemory {
  for (const [name, value] of Object.entries({ length, members })) {
    if (!Number.isInteger(value) || value < 1) {
      throw new ConfigError(`createAllReduce: expected ${name} to be a positive integer, got ${value}.`, {
        expected: 'a positive integer',
        actual: value,
      });
    }
  }
  // two halves used in turn: a fast member may write its next values while a slow one still reads the last
  const bytes = HEADER_WORDS * 4 + 2 * members * length * 4;
  return { length, members, buffer: new SharedArrayBuffer(bytes) };
}

/**
 * Joins a group as one of its members. Blocks the thread while it waits, which Node allows everywhere and browsers in
 * workers only.
 *
 * @param memory from {@link createAllReduce}, the same in every thread
 * @param rank 0 … members − 1, each taken once
 */
export function joinAllReduce(memory: AllReduceMemory, rank: number): AllReduceMember {
  const { length, members, buffer } = memory;
  if (!Number.isInteger(rank) || rank < 0 || rank >= members) {
    throw new ConfigError(`joinAllReduce: expected a rank from 0 to ${members - 1}, got ${rank}.`, {
      expected: [0, members - 1],
      actual: rank,
    });
  }
  const header = new Int32Array(buffer, 0, HEADER_WORDS);
  const slot = (half: number, member: number): Float32Array =>
    new Float32Array(buffer, HEADER_WORDS * 4 + (half * members + member) * length * 4, length);
  const slots = [0, 1].map((half) => Array.from({ length: members }, (_, member) => slot(half, member)));
  let half = 0;

  const checkAllThere = (): void => {
    if (Atomics.load(header, LEFT) !== 0) throw new Error('allReduce: a member of the group has stopped.');
  };
  const passed = (generation: number): boolean => Atomics.load(header, GENERATION) !== generation;
  /** Returns when all members have come here. */
  const barrier = (): void => {
    checkAllThere();
    const generation = Atomics.load(header, GENERATION);
    if (Atomics.add(header, ARRIVED, 1) === members - 1) {
      Atomics.store(header, ARRIVED, 0);
      Atomics.add(header, GENERATION, 1);
      Atomics.notify(header, GENERATION);
      return;
    }
    for (let waited = 0; !passed(generation); waited++) {
      Atomics.wait(header, GENERATION, generation, 1000);
      if (passed(generation)) return;
      checkAllThere(); // only now: who has passed may leave at once
      if (waited > PATIENCE_SECONDS) throw new Error(`allReduce: no answer from the group in ${PATIENCE_SECONDS} s.`);
    }
  };

  return {
    rank,
    members,
    mean(values) {
      if (values.length > length) {
        throw new ConfigError(`allReduce: expected at most ${length} numbers, got ${values.length}.`, {
          expected: length,
          actual: values.length,
        });
      }
      slots[half]![rank]!.set(values);
      barrier();
      const [first, ...others] = slots[half]!;
      values.set(first!.subarray(0, values.length));
      for (const other of others) for (let i = 0; i < values.length; i++) values[i]! += other[i]!;
      for (let i = 0; i < values.length; i++) values[i]! /= members;
      half = 1 - half;
    },
    someoneLeft: () => Atomics.load(header, LEFT) !== 0,
    leave() {
      Atomics.store(header, LEFT, 1);
      Atomics.notify(header, GENERATION);
    },
  };
}
