import * as tf from '@tensorflow/tfjs-core';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRng, rngFromState, type RngState } from '@opposable/tensor-checks';
import { fit } from '../fit/fit.js';
import { adam } from '../optimizers/adam.js';
import { disposeOptimizerState } from '../optimizers/optimizer-state.js';
import { prepareBackend } from '../prepare-backend.js';
import { restoreOptimizerState, restoreVariables } from '../stored-state.js';
import { loadCheckpoint } from './load-checkpoint.js';
import { metricsFile } from './metrics-file.js';
import { saveCheckpoint } from './save-checkpoint.js';

let folder: string;

beforeAll(() => prepareBackend('wasm'));
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'opposable-training-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function someVariables() {
  return tf.tidy(() => ({
    'a/kernel': tf.variable(
      tf.tensor2d([
        [1.5, -0],
        [3e-39, 4e30],
      ]),
    ),
    count: tf.variable(tf.tensor1d([7, -8], 'int32'), false),
    scalar: tf.variable(tf.scalar(Math.fround(0.1))),
  }));
}

describe('checkpoints', () => {
  it('come back exactly, with the state beside them', async () => {
    const path = join(folder, 'deep', 'run', 'checkpoint');
    const variables = someVariables();
    const optimizer = adam();
    const trained = { 'a/kernel': variables['a/kernel'], scalar: variables.scalar };
    const initial = optimizer.init(trained);
    const gradients = tf.tidy(() => ({ 'a/kernel': tf.ones([2, 2]), scalar: tf.scalar(2) }));
    const { values, state } = optimizer.update({ variables: trained, gradients, state: initial, learningRate: 0.1 });
    const rng = createRng(3);
    rng.normal();
    await saveCheckpoint(path, { variables, optimizerState: state, state: { iteration: 1, rng: rng.state() } });
    expect((await readdir(path)).sort()).toEqual(['optimizer.safetensors', 'state.json', 'weights.safetensors']);
    expect(await readdir(join(path, '..'))).toEqual(['checkpoint']);

    const loaded = await loadCheckpoint(path);
    const others = tf.tidy(() => ({
      'a/kernel': tf.variable(tf.zeros([2, 2])),
      count: tf.variable(tf.zeros([2], 'int32'), false),
      scalar: tf.variable(tf.scalar(0)),
    }));
    restoreVariables(others, loaded.variables);
    for (const name of ['a/kernel', 'count', 'scalar'] as const) {
      expect(await others[name].data()).toEqual(await variables[name].data());
    }
    const restored = restoreOptimizerState(loaded.optimizerState!);
    expect(restored.step).toBe(1);
    for (const slot of ['firstMoment', 'secondMoment']) {
      for (const name of Object.keys(trained)) {
        expect(await restored.slots[slot]![name]!.data()).toEqual(await state.slots[slot]![name]!.data());
        expect(restored.slots[slot]![name]!.shape).toEqual(state.slots[slot]![name]!.shape);
      }
    }
    const saved = loaded.state as { iteration: number; rng: RngState };
    expect(saved.iteration).toBe(1);
    expect(rngFromState(saved.rng).uniform()).toBe(rng.uniform());
    tf.dispose([variables, others, values, gradients]);
    for (const each of [initial, state, restored]) disposeOptimizerState(each);
  });

  it('replace the older one, and need no optimiser', async () => {
    const path = join(folder, 'last');
    const variable = tf.tidy(() => tf.variable(tf.scalar(1)));
    for (const value of [1, 2, 3]) {
      tf.tidy(() => variable.assign(tf.scalar(value)));
      await saveCheckpoint(path, { variables: { variable }, state: value });
    }
    const loaded = await loadCheckpoint(path);
    expect([loaded.state, ...loaded.variables['variable']!.data]).toEqual([3, 3]);
    expect(loaded.optimizerState).toBeUndefined();
    expect(await readdir(folder)).toEqual(['last']);
    variable.dispose();
  });

  it('survive a death at any moment of the replacement', async () => {
    const path = join(folder, 'last');
    const value = tf.scalar(5);
    await saveCheckpoint(path, { variables: { value } });
    // Died while writing: a half-written folder lies beside the old checkpoint.
    await mkdir(`${path}.writing-1`);
    await writeFile(join(`${path}.writing-1`, 'weights.safetensors'), 'half');
    expect((await loadCheckpoint(path)).variables['value']!.data[0]).toBe(5);
    // Died between the two renames: the old one has stepped aside.
    await rename(path, `${path}.previous`);
    expect((await loadCheckpoint(path)).variables['value']!.data[0]).toBe(5);
    // The next save cleans up.
    const next = tf.scalar(6);
    await saveCheckpoint(path, { variables: { value: next } });
    expect((await loadCheckpoint(path)).variables['value']!.data[0]).toBe(6);
    expect((await readdir(folder)).filter((name) => name.startsWith('last.previous'))).toEqual([]);
    tf.dispose([value, next]);
  });

  it('say in one sentence what is wrong with them', async () => {
    const path = join(folder, 'broken');
    await expect(loadCheckpoint(path)).rejects.toThrow(
      `loadCheckpoint: expected a checkpoint folder at ${path}, found none.`,
    );
    const value = tf.tensor1d([1, 2, 3, 4]);
    const write = () => saveCheckpoint(path, { variables: { value } });
    await write();
    await truncate(join(path, 'weights.safetensors'), 70);
    await expect(loadCheckpoint(path)).rejects.toThrow(
      `loadCheckpoint: weights.safetensors in ${path} is damaged: its SHA-256 is not the one in state.json.`,
    );
    await write();
    await rm(join(path, 'weights.safetensors'));
    await expect(loadCheckpoint(path)).rejects.toThrow(
      `loadCheckpoint: expected the file weights.safetensors in ${path}, found none that can be read.`,
    );
    await write();
    await writeFile(join(path, 'state.json'), '{"format": "op');
    await expect(loadCheckpoint(path)).rejects.toThrow(
      `loadCheckpoint: state.json in ${path} is damaged: it is not JSON.`,
    );
    await writeFile(join(path, 'state.json'), '{"format": "other"}');
    await expect(loadCheckpoint(path)).rejects.toThrow(
      `loadCheckpoint: expected format "opposable-checkpoint-1" in state.json of ${path}, got "other".`,
    );
    await write();
    const loaded = await loadCheckpoint(path);
    const wrong = tf.tidy(() => ({ value: tf.variable(tf.zeros([2])), more: tf.variable(tf.zeros([1])) }));
    expect(() => restoreVariables(wrong, loaded.variables)).toThrow(
      'restoreVariables: expected "value" to be float32 [2], got float32 [4].',
    );
    expect(() => restoreVariables({ more: wrong.more }, loaded.variables)).toThrow(
      'restoreVariables: expected "more" to be float32 [1], got nothing of that name.',
    );
    tf.dispose([value, wrong]);
  });

  it('let an interrupted run go on bit for bit', async () => {
    const path = join(folder, 'run');
    function* batches(first: number) {
      for (let i = first; ; i++) {
        const rng = createRng('batches').split(i);
        yield tf.tensor2d(Array.from({ length: 8 }, () => Array.from({ length: 5 }, () => rng.normal())));
      }
    }
    const create = () => tf.tidy(() => ({ w: tf.variable(tf.fill([5, 3], 0.1)), b: tf.variable(tf.fill([3], 0.2)) }));
    const run = async (variables: ReturnType<typeof create>, save: boolean, resume: boolean) => {
      const loaded = resume ? await loadCheckpoint(path) : undefined;
      if (loaded) restoreVariables(variables, loaded.variables);
      const optimizerState = loaded && restoreOptimizerState(loaded.optimizerState!);
      const result = await fit({
        variables,
        batches,
        computeLoss: (x) => {
          const y = tf.tanh(tf.add(tf.matMul(x, variables.w as unknown as tf.Tensor2D), variables.b));
          return { total: tf.mean<tf.Scalar>(tf.square(tf.sub(tf.sum(y, 1), tf.sum(x, 1)))) };
        },
        iterations: save ? 9 : 20,
        startIteration: (loaded?.state as { iteration: number } | undefined)?.iteration ?? 0,
        optimizer: adam(),
        ...(optimizerState ? { optimizerState } : {}),
        learningRate: 0.05,
        onStep: async ({ iteration, optimizerState: state }) => {
          if (save && iteration % 3 === 0)
            await saveCheckpoint(path, { variables, optimizerState: state, state: { iteration } });
        },
      });
      disposeOptimizerState(result.optimizerState);
      if (optimizerState) disposeOptimizerState(optimizerState);
    };
    const whole = create();
    await run(whole, false, false);
    const interrupted = create();
    await run(interrupted, true, false);
    const resumed = create();
    await run(resumed, false, true);
    expect(await resumed.w.data()).toEqual(await whole.w.data());
    expect(await resumed.b.data()).toEqual(await whole.b.data());
    expect(await interrupted.w.data()).not.toEqual(await whole.w.data());
    tf.dispose([whole, interrupted, resumed]);
  });
});

it('metricsFile appends one JSON line per record', async () => {
  const path = join(folder, 'logs', 'metrics.jsonl');
  const record = {
    iteration: 1,
    iterations: 2,
    total: 3,
    terms: { a: 1 },
    learningRate: 0.1,
    weights: {},
    samplesPerSecond: 5,
    waitingShare: 0,
    secondsLeft: 1,
  };
  for (const iteration of [1, 2]) {
    const logger = metricsFile(path);
    await logger.log({ ...record, iteration });
    await logger.end!();
  }
  const lines = (await readFile(path, 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(lines.map((line) => line['iteration'])).toEqual([1, 2]);
  expect(lines[1]).toMatchObject({ ...record, iteration: 2 });
  expect(Date.parse(lines[0]!['time'] as string)).not.toBeNaN();
});
