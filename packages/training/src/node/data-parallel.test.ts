import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { ConfigError } from '@opposable/tensor-checks';
import type { LogRecord } from '../fit/types.js';
import type { TrainingError } from '../training-error.js';
import type { dataParallel as dataParallelType } from './data-parallel.js';
import { loadCheckpoint } from './load-checkpoint.js';
import type { ReplicaError } from './replica-error.js';

const PACKAGE = fileURLToPath(new URL('../..', import.meta.url));
const BUILD = `${PACKAGE}/dist/node/data-parallel.js`;

/** What the script does; see there. */
interface Task {
  rows: number;
  steps: number;
  features: number;
  learningRate?: number;
  sync?: boolean;
  checkpoint?: string;
  steal?: number;
  fail?: { rank: number; step: number; how: 'throw' | 'exit' | 'timer' | 'memory' | 'nan' };
}

interface Outcome {
  weights: Record<string, Float32Array>;
  totals: number[];
  reason: string;
  iteration: number;
}

/** y = 3·x₀ − x₁ with noise, by a dense layer, batch normalisation, ReLU and another dense layer. Runs in every thread. */
const SCRIPT = `
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { input, layers, model as createModel } from '@tensorflow/tfjs-layers';
import { disposeOptimizerState, prepareBackend, sgd } from '@opposable/training';
import { saveCheckpoint } from '@opposable/training/node';

export function rowsOf(step, rows, features) {
  const x = Array.from({ length: rows }, (_, n) => Array.from({ length: features }, (_, k) => Math.sin(1.7 * (step * rows + n) + k * k + 1)));
  return x.map((values, n) => ({ values, y: 3 * values[0] - values[1] + 0.1 * Math.cos(31 * n) }));
}

function build(features) {
  const x = input({ shape: [features] });
  const hidden = layers.dense({ units: 5, name: 'first' }).apply(x);
  const normal = layers.batchNormalization({ name: 'normal', momentum: 0.9, epsilon: 1e-3 }).apply(hidden);
  const y = layers.dense({ units: 1, name: 'last' }).apply(layers.reLU().apply(normal));
  const model = createModel({ inputs: x, outputs: y });
  model.weights.forEach((weight, w) => {
    if (!weight.trainable) return;
    const values = Float32Array.from({ length: weight.shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(3 * w + i) * 0.7 + 0.2);
    tf.tidy(() => weight.write(tf.tensor(values, weight.shape)));
  });
  return model;
}
const named = (weights) => Object.fromEntries(weights.map((weight) => [weight.originalName, weight.read()]));

function breakHere(how, variables) {
  if (how === 'throw') throw new RangeError('broken on purpose');
  if (how === 'exit') process.exit(3);
  if (how === 'timer') setTimeout(() => { throw new Error('from a timer'); });
  if (how === 'memory') for (const kept = []; ; ) kept.push(new Array(1000).fill({ a: 1 }));
  if (how === 'nan') tf.tidy(() => variables['last/bias'].assign(tf.tensor1d([NaN])));
}

export async function train({ rank, workers, data, fit, syncBatchNorm }) {
  await prepareBackend('wasm');
  const { rows, steps, features, learningRate = 0.05, sync, fail, checkpoint, steal } = data;
  const model = build(features + (steal === rank ? 1 : 0));
  if (sync) syncBatchNorm(model);
  const variables = named(model.trainableWeights);
  const runningAverages = named(model.nonTrainableWeights);
  // wrong on purpose: the start is that of rank 0
  if (rank > 0) for (const variable of Object.values(variables)) tf.tidy(() => variable.assign(tf.mul(variable, 7)));
  async function* batches() {
    for (let step = 0; ; step++) {
      if (fail?.rank === rank && fail.step === step) breakHere(fail.how, variables);
      if (fail?.how === 'timer' && fail.rank === rank) await new Promise((resolve) => setTimeout(resolve, 5));
      const part = rowsOf(step, rows, features).filter((_, n) => n % workers === rank);
      yield { x: tf.tensor2d(part.map(({ values }) => values)), y: tf.tensor2d(part.map(({ y }) => [y])) };
    }
  }
  const common = {
    variables, runningAverages, optimizer: sgd(), learningRate, logEvery: 1,
    computeLoss: ({ x, y }) => ({ total: tf.mean(tf.square(tf.sub(model.apply(x, { training: true }), y))) }),
    onStep: async ({ iteration, optimizerState }) => {
      if (checkpoint) await saveCheckpoint(checkpoint, { variables, optimizerState, state: { iteration } });
    },
  };
  const { history, reason, iteration, optimizerState } = await fit({ ...common, batches: batches(), iterations: steps });
  disposeOptimizerState(optimizerState);
  const weights = {};
  for (const { originalName, read } of model.weights.map((w) => ({ originalName: w.originalName, read: w.read() }))) weights[originalName] = await read.data();
  return { weights, totals: history.total, reason, iteration };
}
`;

let folder: string;
let script: URL;
let dataParallel: typeof dataParallelType;

