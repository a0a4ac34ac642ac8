import { Worker } from 'node:worker_threads';
import { createAllReduce, failAllReduce, joinAllReduce } from './all-reduce.js';
import { GroupEndedError } from './group-ended-error.js';

/** Another member in its own thread, written from the protocol: round r, it brings `rank + r` for every number. */
const MEMBER = `
const { workerData } = require('node:worker_threads');
const { buffer, length, members, rank, rounds } = workerData;
const header = new Int32Array(buffer, 0, 16);
const padded = (n) => Math.ceil(n / 16) * 16;
const block = (k) => new Float32Array(buffer, 64 + k * padded(length) * 4, length);
const part = padded(Math.ceil(length / members));
const barrier = () => {
  const generation = Atomics.load(header, 1);
  if (Atomics.add(header, 0, 1) === members - 1) {
    Atomics.store(header, 0, 0); Atomics.add(header, 1, 1); Atomics.notify(header, 1);
  } else while (Atomics.load(header, 1) === generation) Atomics.wait(header, 1, generation, 1000);
};
for (let round = 0; round < rounds; round++) {
  block(rank).fill(rank + round);
  barrier();
  for (let i = rank * part; i < Math.min(length, (rank + 1) * part); i++) {
    let sum = 0;
    for (let k = 0; k < members; k++) sum += block(k)[i];
    block(members)[i] = sum / members;
  }
  barrier();
}`;

const BUILD = new URL('../../dist/parallel/all-reduce.js', import.meta.url);

/** What a member brings; no mean of them is exact. */
const numberOf = (rank: number, round: number, array: number, i: number): number =>
  Math.sin(1 + rank + 3 * round + 7 * array + 11 * i);

/** A member in its own thread, of the build. */
const IN_PLACE_MEMBER = `
const { parentPort, workerData } = require('node:worker_threads');
const { memory, rank, rounds, sizes, build } = workerData;
const numberOf = (rank, round, array, i) => Math.sin(1 + rank + 3 * round + 7 * array + 11 * i);
import(build).then(({ joinAllReduce }) => {
  const member = joinAllReduce(memory, rank);
  const results = [];
  for (let round = 0; round < rounds; round++) {
    const arrays = sizes.map((size, k) => Float32Array.from({ length: size }, (_, i) => numberOf(rank, round, k, i)));
    member.meanInPlace(arrays);
    results.push(arrays.map((array) => [...array]));
  }
  parentPort.postMessage(results);
});`;

describe('joinAllReduce', () => {
  it('gives every member the mean, round after round, whoever is faster', async () => {
    const memory = createAllReduce(37, 3);
    const rounds = 200;
    const workers = [1, 2].map((rank) => new Worker(MEMBER, { eval: true, workerData: { ...memory, rank, rounds } }));
    const ended = Promise.all(workers.map((worker) => new Promise((resolve) => worker.once('exit', resolve))));
    await Promise.all(workers.map((worker) => new Promise((resolve) => worker.once('online', resolve))));
    const member = joinAllReduce(memory, 0);
    for (let round = 0; round < rounds; round++) {
      member.own.fill(round);
      expect([...member.mean(37)]).toEqual(new Array(37).fill(round + 1)); // mean of round, round + 1, round + 2
    }
    await ended;
  });

  it.each([2, 3])('replaces arrays of %d members by their means, with the same bits everywhere', async (members) => {
    const [sizes, rounds] = [[5, 16, 0, 1, 40], 50];
    const memory = createAllReduce(96, members);
    const others = Array.from({ length: members - 1 }, (_, i) => {
      const workerData = { memory, rank: i + 1, rounds, sizes, build: BUILD.href };
      return new Worker(IN_PLACE_MEMBER, { eval: true, workerData });
    });
    const results = others.map((worker) => new Promise<number[][][]>((resolve) => worker.once('message', resolve)));
    await Promise.all(others.map((worker) => new Promise((resolve) => worker.once('online', resolve))));
    const member = joinAllReduce(memory, 0);
    const own: number[][][] = [];
    for (let round = 0; round < rounds; round++) {
      const arrays = sizes.map((size, k) => Float32Array.from({ length: size }, (_, i) => numberOf(0, round, k, i)));
      member.meanInPlace(arrays);
      own.push(arrays.map((array) => [...array]));
    }
    own.forEach((arrays, round) =>
      arrays.forEach((array, k) =>
        array.forEach((value, i) => {
          let sum = 0;
          for (let rank = 0; rank < members; rank++) sum += numberOf(rank, round, k, i);
          expect(Math.abs(value - sum / members)).toBeLessThan(1e-6);
        }),
      ),
    );
    for (const result of await Promise.all(results)) expect(result).toEqual(own);
  });

  it('alone in its group changes nothing', () => {
    const arrays = [Float32Array.of(1, 2)];
    joinAllReduce(createAllReduce(4, 1), 0).meanInPlace(arrays);
    expect([...arrays[0]!]).toEqual([1, 2]);
    const member = joinAllReduce(createAllReduce(2, 1), 0);
    member.own.set([1, 2]);
    expect([...member.mean(2)]).toEqual([1, 2]);
    expect([...member.broadcast(1)]).toEqual([1]);
  });

  it('throws when another member has left, instead of waiting for ever, and says whether that one failed', () => {
    for (const [how, message] of [
      ['failed', 'a member of the group has failed'],
      ['finished', 'a member of the group has no more batches'],
    ] as const) {
      const memory = createAllReduce(4, 2);
      joinAllReduce(memory, 1).leave(how);
      expect(() => joinAllReduce(memory, 0).mean(1)).toThrow(message);
      const arrays = [Float32Array.of(7)];
      expect(() => joinAllReduce(memory, 0).meanInPlace(arrays)).toThrow(message);
      expect([...arrays[0]!]).toEqual([7]); // nobody had come yet: nothing is written
    }
  });

  it('wakes a member that waits when the group is ended from outside', async () => {
    const memory = createAllReduce(1, 2);
    const waiting = new Worker(
      MEMBER.replace('Atomics.wait(', 'if (Atomics.load(header, 2)) process.exit(7); else Atomics.wait('),
      {
        eval: true,
        workerData: { ...memory, rank: 1, rounds: 1 },
      },
    );
    const code = new Promise((resolve) => waiting.once('exit', resolve));
    const arrived = new Int32Array(memory.buffer);
    while (Atomics.load(arrived, 0) === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    failAllReduce(memory);
    expect(await code).toBe(7);
    expect(() => joinAllReduce(memory, 0).mean(1)).toThrow(GroupEndedError);
  });

  it('refuses ranks outside of the group and counts that are too large', () => {
    const memory = createAllReduce(1, 2);
    expect(() => joinAllReduce(memory, 2)).toThrow('joinAllReduce: expected a rank from 0 to 1, got 2.');
    expect(() => createAllReduce(0, 2)).toThrow('createAllReduce: expected length to be a positive integer, got 0.');
    const single = joinAllReduce(createAllReduce(1, 1), 0);
    expect(() => single.mean(2)).toThrow('allReduce: expected at most 1 numbers, got 2.');
    expect(() => single.meanInPlace([new Float32Array(2)])).toThrow('allReduce: expected at most 1 numbers, got 4.');
    expect(() => single.broadcast(2)).toThrow('allReduce: expected at most 1 numbers, got 2.');
  });
});
