import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const PACKAGE = fileURLToPath(new URL('../../..', import.meta.url));

interface KernelList {
  readonly package: string;
  readonly version: string;
  readonly kernels: readonly string[];
}
/** Made by tools/kernel-lists/tfjs-node-gpu.mjs from the package's tarball. */
const list = JSON.parse(
  readFileSync(new URL('./fixtures/tfjs-node-gpu-kernels.json', import.meta.url), 'utf8'),
) as KernelList;

/**
 * One step of every recipe on the cpu backend, which has no kernels of our own, and what it asks for. In a process of its own,
 * from the build: under Jest the backend is many times slower.
 */
const CODE = `
import * as tf from '@tensorflow/tfjs-core';
import { chooseBackend, createRun, evaluateRun, loadTrainingData, PRETRAIN_WEIGHTS, runStage, trainHeatmap } from '@opposable/hand-training';
import { synthesizeDataset } from '@opposable/hand-synthesis/node';

await chooseBackend('cpu');
tf.unregisterKernel('Transform', 'cpu'); // TensorFlow's library has none: see transform-image.ts
const folder = process.argv[2];
await synthesizeDataset({ out: folder + '/data', seed: 1, train: 1, test: 1, size: 32, workers: 0 });
const source = (split) => ({ prepared: folder + '/data', split });
const arrays = await loadTrainingData(source('train'), 32);
const common = {
  seed: 1, iterations: 1, batchSize: 1, learningRate: 1e-3, beta1: 0.9, weightDecay: 0.01, gradientClip: 1,
  decay: { kind: 'constant', warmUp: 0 }, explosionFactor: 1e6, augmentation: { gain: [0.8, 1.2], noise: 1 },
};
const pretrain = (poseMetric) => ({ ...common, kind: 'pretrain', weights: PRETRAIN_WEIGHTS, poseMetric });
const train = (variant) => ({
  ...common, kind: 'train', variant, betaWeight: 1, maskSchedule: [],
  weights: { keypoints2d: 1, keypoints3d: 1, mask: 1, regularization: 1 },
});
const kernelsOf = async (work) => {
  const { kernelNames } = await tf.profile(async () => (await work(), tf.scalar(0)));
  // the profile also lists scopes of functions with gradients of their own; what ran on this backend as a kernel is registered there
  return [...new Set(kernelNames)].filter((name) => tf.getKernel(name, 'cpu') !== undefined).sort();
};
const found = {};
const stages = {
  small: [pretrain('angles'), pretrain('coefficients'), train('perspective'), train('normalized'), train('normalized-detached')],
  'mobilenet-half': [pretrain('angles')],
  resnet18: [pretrain('angles')],
};
for (const [encoder, list] of Object.entries(stages)) {
  const run = createRun({ encoder, inputSize: 32, inputNormalization: 'imagenet' }, 1);
  found[encoder] = await kernelsOf(async () => {
    for (const stage of list) await runStage(run, arrays, stage);
    await evaluateRun(run, arrays);
  });
}
for (const variant of ['documented', 'small']) {
  for (const name of ['adam', 'sgd']) {
    const key = 'heat maps, ' + variant + ', ' + name;
    found[key] = await kernelsOf(() => trainHeatmap({
      settings: {
        seed: 1, batchSize: 1, epochs: 1, batchesPerEpoch: 1, validationBatches: 1, checkpointEvery: 1,
        coding: { sigma: 1, radius: 4, placement: 'exact', decoding: 'local', hidden: 'include' },
        loss: { iou: 1, mse: 10, adaptiveWing: 1 },
        augmentation: { gain: [0.8, 1.2], noise: 1, scale: [1, 1], rotation: 0, translation: 0, empty: 0 },
        optimizer: { name, learningRate: 0.01, momentum: 0.9, weightDecay: 0.01, gradientClip: 1, decay: { kind: 'constant' } },
      },
      model: { variant, inputSize: 32, normalization: { mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25] } },
      data: source('train'), validation: source('test'), out: folder + '/' + variant + name, replicas: 1,
      stream: { write() {} },
    }));
  }
}
process.stdout.write('\\n' + JSON.stringify(found));
process.exit(0);
`;

let found: Record<string, string[]>;
beforeAll(async () => {
  const folder = await mkdtemp(join(PACKAGE, 'out-tsc-kernels-')); // imports resolve as the package's own do
  try {
    const script = join(folder, 'run.mjs');
    await writeFile(script, CODE);
    const env = { ...process.env, NODE_OPTIONS: '' };
    const { stdout } = await promisify(execFile)(process.execPath, [script, folder], { env, maxBuffer: 1e8 });
    found = JSON.parse(stdout.slice(stdout.lastIndexOf('\n') + 1)) as Record<string, string[]>;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}, 1_200_000);

it(`every kernel that training asks for is one of ${list.package} ${list.version}`, () => {
  expect(Object.keys(found)).toHaveLength(7);
  for (const kernels of Object.values(found)) expect(kernels).toContain('Conv2DBackpropFilter');
  expect(found['mobilenet-half']).toContain('DepthwiseConv2dNativeBackpropFilter');
  expect(found['small']).toContain('GatherV2');
  const lacking = Object.entries(found).map(([recipe, kernels]): [string, string[]] => [
    recipe,
    kernels.filter((name) => !list.kernels.includes(name)),
  ]);
  expect(lacking).toEqual(Object.keys(found).map((recipe) => [recipe, []]));
});
