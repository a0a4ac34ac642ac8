// The same training steps here and in PyTorch, side by side, where PyTorch is at hand (Debian: python3-torch).
//
//   npm run compile && PYTHON=/usr/bin/python3 node tools/compare-with-pytorch/run.mjs
import { spawnSync } from 'node:child_process';
import { availableParallelism, cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { CASES, prepareStep, startKernels } from '../bench/resnet.mjs';
import { processorTime } from '../bench/measure.mjs';

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

try {
  await startKernels();
  process.stdout.write(`${cpus()[0]?.model}, ${availableParallelism()} cores, Node.js ${process.version}\n`);
  for (const one of CASES) {
    const { step, dispose } = prepareStep(one);
    const here = processorTime(step, { warmUp: 2, repetitions: 5 });
    dispose();
    const single = inPyTorch(one, 1);
    const all = inPyTorch(one, availableParallelism());
    process.stdout.write(
      `${one.name}, ${one.inputSize} px, batch ${one.batch}: ${here.toFixed(0)} ms here, one worker; PyTorch ${single.version} ` +
        `${single.processor.toFixed(0)} ms on one thread (${(here / single.processor).toFixed(2)} ×, processor time), ` +
        `${all.wall.toFixed(0)} ms on all\n`,
    );
  }
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
