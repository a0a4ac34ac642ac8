// What this machine itself gives to two workers: the same product of matrices in one process and in two that know nothing of each
// other. Two cores may share memory, caches and, on a virtual machine, their halves with strangers.
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs-core';
import { median, row } from './measure.mjs';
import { startKernels } from './resnet.mjs';
import { noise } from './wasm.mjs';

const TASK = 'OPPOSABLE_BENCH_PRODUCT';
const SIDE = 512;
const GIGAFLOP = (2 * SIDE ** 3) / 1e9;
const SECONDS = 1;
const ROUNDS = 3;

function startProcess() {
  const child = fork(fileURLToPath(import.meta.url), [], { env: { ...process.env, [TASK]: '1' } });
  const answer = () =>
    new Promise((resolve, reject) => {
      child.once('message', resolve);
      child.once('exit', (code) => reject(new Error(`bench: a process has ended with exit code ${code}.`)));
    });
  return answer().then(() => ({
    rate() {
      child.send('go');
      return answer();
    },
    stop: () => child.kill(),
  }));
}

/** GFLOP/s of one process, and of each of two at the same time, the slower one first: the best of several rounds in turn. */
export async function measureTwoCores() {
  const processes = await Promise.all([startProcess(), startProcess()]);
  try {
    let best = { one: 0, two: [0, 0] };
    for (let round = 0; round < ROUNDS; round++) {
      best.one = Math.max(best.one, await processes[round % 2].rate());
      const two = await Promise.all(processes.map((one) => one.rate()));
      two.sort((a, b) => a - b);
      if (two[0] > best.two[0]) best.two = two;
    }
    return best;
  } finally {
    for (const one of processes) one.stop();
  }
}

/** What two workers that wait for each other can reach at most: twice the slower one. */
export async function twoCoresRow() {
  const { one, two } = await measureTwoCores();
  return row(
    `the machine: ${SIDE}³ products in two processes at once`,
    two[0] + two[1],
    'GFLOP/s',
    `${((two[0] + two[1]) / one).toFixed(2)} × one process (${one.toFixed(1)}); ${((2 * two[0]) / one).toFixed(2)} × where they wait for each other (${two.map((rate) => rate.toFixed(1)).join(' and ')})`,
  );
}

if (process.env[TASK] !== undefined) {
  await startKernels();
  const [a, b] = [noise([SIDE, SIDE], 1), noise([SIDE, SIDE], 2)];
  process.on('message', () => {
    const times = [];
    const end = performance.now() + 1000 * SECONDS;
    while (performance.now() < end) {
      const start = performance.now();
      tf.dispose(tf.matMul(a, b));
      times.push(performance.now() - start);
    }
    process.send((1000 * GIGAFLOP) / median(times));
  });
  process.send('ready');
}
