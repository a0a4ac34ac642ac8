// Whether the memory of a training step stays where it is: a thousand steps of ResNet-18, 4 images of 32 pixels. Takes minutes and
// is therefore no part of `npm run bench`.
//
//   npm run compile && node tools/bench/thousand-steps.mjs [file.md]
import { writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import * as tf from '@tensorflow/tfjs-core';
import { watchMemory, wasmHeapBytes } from './memory.mjs';
import { CASES, prepareStep, startKernels } from './resnet.mjs';

const STEPS = 1000;
const BETWEEN = 100;

await startKernels();
const bytes = watchMemory();
const resNet18 = { ...CASES[0], inputSize: 32, batch: 4 };
const { step, dispose } = prepareStep(resNet18);
const lines = [];
for (let i = 1; i <= STEPS; i++) {
  step();
  if (i === 1 || i % BETWEEN === 0) {
    const megabytes = (value) => (value / 1e6).toFixed(1);
    lines.push(
      `| ${i} | ${tf.memory().numTensors} | ${megabytes(bytes.peak)} | ${megabytes(wasmHeapBytes())} | ${megabytes(process.memoryUsage().rss)} |`,
    );
    process.stdout.write(`${lines.at(-1)}\n`);
    bytes.peak = bytes.now;
  }
}
dispose();
const report = `# A thousand steps

ResNet-18, ${resNet18.batch} images of ${resNet18.inputSize} px, forward, backward and Adam on wasm, one worker. Written by
\`node tools/bench/thousand-steps.mjs\` on ${cpus()[0]?.model}, ${availableParallelism()} cores, Node.js ${process.version},
${new Date().toISOString().slice(0, 10)}. Megabytes; "at most" is the most that tensors and working memory took since the line
before.

| step | tensors after it | at most | wasm heap | process |
| ---: | ---: | ---: | ---: | ---: |
${lines.join('\n')}
`;
if (process.argv[2]) writeFileSync(process.argv[2], report);
