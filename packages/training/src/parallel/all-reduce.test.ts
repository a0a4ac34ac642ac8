import { Worker } from 'node:worker_threads';
import { createAllReduce, joinAllReduce } from './all-reduce.js';

/** Another member in its own thread, written from the protocol: it adds `rank + round` for every number. */
const MEMBER = `
const { workerData } = require('node:worker_threads');
const { buffer, length, members, rank, rounds } = workerData;
const header = new Int32Array(buffer, 0, 16);
const slot = (half, m) => new Float32Array(buffer, 64 + (half * members + m) * length * 4, length);
for (let round = 0; round < rounds; round++) {
  slot(round % 2, rank).fill(rank + round);
  const generation = Atomics.load(header, 1);
  if (Atomics.add(header, 0, 1) === members - 1) {
    Atomics.store(header, 0, 0); Atomics.add(header, 1, 1); Atomics.notify(header, 1);
  } else while (Atomics.load(header, 1) === generation) Atomics.wait(header, 1, generation, 1000);
}`;

describe('joinAllReduce', () => {
  it('gives every member the mean, round after round, whoever is faster', async () => {
    const memory = createAllReduce(5, 3);
    const rounds = 200;
    const workers = [1, 2].map((rank) => new Worker(MEMBER, { eval: true, workerData: { ...memory, rank, rounds } }));
    const ended = Promise.all(workers.map((worker) => new Promise((resolve) => worker.once('exit', resolve))));
    await Promise.all(workers.map((worker) => new Promise((resolve) => worker.once('online', resolve))));
    const member = joinAllReduce(memory, 0);
    for (let round = 0; round < rounds; round++) {
      const values = new Float32Array(4).fill(round);
      member.mean(values);
      expect([...values]).toEqual(new Array(4).fill(round + 1)); // mean of round, round + 1, round + 2
    }
    await ended;
  });

  it('alone in its group changes nothing', () => {
    const values = Float32Array.of(1, 2);
    joinAllReduce(createAllReduce(2, 1), 0).mean(values);
    expect([...values]).toEqual([1, 2]);
  });

  it('throws when another member has left, instead of waiting for ever', () => {
    const memory = createAllReduce(1, 2);
    joinAllReduce(memory, 1).leave();
    expect(() => joinAllReduce(memory, 0).mean(Float32Array.of(1))).toThrow('a member of the group has stopped');
  });

  it('refuses ranks outside of the group and arrays that are too long', () => {
    const memory = createAllReduce(1, 2);
    expect(() => joinAllReduce(memory, 2)).toThrow('joinAllReduce: expected a rank from 0 to 1, got 2.');
    expect(() => createAllReduce(0, 2)).toThrow('createAllReduce: expected length to be a positive integer, got 0.');
    const single = joinAllReduce(createAllReduce(1, 1), 0);
    expect(() => single.mean(Float32Array.of(1, 2))).toThrow('allReduce: expected at most 1 numbers, got 2.');
  });
});
