import * as tf from '@tensorflow/tfjs-core';
import { createRng } from '@opposable/tensor-checks';
import { disposeOptimizerState } from '../optimizers/optimizer-state.js';
import { adam } from '../optimizers/adam.js';
import { sgd } from '../optimizers/sgd.js';
import type { Optimizer } from '../optimizers/types.js';
import { prepareBackend } from '../prepare-backend.js';
import { plateauDecay } from '../schedules/on-plateau.js';
import { piecewise } from '../schedules/piecewise.js';
import { restoreOptimizerState, restoreVariables, storeOptimizerState, storeTensors } from '../stored-state.js';
import { TrainingError } from '../training-error.js';
import { fit } from './fit.js';
import type { FitOptions, LogRecord } from './types.js';

interface Batch {
  x: tf.Tensor2D;
  y: tf.Tensor2D;
}

/** y = 2·x₀ − 3·x₁ + 0.5, batch number i the same in every run. */
function* lines(first = 0, size = 16): Generator<Batch> {
  const root = createRng('lines');
  for (let i = first; ; i++) {
    const rng = root.split(i);
    const x = Array.from({ length: size }, () => [rng.normal(), rng.normal()] as [number, number]);
    yield { x: tf.tensor2d(x), y: tf.tensor2d(x.map(([a, b]) => [2 * a - 3 * b + 0.5])) };
  }
}

function linearModel() {
  const variables = {
    weight: tf.tidy(() => tf.variable(tf.zeros([2, 1]))),
    bias: tf.tidy(() => tf.variable(tf.zeros([1]))),
  };
  const computeLoss: FitOptions<Batch>['computeLoss'] = ({ x, y }) => {
    const error = tf.sub(tf.add(tf.matMul(x, variables.weight as unknown as tf.Tensor2D), variables.bias), y);
    const squared = tf.mean<tf.Scalar>(tf.square(error));
    return { total: squared, terms: { squared, absolute: tf.mean<tf.Scalar>(tf.abs(error)) } };
  };
  return { variables, computeLoss, dispose: () => tf.dispose(variables) };
}

/** A small network with a hidden layer and a convolution, from fixed weights. */
function network() {
  const rng = createRng('network');
  const values = (shape: number[]) =>
    tf.tidy(() =>
      tf.variable(
        tf.tensor(
          Float32Array.from({ length: shape.reduce((a, b) => a * b) }, () => 0.3 * rng.normal()),
          shape,
        ),
      ),
    );
  const variables = { conv: values([3, 3, 1, 4]), hidden: values([36, 8]), out: values([8, 1]) };
  const computeLoss: FitOptions<Batch>['computeLoss'] = ({ x, y }) => {
    const image = tf.reshape<tf.Rank.R4>(tf.tile(x, [1, 18]), [-1, 6, 6, 1]);
    const features = tf.relu(tf.conv2d(image, variables.conv as unknown as tf.Tensor4D, 2, 'same'));
    const flat = tf.reshape<tf.Rank.R2>(features, [-1, 36]);
    const hidden = tf.relu(tf.matMul(flat, variables.hidden as unknown as tf.Tensor2D));
    const error = tf.sub(tf.matMul(hidden, variables.out as unknown as tf.Tensor2D), y);
    return { total: tf.mean<tf.Scalar>(tf.square(error)) };
  };
  return { variables, computeLoss, dispose: () => tf.dispose(variables) };
}

