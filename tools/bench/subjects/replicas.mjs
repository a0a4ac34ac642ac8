import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { synthesizeDataset } from '@opposable/hand-synthesis/node';
import { chooseBackend, createRun, DEMO_SETTINGS, loadTrainingData, runReplicas } from '@opposable/hand-training';
import { row, stepMilliseconds } from '../measure.mjs';
import { stageProcess } from '../stage-process.mjs';
import { twoCoresRow } from '../two-cores.mjs';

export const title = `Two replicas beside one, and beside two processes that know nothing of each other; wasm, ${availableParallelism()} cores`;

const REPETITIONS = 2;
const { pretrain, train } = DEMO_SETTINGS;
/** Steps before those that count: the compiler is at work in them. Of the others the quickest `window` in a row counts. */
const CASES = [
  {
    name: 'pretrain',
    stage: { ...pretrain, kind: 'pretrain' },
    encoder: 'small',
    size: 96,
    warmUp: 80,
    window: 20,
    steps: 100,
  },
  { name: 'train', stage: { ...train, kind: 'train' }, encoder: 'small', size: 96, warmUp: 60, window: 20, steps: 80 },
  {
    name: 'ResNet-18, 128 px, batch 16',
    stage: { ...pretrain, kind: 'pretrain', batchSize: 16 },
    ...{ encoder: 'resnet18', size: 128, warmUp: 3, window: 4, steps: 8 },
  },
  {
    name: 'ResNet-18, 128 px, 16 each',
    stage: { ...pretrain, kind: 'pretrain', batchSize: 16 },
    ...{ encoder: 'resnet18', size: 128, warmUp: 3, window: 4, steps: 8, keepsPart: true },
  },
];

/** Samples of each of two workers: half of a batch, or as many as one worker alone has. */
const partOf = ({ stage, keepsPart }) => (keepsPart ? stage.batchSize : stage.batchSize / 2);

async function withDataset(size, use) {
  const folder = await mkdtemp(join(tmpdir(), 'opposable-bench-'));
  try {
    const prepared = join(folder, 'hands');
    await synthesizeDataset({ out: prepared, seed: 1, train: 192, test: 0, size });
    return await use(prepared);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Milliseconds of each step of replicas in threads. */
async function replicaSteps(network, arrays, stage, replicas) {
  const run = createRun(network, 1);
  const { steps, logger } = stepMilliseconds();
  try {
    await runReplicas(run, arrays, stage, { replicas, logger, logEvery: 1 });
  } finally {
    run.dispose();
  }
  return steps;
}

const sum = (values) => values.reduce((a, b) => a + b, 0);

/**
 * Mean of the quickest `count` steps in a row: long enough for collections of garbage to be in it, short enough to lie between
 * two disturbances by other programs.
 */
function quickestWindow(steps, count) {
  let best = Infinity;
  for (let end = count; end <= steps.length; end++) {
    best = Math.min(best, sum(steps.slice(end - count, end)) / count);
  }
  return best;
}

/** Milliseconds of a step of one worker, of two replicas and of two processes: the best of several repetitions in turn. */
async function compare(one) {
  const { stage, encoder, size, warmUp, window, steps } = one;
  const network = { encoder, inputSize: size };
  return withDataset(size, async (prepared) => {
    const arrays = await loadTrainingData({ prepared, split: 'train' }, size);
    const processes = await Promise.all([1, 2].map(() => stageProcess({ prepared, network })));
    const best = { one: Infinity, replicas: Infinity, processes: Infinity, slower: Infinity };
    const alone = { ...stage, seed: 1, iterations: warmUp + steps };
    const part = { ...alone, batchSize: partOf(one) };
    const both = { ...alone, batchSize: 2 * partOf(one) };
    const note = (what, all) => (best[what] = Math.min(best[what], quickestWindow(all.slice(warmUp), window)));
    try {
      for (let repetition = 0; repetition < REPETITIONS; repetition++) {
        note('one', await processes[0].train(alone));
        note('replicas', await replicaSteps(network, arrays, both, 2));
        const apart = await Promise.all(processes.map((each) => each.train(part)));
        note(
          'processes',
          apart[0].map((first, i) => (first + apart[1][i]) / 2),
        );
        note(
          'slower',
          apart.reduce((a, b) => (sum(b) > sum(a) ? b : a)),
        );
      }
    } finally {
      for (const each of processes) each.stop();
    }
    return best;
  });
}

export async function measure() {
  await chooseBackend('wasm');
  const rows = [await twoCoresRow()];
  for (const one of CASES) {
    const best = await compare(one);
    const { batchSize } = one.stage;
    const part = partOf(one);
    const alone = (batchSize * 1000) / best.one;
    const together = (ms) => (2 * part * 1000) / ms;
    const against = (ms) => `${(together(ms) / alone).toFixed(2)} × one worker`;
    rows.push(
      row(`${one.name}: one worker, batches of ${batchSize}`, alone, 'images/s'),
      row(`${one.name}: two replicas, ${part} each`, together(best.replicas), 'images/s', against(best.replicas)),
      row(
        `${one.name}: two processes, ${part} each`,
        together(best.processes),
        'images/s',
        `the most there is here: ${against(best.processes)}; twice the slower one ${against(best.slower)}`,
      ),
    );
  }
  return rows;
}