beforeAll(async () => {
  if (!existsSync(BUILD)) throw new Error('Threads run the build: npm run compile.');
  ({ dataParallel } = (await import(pathToFileURL(BUILD).href)) as { dataParallel: typeof dataParallelType });
  await mkdir(join(PACKAGE, 'out-tsc'), { recursive: true });
  folder = await mkdtemp(join(PACKAGE, 'out-tsc', 'replicas-')); // imports resolve as the package's own do
  await writeFile(join(folder, 'train.mjs'), SCRIPT);
  script = pathToFileURL(join(folder, 'train.mjs'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const TASK: Task = { rows: 12, steps: 6, features: 2 };

function trained(workers: number, task: Partial<Task> = {}): Promise<Outcome> {
  return dataParallel<Outcome, Task>({ workers, script, data: { ...TASK, ...task } });
}

/** Largest difference of two sets of weights, as a share of the largest weight of its tensor. */
function difference(a: Outcome['weights'], b: Outcome['weights']): number {
  const ofTensor = (name: string): number => {
    const size = Math.max(...a[name]!.map(Math.abs));
    return Math.max(...a[name]!.map((value, i) => Math.abs(value - b[name]![i]!))) / size;
  };
  return Math.max(...Object.keys(a).map(ofTensor));
}

describe('dataParallel', () => {
  it('repeats bit for bit for a number of workers, and ends where it is told to', async () => {
    const [one, two] = [await trained(3, { steps: 30 }), await trained(3, { steps: 30 })];
    expect(two).toEqual(one);
    expect(one).toMatchObject({ reason: 'finished', iteration: 30 });
    expect(one.totals).toHaveLength(30);
    expect(one.totals.at(-1)!).toBeLessThan(0.5 * one.totals[0]!);
  });

  it('equals one worker on the whole batch where batch normalisation takes its statistics over all workers', async () => {
    const alone = await trained(1);
    for (const workers of [2, 3]) {
      const together = await trained(workers, { sync: true });
      expect(difference(alone.weights, together.weights)).toBeLessThan(1e-5);
      together.totals.forEach((total, i) => expect(Math.abs(total / alone.totals[i]! - 1)).toBeLessThan(1e-5));
      const apart = await trained(workers);
      expect(difference(alone.weights, apart.weights)).toBeGreaterThan(1e-3);
    }
  });

  it('takes the mean of the running averages of batch normalisation', async () => {
    const [workers, steps] = [2, 3];
    // a learning rate of 0 leaves the first layer as it is: its outputs and their statistics follow from the weights
    const { weights } = await trained(workers, { steps, learningRate: 0 });
    const { rowsOf } = (await import(script.href)) as {
      rowsOf: (step: number, rows: number, features: number) => { values: number[] }[];
    };
    const [kernel, bias] = [weights['first/kernel']!, weights['first/bias']!];
    const units = bias.length;
    const averages = { mean: new Array<number>(units).fill(0), variance: new Array<number>(units).fill(1) };
    for (let step = 0; step < steps; step++) {
      for (let unit = 0; unit < units; unit++) {
        const outputs = rowsOf(step, TASK.rows, TASK.features).map(({ values }) =>
          values.reduce((sum, value, k) => sum + value * kernel[k * units + unit]!, bias[unit]!),
        );
        const meanOf = (numbers: number[]): number => numbers.reduce((a, b) => a + b, 0) / numbers.length;
        const parts = Array.from({ length: workers }, (_, rank) => outputs.filter((_, n) => n % workers === rank));
        const variances = parts.map((part) => meanOf(part.map((value) => (value - meanOf(part)) ** 2)));
        averages.mean[unit] = 0.9 * averages.mean[unit]! + 0.1 * meanOf(outputs);
        averages.variance[unit] = 0.9 * averages.variance[unit]! + 0.1 * meanOf(variances);
      }
    }
    averages.mean.forEach((value, i) => expect(weights['normal/moving_mean']![i]).toBeCloseTo(value, 5));
    averages.variance.forEach((value, i) => expect(weights['normal/moving_variance']![i]).toBeCloseTo(value, 5));
  });

  it('gives the log records to the thread that called it, in order', async () => {
    const records: LogRecord[] = [];
    let ended = 0;
    const logger = { log: (record: LogRecord) => void records.push(record), end: () => void ended++ };
    const { totals } = await dataParallel<Outcome, Task>({ workers: 2, script, data: TASK, logger });
    expect(records.map(({ iteration }) => iteration)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(records.map(({ total }) => total)).toEqual(totals);
    expect(ended).toBe(1);
  });

  it('ends all workers after the same step when it is told to stop', async () => {
    const stop = new AbortController();
    const logger = { log: ({ iteration }: LogRecord) => (iteration === 3 ? stop.abort() : undefined) };
    const data = { ...TASK, steps: 100_000 };
    const { reason, iteration } = await dataParallel<Outcome, Task>({
      workers: 2,
      script,
      data,
      logger,
      signal: stop.signal,
    });
    expect(reason).toBe('aborted');
    expect(iteration).toBeGreaterThanOrEqual(3);
    expect(iteration).toBeLessThan(100_000);
  });

  it.each([
    ['throws', 'throw', /^broken on purpose$/, 'RangeError'],
    ['throws outside of its loop', 'timer', /^from a timer$/, 'Error'],
    [
      'exits',
      'exit',
      /^dataParallel: worker 1 of 2 has ended before its training, with exit code 3\.$/,
      'ReplicaError',
    ],
  ] as const)('fails at once with the error of a worker that %s', async (_, how, message, name) => {
    const start = performance.now();
    const error = (await trained(2, { steps: 100_000, fail: { rank: 1, step: 4, how } }).catch(
      (e: unknown) => e,
    )) as Error;
    expect(error.message).toMatch(message);
    expect(error.name).toBe(name);
    if (name === 'ReplicaError') expect(error).toMatchObject({ rank: 1, exitCode: 3 } satisfies Partial<ReplicaError>);
    expect(performance.now() - start).toBeLessThan(20_000);
  });

  it('fails when a worker runs out of memory', async () => {
    const data: Task = { ...TASK, steps: 100_000, fail: { rank: 1, step: 4, how: 'memory' } };
    const resourceLimits = { maxOldGenerationSizeMb: 96 };
    await expect(dataParallel({ workers: 2, script, data, resourceLimits })).rejects.toThrow(/out of memory/i);
  });

  it('keeps class and details of the errors of this project', async () => {
    const error = (await trained(2, { fail: { rank: 0, step: 2, how: 'nan' } }).catch(
      (e: unknown) => e,
    )) as TrainingError;
    expect(error.constructor.name).toBe('TrainingError');
    expect(error.message).toMatch(/^fit: expected a finite loss, got total NaN at iteration \d\.$/);
    expect(error.terms).toEqual({ total: NaN });
  });

  it('leaves the last checkpoint intact when a worker dies', async () => {
    const checkpoint = join(folder, 'checkpoint');
    const fail = { rank: 1, step: 20, how: 'exit' } as const;
    await expect(trained(2, { steps: 100_000, checkpoint, fail })).rejects.toThrow('exit code 3');
    const { variables, state } = await loadCheckpoint(checkpoint);
    expect((state as { iteration: number }).iteration).toBeGreaterThanOrEqual(15);
    expect(variables['first/kernel']!.shape).toEqual([2, 5]);
  });

  it('refuses workers that train different variables', async () => {
    await expect(trained(2, { steal: 1 })).rejects.toThrow(
      /^dataParallel: expected all replicas to train the same variables, got \d+, \d+ numbers\.$/,
    );
  });

  it('refuses a script without train, one that is not there, and no workers', async () => {
    await writeFile(join(folder, 'empty.mjs'), 'export const trained = 1;');
    const run = (name: string, workers = 1) => dataParallel({ workers, script: pathToFileURL(join(folder, name)) });
    await expect(run('empty.mjs')).rejects.toThrow(
      /^dataParallel: expected file:.*empty\.mjs to export a function "train", got undefined\.$/,
    );
    await expect(run('missing.mjs')).rejects.toThrow(/Cannot find module/);
    const none = (await run('train.mjs', 0).catch((e: unknown) => e)) as ConfigError;
    expect(none.message).toBe('dataParallel: expected workers to be a positive integer, got 0.');
  });

  it('does not wait for what a script leaves running', async () => {
    await writeFile(
      join(folder, 'lingering.mjs'),
      'export const train = ({ rank }) => (setInterval(() => 1, 1000), rank + 7);',
    );
    expect(await dataParallel({ workers: 2, script: pathToFileURL(join(folder, 'lingering.mjs')) })).toBe(7);
  });

  it('runs the script of the README', async () => {
    const readme = await readFile(join(PACKAGE, 'README.md'), 'utf8');
    const code = /```js\n(\/\/ train\.js[^]*?)```/.exec(readme)![1]!;
    await writeFile(join(folder, 'readme.mjs'), code.replace('./my-model.js', './my-model.mjs'));
    await writeFile(
      join(folder, 'my-model.mjs'),
      `import * as tf from '@tensorflow/tfjs-core';
      export function createModel() {
        const slope = tf.variable(tf.scalar(0));
        return { variables: { slope }, runningAverages: {}, computeLoss: ({ x, y }) => ({ total: tf.mean(tf.square(tf.sub(tf.mul(x, slope), y))) }) };
      }
      export function* batchesOf({ target }, { rank }) {
        for (;;) yield { x: tf.tensor1d([1, 2 + rank]), y: tf.tensor1d([target, (2 + rank) * target]) };
      }`,
    );
    const script = pathToFileURL(join(folder, 'readme.mjs'));
    type Weights = { slope: { data: Float32Array } };
    const { slope } = await dataParallel<Weights>({ workers: 2, script, data: { target: 0.5 } });
    expect(slope.data[0]).toBeCloseTo(0.5, 2);
  });
});