describe.each(['cpu', 'wasm'])('fit on %s', (backend) => {
  beforeAll(() => prepareBackend(backend));

  it('finds the line, and records what happened', async () => {
    const before = tf.memory().numTensors;
    const model = linearModel();
    const records: LogRecord[] = [];
    let ended = 0;
    const result = await fit({
      ...model,
      batches: lines(),
      iterations: 95,
      optimizer: adam(),
      learningRate: 0.2,
      lossWeights: {
        mask: piecewise([
          { from: 0, value: 100 },
          { from: 30, value: 10 },
        ]),
      },
      logEvery: 10,
      logger: { log: (record) => void records.push(record), end: () => void ended++ },
    });
    const [slope0, slope1] = await model.variables.weight.data();
    expect(Math.abs(slope0! - 2)).toBeLessThan(0.01);
    expect(Math.abs(slope1! + 3)).toBeLessThan(0.01);
    expect(Math.abs((await model.variables.bias.data())[0]! - 0.5)).toBeLessThan(0.01);
    expect(result).toMatchObject({ iteration: 95, reason: 'finished', optimizerState: { step: 95 } });
    expect(result.history.iteration).toEqual([10, 20, 30, 40, 50, 60, 70, 80, 90, 95]);
    expect(result.history.terms['squared']).toEqual(result.history.total);
    expect(result.history.total[9]).toBeLessThan(1e-3 * result.history.total[0]!);
    expect(records.map((record) => record.weights['mask'])).toEqual([100, 100, 100, 10, 10, 10, 10, 10, 10, 10]);
    expect(result.timing.samples).toBe(95 * 16);
    expect(records.every((record) => record.samplesPerSecond > 0 && record.waitingShare <= 1)).toBe(true);
    expect(records[9]!.secondsLeft).toBe(0);
    expect(ended).toBe(1);
    disposeOptimizerState(result.optimizerState);
    model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each([1, 7])('logs means over the interval, reading every %i iterations', async (readEvery) => {
    const model = linearModel();
    const expected: number[] = [];
    for (const [i, batch] of [...take(lines(), 6)].entries()) {
      const loss = tf.tidy(() => model.computeLoss(batch, { iteration: i, weights: {} }).total);
      expected.push((await loss.data())[0]!);
      tf.dispose([batch as never, loss]);
    }
    const { history, optimizerState } = await fit({
      ...model,
      batches: lines(),
      iterations: 6,
      optimizer: sgd(),
      learningRate: 0,
      logEvery: 3,
      readEvery,
    });
    const mean = (values: number[]) => values.reduce((a, b) => a + b) / values.length;
    expect(history.total[0]).toBeCloseTo(mean(expected.slice(0, 3)), 5);
    expect(history.total[1]).toBeCloseTo(mean(expected.slice(3)), 5);
    disposeOptimizerState(optimizerState);
    model.dispose();
  });

  it('keeps the number of tensors and buffers flat over 50 iterations', async () => {
    const model = network();
    const counts = new Set<string>();
    // On webgpu buffers stay until the queue has done what needs them.
    const buffers = () => (tf.getBackend() === 'webgpu' ? 'queued' : tf.backend().numDataIds());
    const result = await fit({
      ...model,
      batches: lines(),
      iterations: 50,
      optimizer: adam({ weightDecay: 0.01 }),
      learningRate: 1e-3,
      gradientClip: 1,
      onStep: () => void counts.add(`${tf.memory().numTensors} ${buffers()}`),
    });
    // One more batch is waiting in all but the last iteration.
    expect(counts.size).toBe(2);
    expect(result.history.terms['gradientNorm']!.every((norm) => norm > 0)).toBe(true);
    disposeOptimizerState(result.optimizerState);
    model.dispose();
  });

  it('stops at a loss that is not finite, before it reaches the variables', async () => {
    const before = tf.memory().numTensors;
    const model = linearModel();
    const run = fit({
      ...model,
      computeLoss: (batch, context) => {
        const { total, terms } = model.computeLoss(batch, context);
        const poisoned = context.iteration === 3 ? tf.log<tf.Scalar>(tf.mul(total, -1)) : total;
        return { total: tf.add<tf.Scalar>(total, poisoned), terms: { ...terms!, poisoned } };
      },
      batches: lines(),
      iterations: 20,
      optimizer: sgd(),
      learningRate: 0.1,
    });
    const error = await run.catch((e: unknown) => e);
    expect(error).toBeInstanceOf(TrainingError);
    expect((error as TrainingError).iteration).toBe(3);
    expect((error as Error).message).toMatch(
      /^fit: expected a finite loss, got total NaN, squared [\d.]+, absolute [\d.]+, poisoned NaN at iteration 3\.$/,
    );
    expect(Number.isFinite((await model.variables.weight.data())[0])).toBe(true);
    model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('names the first bad iteration also when it reads seldom', async () => {
    const model = linearModel();
    const run = fit({
      ...model,
      batches: lines(),
      iterations: 60,
      optimizer: sgd(),
      learningRate: 1e20,
      logEvery: 10,
      readEvery: 10,
    });
    await expect(run).rejects.toMatchObject({ name: 'TrainingError', iteration: 1 });
    model.dispose();
  });

  it('continues bit for bit from a saved state', async () => {
    const options = { iterations: 12, optimizer: adam({ weightDecay: 0.01 }), learningRate: 3e-3, batches: lines };
    const whole = network();
    const uninterrupted = await fit({ ...options, ...whole });
    const first = network();
    const half = await fit({ ...options, ...first, iterations: 5 });
    const saved = {
      variables: await storeTensors(first.variables),
      optimizer: await storeOptimizerState(half.optimizerState),
    };
    const second = network();
    restoreVariables(second.variables, saved.variables);
    const optimizerState = restoreOptimizerState(saved.optimizer);
    const resumed = await fit({ ...options, ...second, startIteration: 5, optimizerState });
    expect(resumed.iteration).toBe(12);
    for (const name of ['conv', 'hidden', 'out'] as const) {
      expect(await second.variables[name].data()).toEqual(await whole.variables[name].data());
      const slot = (result: typeof resumed) => result.optimizerState.slots['secondMoment']![name]!.data();
      expect(await slot(resumed)).toEqual(await slot(uninterrupted));
    }
    for (const state of [half.optimizerState, resumed.optimizerState, uninterrupted.optimizerState, optimizerState]) {
      disposeOptimizerState(state);
    }
    for (const model of [whole, first, second]) model.dispose();
  });

  it('ends between two iterations when aborted, and frees the batch that was fetched ahead', async () => {
    const before = tf.memory().numTensors;
    const model = linearModel();
    const controller = new AbortController();
    const result = await fit({
      ...model,
      batches: lines(),
      iterations: 1000,
      optimizer: sgd(),
      learningRate: 0.1,
      signal: controller.signal,
      onStep: ({ iteration }) => (iteration === 7 && setTimeout(() => controller.abort(), 0) ? undefined : undefined),
    });
    expect(result.reason).toBe('aborted');
    expect(result.iteration).toBeGreaterThanOrEqual(7);
    expect(result.iteration).toBeLessThan(100);
    disposeOptimizerState(result.optimizerState);
    model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});

function* take<T>(items: Iterable<T>, count: number): Generator<T> {
  let left = count;
  if (left === 0) return;
  for (const item of items) {
    yield item;
    if (--left === 0) return;
  }
}

describe('fit', () => {
  beforeAll(() => prepareBackend('cpu'));

  it('says when the batches run out', async () => {
    const model = linearModel();
    const result = await fit({
      ...model,
      batches: take(lines(), 3),
      iterations: 10,
      optimizer: sgd(),
      learningRate: 0.1,
    });
    expect(result).toMatchObject({ reason: 'no more batches', iteration: 3 });
    model.dispose();
  });

  it('does not wait for a source that hangs once aborted', async () => {
    const model = linearModel();
    const controller = new AbortController();
    async function* stuck(): AsyncGenerator<Batch> {
      yield* take(lines(), 1);
      await new Promise(() => undefined);
    }
    setTimeout(() => controller.abort(), 300);
    const result = await fit({
      ...model,
      batches: stuck(),
      iterations: 5,
      optimizer: sgd(),
      learningRate: 0.1,
      signal: controller.signal,
    });
    expect(result).toMatchObject({ reason: 'aborted', iteration: 1 });
    expect(result.timing.waitingSeconds).toBeGreaterThan(0.01);
    model.dispose();
  });

  it('fetches the next batch while it computes, and measures the waiting', async () => {
    const model = linearModel();
    const started: number[] = [];
    const stepped: number[] = [];
    async function* slow(): AsyncGenerator<Batch> {
      for (const batch of take(lines(), 4)) {
        started.push(performance.now());
        await new Promise((resolve) => setTimeout(resolve, 30));
        yield batch;
      }
    }
    const result = await fit({
      ...model,
      batches: slow(),
      iterations: 4,
      optimizer: sgd(),
      learningRate: 0.1,
      onStep: async () => {
        stepped.push(performance.now());
        await new Promise((resolve) => setTimeout(resolve, 60));
      },
    });
    // Batch i + 1 is asked for before step i is over.
    for (let i = 0; i < 3; i++) expect(started[i + 1]!).toBeLessThan(stepped[i]! + 30);
    expect(result.timing.waitingSeconds).toBeGreaterThan(0.02);
    expect(result.timing.waitingSeconds).toBeLessThan(0.1);
    model.dispose();
  });

  it('passes on errors of the loss and of the batches, and leaves no tensor behind', async () => {
    const before = tf.memory().numTensors;
    const model = linearModel();
    const common = { ...model, iterations: 5, optimizer: adam(), learningRate: 0.1 };
    const broken = (batch: Batch, context: { iteration: number; weights: Record<string, number> }) => {
      const loss = model.computeLoss(batch, context);
      if (context.iteration === 2) throw new Error('broken loss');
      return loss;
    };
    await expect(fit({ ...common, batches: lines(), computeLoss: broken })).rejects.toThrow('broken loss');
    async function* failing(): AsyncGenerator<Batch> {
      yield* take(lines(), 2);
      throw new Error('broken file');
    }
    await expect(fit({ ...common, batches: failing() })).rejects.toThrow('broken file');
    const vector = (batch: Batch) => ({ total: tf.mul(batch.y, model.variables.bias) as unknown as tf.Scalar });
    await expect(fit({ ...common, batches: lines(), computeLoss: vector })).rejects.toThrow(
      'fit: expected computeLoss to return a scalar total, got shape [16, 1].',
    );
    model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('leaves no tensor behind where the optimiser fails, or writes what does not fit', async () => {
    const model = linearModel();
    const before = tf.memory().numTensors;
    const options = { ...model, iterations: 3, learningRate: 0.1, logEvery: 1 };
    const usual = adam();
    const doing = (update: Optimizer['update']): Optimizer => ({
      name: 'test',
      init: (all) => usual.init(all),
      update,
    });
    const broken = doing(() => {
      throw new Error('broken step');
    });
    await expect(fit({ ...options, batches: lines(), optimizer: broken })).rejects.toThrow('broken step');
    expect(tf.memory().numTensors).toBe(before);
    const misfit = doing((update) => {
      const { values, state } = usual.update(update);
      tf.dispose(values['weight']!);
      return { values: { ...values, weight: tf.zeros([7]) }, state };
    });
    await expect(fit({ ...options, batches: lines(), optimizer: misfit })).rejects.toThrow(/shape/);
    expect(tf.memory().numTensors).toBe(before);
    model.dispose();
  });

  it('leaves no tensor behind where the logger cannot end', async () => {
    const model = linearModel();
    const before = tf.memory().numTensors;
    const logger = { log: () => undefined, end: () => { throw new Error('disk full'); } }; // prettier-ignore
    const run = fit({ ...model, batches: lines(), iterations: 2, optimizer: adam(), learningRate: 0.1, logger });
    await expect(run).rejects.toThrow('disk full');
    expect(tf.memory().numTensors).toBe(before);
    model.dispose();
  });

  it('refuses counts that make no sense', async () => {
    const model = linearModel();
    const run = fit({ ...model, batches: lines(), iterations: 1.5, optimizer: sgd(), learningRate: 0.1 });
    await expect(run).rejects.toThrow('fit: expected iterations to be an integer of at least 0, got 1.5.');
    const seldom = fit({ ...model, batches: lines(), iterations: 1, optimizer: sgd(), learningRate: 0.1, logEvery: 0 });
    await expect(seldom).rejects.toThrow('fit: expected logEvery to be an integer of at least 1, got 0.');
    model.dispose();
  });
});

describe('fit, when it cannot go on', () => {
  beforeAll(() => prepareBackend('cpu'));

  const failing = (badFrom: number, factor: number, explosionFactor?: number) => {
    const model = linearModel();
    const failures: { iteration: number; size: number | undefined }[] = [];
    const run = fit({
      ...model,
      computeLoss: (batch, context) => {
        const { total } = model.computeLoss(batch, context);
        return { total: context.iteration >= badFrom ? tf.mul<tf.Scalar>(total, factor) : total };
      },
      batches: lines(),
      iterations: 60,
      optimizer: sgd(),
      learningRate: 0,
      ...(explosionFactor === undefined ? {} : { explosionFactor }),
      onFailure: ({ batch, error }) => void failures.push({ iteration: error.iteration, size: batch?.x.shape[0] }),
    });
    return { run, failures, model };
  };

  it('hands the batch of a loss that is not finite to whoever wants to keep it', async () => {
    const { run, failures, model } = failing(5, NaN);
    await expect(run).rejects.toThrow('fit: expected a finite loss, got total NaN at iteration 5.');
    expect(failures).toEqual([{ iteration: 5, size: 16 }]);
    model.dispose();
  });

  it('stops at a loss that explodes', async () => {
    const { run, failures, model } = failing(40, 1e4, 1000);
    await expect(run).rejects.toThrow(/^fit: expected a loss of at most 1000 times the recent \d+\.\d+, got total \d+.* at iteration 40\.$/); // prettier-ignore
    expect(failures).toEqual([{ iteration: 40, size: 16 }]);
    model.dispose();
    const calm = failing(40, 100, 1000);
    disposeOptimizerState((await calm.run).optimizerState);
    calm.model.dispose();
  });
});

it('fit follows schedules that depend on the loss, and gives their states', async () => {
  await prepareBackend('cpu');
  const model = linearModel();
  const rates: number[] = [];
  const states: unknown[] = [];
  const { optimizerState, scheduleStates } = await fit({
    ...model,
    batches: lines(),
    iterations: 12,
    optimizer: sgd(),
    learningRate: plateauDecay({ initial: 0.5, factor: 0.5, every: 1, patience: 0, threshold: 0.99 }),
    logEvery: 1,
    onStep: (info) => {
      rates.push(info.record!.learningRate);
      states.push(info.scheduleStates);
    },
  });
  expect(rates[0]).toBe(0.5);
  expect(rates.at(-1)).toBeLessThan(0.5);
  expect(states.at(-1)).toEqual(scheduleStates);
  expect(scheduleStates.learningRate!['plateaus']).toBeGreaterThan(0);
  disposeOptimizerState(optimizerState);
  model.dispose();
});
