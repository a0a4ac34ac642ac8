import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { writeSafetensors } from '@opposable/array-files';
import { createHandRegressor, torchWeights } from '@opposable/hand-regressor';
import { createRng } from '@opposable/tensor-checks';
import { prepareBackend } from '@opposable/training';
import { loadRun, saveRun } from './run-checkpoint.js';
import { startRun } from './start-run.js';

let folder: string;
const NETWORK = { encoder: 'mobilenet-half', inputSize: 32 } as const;
const path = (name: string): string => join(folder, name);

/** Writes another network's weights under PyTorch's names, its head with `classes` outputs or its own. */
async function writeWeights(name: string, classes?: number): Promise<Map<string, { data: Float32Array }>> {
  const other = createHandRegressor({ ...NETWORK, rng: createRng('other') });
  const weights = await torchWeights(other);
  other.dispose();
  if (classes !== undefined) {
    weights.set('fc.weight', { shape: [classes, 1280], data: new Float32Array(classes * 1280) });
    weights.set('fc.bias', { shape: [classes], data: new Float32Array(classes) });
  }
  await writeFile(path(name), writeSafetensors(Object.fromEntries(weights)));
  return weights;
}

beforeAll(async () => {
  await prepareBackend('wasm');
  folder = await mkdtemp(join(tmpdir(), 'opposable-start-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('startRun', () => {
  it('takes the encoder of torchvision’s layout and its input normalisation, which the checkpoint keeps', async () => {
    const weights = await writeWeights('classes.safetensors', 1000);
    const lines: string[] = [];
    const run = await startRun({ ...NETWORK, pretrained: path('classes.safetensors') }, 1, (line) => lines.push(line));
    expect(lines).toEqual([
      `${path('classes.safetensors')}: torchvision's layout, 260 tensors loaded, fc.weight, fc.bias left random, 2 not used; input normalisation "imagenet".`,
    ]);
    expect(run.info.inputNormalization).toBe('imagenet');
    const mine = await torchWeights(run.model);
    expect(mine.get('features.3.conv.1.0.weight')!.data).toEqual(weights.get('features.3.conv.1.0.weight')!.data);
    expect(mine.get('fc.weight')!.data.some((value) => value !== 0)).toBe(true);
    await saveRun(path('run'), run);
    const loaded = await loadRun(path('run'));
    const image = tf.randomUniform([1, 32, 32, 3], 0, 1, 'float32', 1);
    const outputs = [run, loaded].map(({ model }) => (model.predict(image) as tf.Tensor).dataSync());
    expect(outputs[1]).toEqual(outputs[0]);
    expect(loaded.info).toEqual(run.info);
    run.dispose();
    loaded.dispose();
  }, 30_000);

  it('does what the options say where they say something', async () => {
    await writeWeights('classes.safetensors', 1000);
    const pretrained = path('classes.safetensors');
    const run = await startRun({ ...NETWORK, inputNormalization: 'unit', pretrained }, 1);
    expect(run.info.inputNormalization).toBe('unit');
    run.dispose();
  });

  it('is a random network without a file', async () => {
    const run = await startRun(NETWORK, 1);
    expect(run.info).toMatchObject({ network: NETWORK, inputNormalization: 'unit' });
    run.dispose();
  });

  it('names the file that does not fit, and leaves nothing behind', async () => {
    await writeWeights('mobile.safetensors', 10);
    const before = tf.memory().numTensors;
    const pretrained = path('mobile.safetensors');
    await expect(startRun({ encoder: 'mobilenet', inputSize: 32, pretrained }, 1)).rejects.toThrow(
      `${pretrained}: loadTorchWeights: expected features.0.0.weight of shape [32, 3, 3, 3] for hand-regressor-mobilenet, found shape [16, 3, 3, 3].`,
    );
    await writeFile(path('text.pth'), 'this is no checkpoint');
    await expect(startRun({ ...NETWORK, pretrained: path('text.pth') }, 1)).rejects.toThrow(path('text.pth'));
    await expect(startRun({ ...NETWORK, pretrained: path('none.pth') }, 1)).rejects.toThrow(path('none.pth'));
    expect(tf.memory().numTensors).toBe(before);
  }, 30_000);

  it('starts a network with keypoint features from one that lifts keypoints only, and from no other', async () => {
    const lifting = { encoder: 'keypoints', inputSize: 32, channels: 24 } as const;
    const whole = { ...NETWORK, channels: 24, keypointFeatures: true } as const;
    const source = await startRun(lifting, 2);
    const weights = Object.fromEntries(await torchWeights(source.model));
    const metadata = { 'opposable.run': JSON.stringify(source.info) };
    await writeFile(path('lifting.safetensors'), writeSafetensors(weights, metadata));
    const lines: string[] = [];
    const run = await startRun({ ...whole, pretrained: path('lifting.safetensors') }, 1, (line) => lines.push(line));
    expect(lines[0]).toMatch(
      / 8 tensors loaded, features\.0\.0\.weight(, [\w.]+){4} and \d+ more left random, 0 not used;/,
    );
    const mine = await torchWeights(run.model);
    for (const [name, { data }] of Object.entries(weights)) expect([name, mine.get(name)?.data]).toEqual([name, data]);
    expect(run.info.network).toMatchObject(whole);
    const random = await startRun(whole, 1);
    const others = await torchWeights(random.model);
    expect(mine.get('features.0.0.weight')).toEqual(others.get('features.0.0.weight'));
    expect(mine.get('places.fc1.weight')).not.toEqual(others.get('places.fc1.weight'));
    const about = { 'opposable.run': JSON.stringify(random.info) };
    await writeFile(path('plain.safetensors'), writeSafetensors(weights, about));
    await expect(startRun({ ...whole, pretrained: path('plain.safetensors') }, 1)).rejects.toThrow(
      'found nothing of that name',
    );
    // nothing of the file would be of use to a network without these layers
    const deaf = { ...NETWORK, channels: 24, pretrained: path('lifting.safetensors') } as const;
    await expect(startRun({ ...deaf, keypointFeatures: false }, 1)).rejects.toThrow('found nothing of that name');
    for (const each of [source, run, random]) each.dispose();
  }, 30_000);
});
