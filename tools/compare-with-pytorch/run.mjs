// The same training steps here and in PyTorch, side by side, where PyTorch is at hand (Debian: python3-torch).
//
//   npm run compile && PYTHON=/usr/bin/python3 node tools/compare-with-pytorch/run.mjs
import { spawnSync } from 'node:child_process';
import { availableParallelism, cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { CASES, prepareStep, startKernels } from '../bench/resnet.mjs';
import { processorTime } from '../bench/measure.mjs';
import { replicaStepsOf } from '../bench/resnet-replicas.mjs';

/** An interpreter that finds torch. */
const PYTHON = process.env.PYTHON ?? 'python3';
const PROGRAM = fileURLToPath(new URL('step.py', import.meta.url));

function inPyTorch({ name, inputSize, batch }, threads) {
  const { status, stdout, stderr } = spawnSync(PYTHON, [PROGRAM, name, inputSize, batch, threads].map(String), {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`compare-with-pytorch: PyTorch did not run.\n${stderr}`);
  return JSON.parse(stdout);
}

/** Milliseconds on the wall of the quickest step, the first two left out. */
async function onAllCores(one) {
  const workers = availableParallelism();
  if (one.batch % workers !== 0) return undefined;
  return Math.min(...(await replicaStepsOf(one, workers, 9)).slice(2));
}

try {
  await startKernels();
  process.stdout.write(`${cpus()[0]?.model}, ${availableParallelism()} cores, Node.js ${process.version}\n`);
  for (const one of CASES) {
    const { step, dispose } = prepareStep(one);
    const here = processorTime(step, { warmUp: 2, repetitions: 5 });
    dispose();
    const replicas = await onAllCores(one);
    const single = inPyTorch(one, 1);
    const all = inPyTorch(one, availableParallelism());
    const both =
      replicas === undefined
        ? `${all.wall.toFixed(0)} ms there`
        : `${replicas.toFixed(0)} ms here, ${all.wall.toFixed(0)} ms there (${(replicas / all.wall).toFixed(2)} ×)`;
    process.stdout.write(
      `${one.name}, ${one.inputSize} px, batch ${one.batch}, beside PyTorch ${single.version}: ` +
        `one thread, processor time: ${here.toFixed(0)} ms here, ${single.processor.toFixed(0)} ms there ` +
        `(${(here / single.processor).toFixed(2)} ×); all cores, on the wall: ${both}\n`,
    );
  }
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
