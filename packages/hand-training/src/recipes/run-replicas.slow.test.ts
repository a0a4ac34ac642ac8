import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const PACKAGE = fileURLToPath(new URL('../..', import.meta.url));
const execute = promisify(execFile);

/** Replicas are threads that run the build, so this runs in a process of its own. */
const COMMON = `
import { createHash } from 'node:crypto';
import { chooseBackend, createRun, loadTrainingData, runReplicas } from '@opposable/hand-training';
import { synthesizeDataset } from '@opposable/hand-synthesis/node';
import { createRng } from '@opposable/tensor-checks';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

await chooseBackend('wasm');
const folder = await mkdtemp(join(tmpdir(), 'opposable-replicas-'));
const prepared = join(folder, 'data');
await synthesizeDataset({ out: prepared, seed: 3, train: 12, test: 0, size: 32, workers: 0 });
const arrays = await loadTrainingData({ prepared, split: 'train' }, 32);
await rm(folder, { recursive: true });

const stage = {
  kind: 'pretrain', seed: 1, iterations: 6, batchSize: 4, learningRate: 1e-3, decay: { kind: 'constant' },
  beta1: 0.9, weightDecay: 0, gradientClip: undefined, augmentation: {}, poseMetric: 'angles',
  weights: { scale: 1e-4, translation: 2.5e-3, rotation: 9, pose: 18, betas: 0.5 },
};
async function trained(replicas, options = {}) {
  const run = createRun({ encoder: 'small', inputSize: 32 }, 5);
  try {
    const { history, reason } = await runReplicas(run, options.arrays ?? arrays, { ...stage, ...options.stage },
      { replicas, logEvery: 1, ...options.how });
    const weights = run.model.getWeights().map((tensor) => tensor.dataSync());
    return { total: history.total, reason, weights };
  } finally {
    run.dispose();
  }
}
const hash = ({ weights }) => {
  const sha = createHash('sha256');
  for (const values of weights) sha.update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  return sha.digest('hex');
};
const answer = (value) => process.stdout.write(JSON.stringify(value));
`;

async function inProcess<T>(code: string): Promise<T> {
  const folder = await mkdtemp(join(PACKAGE, 'out-tsc-replicas-')); // imports resolve as the package's own do
  try {
    const script = join(folder, 'run.mjs');
    await writeFile(script, COMMON + code);
    const { stdout } = await execute(process.execPath, [script], {
      env: { ...process.env, NODE_OPTIONS: '' },
      timeout: 100_000,
    });
    return JSON.parse(stdout) as T;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

describe('runReplicas on threads', () => {
  it('has a build to run', () => {
    expect(existsSync(`${PACKAGE}/dist/recipes/replica-worker.js`)).toBe(true);
  });

  it('repeats bit for bit, and agrees with one thread on the same batches', async () => {
    const result = await inProcess<{ same: boolean; changed: number; difference: number; totals: number[][] }>(`
      const [one, two, again] = [await trained(1), await trained(2), await trained(2)];
      const start = createRun({ encoder: 'small', inputSize: 32 }, 5);
      const initial = start.model.getWeights().map((tensor) => tensor.dataSync());
      let [squares, changes] = [0, 0];
      one.weights.forEach((values, k) => values.forEach((value, i) => {
        squares += (value - two.weights[k][i]) ** 2;
        changes += (value - initial[k][i]) ** 2;
      }));
      answer({ same: hash(two) === hash(again), changed: Math.sqrt(changes), difference: Math.sqrt(squares / changes),
        totals: [one.total, two.total] });
    `);
    expect(result.same).toBe(true);
    expect(result.changed).toBeGreaterThan(0.1);
    // Adam divides by the size of the gradient, which blows up rounding where a gradient is nearly zero
    expect(result.difference).toBeLessThan(1e-2);
    result.totals[0]!.forEach((total, i) => expect(result.totals[1]![i]! / total).toBeCloseTo(1, 3));
  }, 120_000);

  it('gives every sample of a batch the same weight', async () => {
    // plain gradients are compared: with one step of Adam from zero moments, the update is the sign of the gradient
    const { difference, totals } = await inProcess<{ difference: number; totals: number[] }>(`
      const how = { stage: { iterations: 1, learningRate: 1e-3 } };
      const [one, two] = [await trained(1, how), await trained(4, how)];
      let [differing, count] = [0, 0];
      one.weights.forEach((values, k) => values.forEach((value, i) => {
        differing += Math.abs(value - two.weights[k][i]) > 1e-6 ? 1 : 0;
        count++;
      }));
      answer({ difference: differing / count, totals: [one.total[0], two.total[0]] });
    `);
    expect(difference).toBeLessThan(1e-2);
    expect(totals[1]! / totals[0]!).toBeCloseTo(1, 5);
  }, 120_000);

  it('fails with the error of a replica that dies', async () => {
    const { message, seconds } = await inProcess<{ message: string; seconds: number }>(`
      // a label that is not a number, in the sample that the second thread takes first
      const order = createRng(stage.seed).split('pretrain').split('batches').split(0).permutation(arrays.count);
      const handParameters = arrays.handParameters.slice();
      handParameters[order[1] * 22] = NaN;
      const start = performance.now();
      const error = await trained(2, { arrays: { ...arrays, handParameters } }).catch((reason) => reason);
      answer({ message: error.message ?? 'no error', seconds: (performance.now() - start) / 1000 });
    `);
    expect(message).toMatch(/not finite|NaN/);
    expect(message).not.toMatch(/a member of the group has stopped/);
    expect(seconds).toBeLessThan(60);
  }, 120_000);

  it('stops all threads when it is told to', async () => {
    const { reason, iterations } = await inProcess<{ reason: string; iterations: number }>(`
      const stop = new AbortController();
      const logger = { log: ({ iteration }) => { if (iteration === 2) stop.abort(); } };
      const { reason, total } = await trained(2, { stage: { iterations: 500 }, how: { signal: stop.signal, logger } });
      answer({ reason, iterations: total.length });
    `);
    expect(reason).toBe('aborted');
    expect(iterations).toBeGreaterThanOrEqual(2);
    expect(iterations).toBeLessThan(500);
  }, 120_000);

  it('uses as many threads as divide the batch, and one where the batch is one sample', async () => {
    const numbers = await inProcess<number[]>(`
      const { defaultReplicas } = await import('@opposable/hand-training');
      answer([1, 2, 3, 5, 64].map((size) => size % defaultReplicas(size)).concat(defaultReplicas(1)));
    `);
    expect(numbers).toEqual([0, 0, 0, 0, 0, 1]);
  }, 120_000);
});
