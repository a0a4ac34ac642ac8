// Full-size networks with PyTorch's weights, here and there: ResNet-18, 34, 50, MobileNetV2 and 3dhand's network.
//
//   npm run compile && PYTHON=/usr/bin/python3 node tools/compare-with-pytorch/pretrained.mjs [FOLDER]
//
// FOLDER keeps the checkpoints that pretrained.py writes; where it holds them PyTorch is not asked again.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs-core';
import { model as layersModel } from '@tensorflow/tfjs-layers';
import { readArrays } from '@opposable/array-files/node';
import { createHandRegressor, loadTorchWeights, torchStateDict } from '@opposable/hand-regressor';
import { startKernels } from '../bench/resnet.mjs';

const PYTHON = process.env.PYTHON ?? 'python3';
const LIMIT = 1e-4;
const THREE_D_HAND = { encoder: 'resnet34', pooling: '3dhand', outputScale: '3dhand' };
const CASES = [
  { name: 'resnet18', options: { encoder: 'resnet18' } },
  { name: 'resnet34', options: { encoder: 'resnet34' } },
  { name: 'resnet50', options: { encoder: 'resnet50' } },
  { name: 'mobilenet', options: { encoder: 'mobilenet' } },
  { name: 'mobilenet-half', options: { encoder: 'mobilenet-half' } },
  { name: '3dhand-3', options: THREE_D_HAND, whole: true },
  { name: '3dhand-24', options: { ...THREE_D_HAND, channels: 24 }, whole: true },
];

function picture(shape) {
  const size = shape.reduce((product, n) => product * n, 1);
  return tf.tensor4d(
    Float32Array.from({ length: size }, (_, i) => ((i * 7919) % 251) / 250),
    shape,
  );
}

async function compare(folder, { name, options, whole = false }) {
  const { input, normalised, output } = JSON.parse(await readFile(join(folder, `${name}.json`), 'utf8'));
  const inputNormalization = normalised ? 'imagenet' : 'unit';
  const model = createHandRegressor({ ...options, inputSize: input[1], inputNormalization });
  const state = torchStateDict((await readArrays(join(folder, `${name}.pth`))).contents);
  const { loaded, unused } = loadTorchWeights(model, state, whole ? { optionalLayers: [] } : {});
  // of torchvision's networks the features: their 1,000 classes are not this head's
  const part = whole ? model : layersModel({ inputs: model.inputs, outputs: model.getLayer('avgpool').output });
  const x = picture(input);
  const y = part.predict(x);
  const found = await y.data();
  const expected = output.flat();
  const worst = expected.reduce((most, value, i) => Math.max(most, Math.abs(value - found[i])), 0);
  const size = expected.reduce((sum, value) => sum + Math.abs(value), 0) / expected.length;
  process.stdout.write(
    `${name.padEnd(15)} ${String(model.countParams()).padStart(9)} parameters, ${loaded.length} tensors loaded, ${unused.length} unused; ` +
      `largest difference ${worst.toExponential(1)} of values of size ${size.toFixed(2)}\n`,
  );
  tf.dispose([x, y]);
  model.dispose();
  return worst <= LIMIT && found.length === expected.length;
}

try {
  const folder = process.argv[2] ?? (await mkdtemp(join(tmpdir(), 'opposable-pytorch-')));
  if (!CASES.every(({ name }) => existsSync(join(folder, `${name}.json`)))) {
    const program = fileURLToPath(new URL('pretrained.py', import.meta.url));
    const { status, stderr } = spawnSync(PYTHON, [program, 'full', folder], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`compare-with-pytorch: PyTorch did not run.\n${stderr}`);
  }
  await startKernels();
  let good = true;
  for (const one of CASES) good = (await compare(folder, one)) && good;
  process.stdout.write(good ? `All within ${LIMIT}.\n` : `Not all within ${LIMIT}.\n`);
  if (!good) process.exitCode = 1;
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
