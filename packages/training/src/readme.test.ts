import * as tf from '@tensorflow/tfjs-core';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  adam,
  consoleProgress,
  fit,
  prepareBackend,
  restoreOptimizerState,
  restoreVariables,
  stepDecay,
} from './index.js';
import { loadCheckpoint, saveCheckpoint } from './node/index.js';

it('the examples of the README run', async () => {
  await prepareBackend('wasm');
  const variables = { slope: tf.variable(tf.scalar(0)), offset: tf.variable(tf.scalar(0)) };

  function* batches() {
    for (;;) {
      const x = tf.linspace(-1, 1, 32);
      yield { x, y: tf.tidy(() => tf.add(tf.mul(x, 3), 1)) };
    }
  }

  const lines: string[] = [];
  const { history, optimizerState } = await fit({
    variables,
    batches,
    computeLoss: ({ x, y }) => ({
      total: tf.mean(tf.square(tf.sub(tf.add(tf.mul(x, variables.slope), variables.offset), y))),
    }),
    iterations: 200,
    optimizer: adam(),
    learningRate: stepDecay({ initial: 0.1, factor: 0.5, every: 100 }),
    logger: consoleProgress({ stream: { write: (line: string) => lines.push(line) } }),
  });
  expect((await variables.slope.data())[0]!.toFixed(2)).toBe('3.00');
  expect(history.iteration).toHaveLength(20);
  expect(lines).toHaveLength(20);

  const folder = join(await mkdtemp(join(tmpdir(), 'opposable-readme-')), 'last');
  await saveCheckpoint(folder, { variables, optimizerState, state: { iteration: 200 } });
  const checkpoint = await loadCheckpoint(folder);
  restoreVariables(variables, checkpoint.variables);
  const resumed = restoreOptimizerState(checkpoint.optimizerState!);
  expect(resumed.step).toBe(200);
  await rm(join(folder, '..'), { recursive: true });
});
