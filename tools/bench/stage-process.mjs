// A process of its own that trains a stage when it is told to: what replicas are compared with.
import { createRun, loadTrainingData, runStage } from '@opposable/hand-training';
import { registerWasmTrainingKernels } from '@opposable/wasm-training';
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { stepMilliseconds } from './measure.mjs';
import { startWasm } from './wasm.mjs';

const TASK = 'OPPOSABLE_BENCH_STAGE';

/** Starts such a process. `train` gives the milliseconds of each step of a stage. */
export async function stageProcess(task) {
  const child = fork(fileURLToPath(import.meta.url), [], { env: { ...process.env, [TASK]: JSON.stringify(task) } });
  let waiting;
  child.on('message', (message) => waiting.resolve(message));
  child.on('exit', (code) => waiting.reject(new Error(`bench: a stage's process has ended with exit code ${code}.`)));
  const answer = () => new Promise((resolve, reject) => (waiting = { resolve, reject }));
  await answer();
  return {
    train(stage) {
      child.send(stage);
      return answer();
    },
    stop: () => child.kill(),
  };
}

const task = process.env[TASK];
if (task !== undefined) {
  const { prepared, network } = JSON.parse(task);
  await startWasm();
  registerWasmTrainingKernels();
  const arrays = await loadTrainingData({ prepared, split: 'train' }, network.inputSize);
  const run = createRun(network, 1);
  process.on('message', async (stage) => {
    const { steps, logger } = stepMilliseconds();
    await runStage(run, arrays, stage, { logger, logEvery: 1 });
    process.send(steps);
  });
  process.send('ready');
}
