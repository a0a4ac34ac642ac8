// The hand layer here and in PyTorch, one thread each, in turn, where PyTorch is at hand (Debian: python3-torch): forward,
// and forward with the gradients of the sum of the squared coordinates with respect to betas, pose, orient and transl.
// PyTorch runs two versions of the layer (layer.py), of which the faster counts.
//
//   npm run compile && PYTHON=/usr/bin/python3 node tools/compare-with-pytorch/layer.mjs
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs-core';
import { createSkinningConstants, parametricModel } from '@opposable/skinning';
import { registerWasmTrainingKernels } from '@opposable/wasm-training';
import { manoSizedHand } from '../bench/mano-sized-hand.mjs';
import { digits, median, milliseconds } from '../bench/measure.mjs';
import { noise, startWasm } from '../bench/wasm.mjs';

const PYTHON = process.env.PYTHON ?? 'python3';
const PROGRAM = fileURLToPath(new URL('layer.py', import.meta.url));
const BATCHES = [1, 64, 256];
const COEFFICIENTS = 6;
const ROUNDS = 5;
/** Each call of a batch is repeated for so long, in each round. */
const SECONDS = 0.5;

const numbersOf = (values) => Array.from(values);
const nested = (tensor) => tensor.arraySync();

function inputsOf(batch, shapeCount) {
  return {
    betas: noise([batch, shapeCount], 1),
    pose: noise([batch, COEFFICIENTS], 2),
    globalOrient: noise([batch, 3], 3),
    transl: noise([batch, 3], 4),
  };
}

/** One round here: median milliseconds for each batch, and what was computed. */
async function roundHere(constants, inputs) {
  const results = [];
  for (const { betas, pose, globalOrient, transl } of inputs) {
    const variables = [betas, pose, globalOrient, transl];
    const layer = (b, p, o, t) => parametricModel(constants, { betas: b, pose: p, globalOrient: o, transl: t });
    const loss = (...x) => tf.sum(tf.square(layer(...x).vertices));
    const gradient = tf.grads(loss);
    const patience = { warmUp: 50, minimum: 5, maximum: Infinity, seconds: SECONDS };
    const forward = await milliseconds(() => tf.dispose(layer(...variables)), patience);
    const both = await milliseconds(() => tf.dispose(gradient(variables)), patience);
    const facts = tf.tidy(() => ({
      loss: loss(...variables).dataSync()[0],
      gradients: gradient(variables).map((tensor) => tf.norm(tensor).dataSync()[0]),
    }));
    results.push({ ...facts, forward, both });
  }
  return results;
}

function roundInPyTorch(file) {
  const { status, stdout, stderr } = spawnSync(PYTHON, [PROGRAM, file, String(SECONDS)], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`compare-with-pytorch: PyTorch did not run.\n${stderr}`);
  return JSON.parse(stdout);
}

/** Two sides that do not compute the same are not compared. */
function assertSame(here, there, batch) {
  const pairs = [[here.loss, there.loss], ...here.gradients.map((value, i) => [value, there.gradients[i]])];
  const worst = Math.max(...pairs.map(([a, b]) => Math.abs(a - b) / Math.abs(b)));
  if (!(worst < 1e-3)) throw new Error(`compare-with-pytorch: batch ${batch} differs by ${worst} (relative).`);
  return worst;
}

const text = (values) => `${digits(median(values))} (${digits(Math.min(...values))}–${digits(Math.max(...values))})`;

async function main() {
  await startWasm();
  registerWasmTrainingKernels();
  const { model, poseBasis, points } = manoSizedHand(COEFFICIENTS);
  const constants = createSkinningConstants(model, { poseBasis, points });
  const inputs = BATCHES.map((batch) => inputsOf(batch, model.shapeCount));
  const folder = mkdtempSync(join(tmpdir(), 'opposable-layer-'));
  const file = join(folder, 'inputs.json');
  const arrays = ['vTemplate', 'shapeDirs', 'poseDirs', 'jRegressor', 'lbsWeights', 'parents'];
  const given = {
    model: {
      ...Object.fromEntries(arrays.map((name) => [name, numbersOf(model[name])])),
      components: numbersOf(poseBasis.components),
      mean: numbersOf(poseBasis.mean),
    },
    inputs: inputs.map((tensors) => {
      return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, nested(tensor)]));
    }),
  };
  writeFileSync(file, JSON.stringify(given));
  const rounds = [];
  try {
    for (let round = 0; round < ROUNDS; round++) {
      rounds.push({ here: await roundHere(constants, inputs), there: roundInPyTorch(file) });
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  process.stdout.write(
    `${cpus()[0]?.model}, ${availableParallelism()} cores, Node.js ${process.version}, PyTorch ${rounds[0].there.version}\n` +
      `milliseconds of one call on one thread: median of ${ROUNDS} rounds in turn (least–most)\n\n`,
  );
  const header = ['batch', 'what', 'here', 'PyTorch, plain', 'PyTorch, tuned', 'faster by'];
  process.stdout.write(`| ${header.join(' | ')} |\n|${header.map(() => ' --- |').join('')}\n`);
  for (const [i, batch] of BATCHES.entries()) {
    assertSame(rounds[0].here[i], rounds[0].there.results.plain[i], batch);
    assertSame(rounds[0].here[i], rounds[0].there.results.tuned[i], batch);
    for (const [key, what] of [
      ['forward', 'forward'],
      ['both', 'forward and gradient'],
    ]) {
      const here = rounds.map((round) => round.here[i][key]);
      const plain = rounds.map((round) => round.there.results.plain[i][key]);
      const tuned = rounds.map((round) => round.there.results.tuned[i][key]);
      const ratio = Math.min(median(plain), median(tuned)) / median(here);
      process.stdout.write(
        `| ${[batch, what, text(here), text(plain), text(tuned), `${digits(ratio)} ×`].join(' | ')} |\n`,
      );
    }
  }
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
