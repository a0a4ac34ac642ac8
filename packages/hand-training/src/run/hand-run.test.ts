import { cp, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { createRng, FileFormatError, OpposableError } from '@opposable/tensor-checks';
import { prepareBackend } from '@opposable/training';
import { saveCheckpoint } from '@opposable/training/node';
import { afterStage, allVariables, createRun, type HandRun, trainableVariables } from './hand-run.js';
import { loadRun, saveRun } from './run-checkpoint.js';

const SMALL = { encoder: 'small', inputSize: 64 } as const;
let folder: string;
let saved: string;
let run: HandRun;

beforeAll(async () => {
  await prepareBackend('wasm');
  folder = await mkdtemp(join(tmpdir(), 'opposable-run-'));
  saved = join(folder, 'saved');
  run = afterStage(createRun(SMALL, 7), 'pretrain', 12);
  await saveRun(saved, run);
});
afterAll(async () => {
  run.dispose();
  await rm(folder, { recursive: true, force: true });
});

function outputs(of: HandRun): Float32Array {
  const rng = createRng('image');
  const image = tf.tensor4d(
    Float32Array.from({ length: 64 * 64 * 3 }, () => rng.uniform()),
    [1, 64, 64, 3],
  );
  const out = of.model.apply(image, { training: false }) as tf.Tensor;
  const values = out.dataSync() as Float32Array;
  tf.dispose([image, out]);
  return values;
}

describe('createRun', () => {
  it('draws the weights from the seed', () => {
    const same = createRun(SMALL, 7);
    const other = createRun(SMALL, 8);
    expect(outputs(same)).toEqual(outputs(run));
    expect(outputs(other)).not.toEqual(outputs(run));
    same.dispose();
    other.dispose();
  });

  it('frees everything when it is disposed', () => {
    const before = tf.memory().numTensors;
    for (let i = 0; i < 3; i++) createRun(SMALL, i).dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('names its variables alike in every network of the same kind', () => {
    const another = createRun(SMALL, 1);
    expect(Object.keys(allVariables(another.model))).toEqual(Object.keys(allVariables(run.model)));
    expect(Object.keys(trainableVariables(run.model)).length).toBe(run.model.trainableWeights.length);
    another.dispose();
  });

  it('refuses a network that there is not', () => {
    expect(() => createRun({ encoder: 'small', inputSize: 50 }, 1)).toThrow(OpposableError);
  });
});

describe('a saved run', () => {
  it('gives the same outputs when it is loaded, and remembers its stages', async () => {
    const loaded = await loadRun(saved);
    expect(outputs(loaded)).toEqual(outputs(run));
    expect(loaded.info).toEqual({
      network: SMALL,
      hand: 'open-hand',
      inputNormalization: 'unit',
      stages: [{ name: 'pretrain', iterations: 12 }],
    });
    loaded.dispose();
  });

  it('is found from its checkpoint folder as well', async () => {
    const loaded = await loadRun(join(saved, 'checkpoint'));
    expect(outputs(loaded)).toEqual(outputs(run));
    loaded.dispose();
  });

  const copy = async (name: string): Promise<string> => {
    const path = join(folder, name);
    await cp(saved, path, { recursive: true });
    return path;
  };
  const refusal = async (path: string): Promise<string> => {
    const before = tf.memory().numTensors;
    const error = await loadRun(path).catch((reason: unknown) => reason);
    expect(tf.memory().numTensors).toBe(before);
    expect(error).toBeInstanceOf(OpposableError);
    const { message } = error as OpposableError;
    expect(message).toMatch(/^[^\n]+\.$/);
    return message;
  };

  it('is refused where there is none', async () => {
    const path = join(folder, 'none');
    expect(await refusal(path)).toBe(`loadCheckpoint: expected a checkpoint folder at ${path}, found none.`);
  });

  it('is refused when its weights are cut off or gone', async () => {
    const path = await copy('cut');
    const weights = join(path, 'checkpoint', 'weights.safetensors');
    await truncate(weights, 5000);
    expect(await refusal(path)).toMatch(/weights\.safetensors in .* is damaged/);
    await rm(weights);
    expect(await refusal(path)).toMatch(/expected the file weights\.safetensors in/);
  });

  it('is refused when it is a checkpoint of something else', async () => {
    const path = join(folder, 'other');
    const variable = tf.tidy(() => tf.variable(tf.scalar(1)));
    await saveCheckpoint(join(path, 'checkpoint'), { variables: { variable }, state: { network: 'unet' } });
    variable.dispose();
    expect(await refusal(path)).toBe(
      `loadRun: expected the checkpoint of a hand regressor in ${join(path, 'checkpoint')}, found another kind.`,
    );
    await expect(loadRun(path)).rejects.toThrow(FileFormatError);
  });

  it('is refused when it names another network than its weights belong to', async () => {
    const weightless = join(folder, 'weightless');
    const variable = tf.tidy(() => tf.variable(tf.scalar(1)));
    await saveCheckpoint(join(weightless, 'checkpoint'), { variables: { variable }, state: run.info });
    variable.dispose();
    expect(await refusal(weightless)).toMatch(
      /^restoreVariables: expected ".*" to be float32 .*nothing of that name\.$/,
    );
    const path = await copy('network');
    const file = join(path, 'checkpoint', 'state.json');
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replace('"small"', '"huge"'));
    expect(await refusal(path)).toBe(
      'createHandRegressor: expected encoder to be one of small, resnet18, resnet34, resnet50, mobilenet, mobilenet-half, keypoints, got "huge".',
    );
  });
});
