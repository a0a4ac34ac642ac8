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

  it('alone in its group changes nothing', () => {
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
      const memory = createAllReduce(1, 2);
      joinAllReduce(memory, 1).leave(how);
      expect(() => joinAllReduce(memory, 0).mean(1)).toThrow(message);
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
    expect(() => single.broadcast(2)).toThrow('allReduce: expected at most 1 numbers, got 2.');
  });
});
