import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import { input, layers, type LayersModel, model as createModel, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { parseTorchCheckpoint } from '@opposable/array-files';
import { HAND_PARAMETER_MEAN } from '@opposable/mano-layer/conventions';
import { createRng, FileFormatError } from '@opposable/tensor-checks';
import { registerWasmTrainingKernels } from '@opposable/wasm-training';
import { createHandRegressor } from '../create-hand-regressor.js';
import { INPUT_NORMALIZATIONS } from '../input-normalizations.js';
import { NormalizeImage } from '../layers/normalize-image.js';
import { OutputAffine } from '../layers/output-affine.js';
import { basicBlock, bottleneckBlock } from '../networks/resnet/residual-blocks.js';
import { resnetEncoder, type ResnetShape } from '../networks/resnet/resnet-encoder.js';
import type { Pooling } from '../networks/types.js';
import { loadTorchWeights } from './load-torch-weights.js';
import { torchParameters } from './torch-parameters.js';
import { type TorchStateDict, torchStateDict } from './torch-state-dict.js';
import { torchWeights } from './torch-weights.js';

// Written by tools/compare-with-pytorch/pretrained.py: narrow networks with random weights, and PyTorch's answers.
const fixture = (file: string): Buffer => readFileSync(new URL(`fixtures/${file}`, import.meta.url));
const stateOf = (name: string): TorchStateDict => torchStateDict(parseTorchCheckpoint(fixture(`${name}.pth`)));
const answerOf = (name: string) =>
  JSON.parse(fixture(`${name}.json`).toString()) as { input: [number, number, number, number]; output: number[][] };

/** The picture of the script. */
function picture(shape: [number, number, number, number]): tf.Tensor4D {
  const size = shape.reduce((product, n) => product * n, 1);
  return tf.tensor4d(
    Float32Array.from({ length: size }, (_, i) => ((i * 7919) % 251) / 250),
    shape,
  );
}

interface Build {
  readonly shape: ResnetShape;
  readonly channels?: number;
  readonly size?: number;
  readonly pooling?: Pooling;
  readonly normalize?: boolean;
  readonly head?: boolean;
}

function build({
  shape,
  channels = 3,
  size = 64,
  pooling = 'mean',
  normalize = false,
  head = false,
}: Build): LayersModel {
  const image = input({ shape: [size, size, channels] });
  const seen = normalize
    ? (new NormalizeImage({ name: 'normalize', ...INPUT_NORMALIZATIONS.imagenet }).apply(image) as SymbolicTensor)
    : image;
  const features = resnetEncoder(seen, createRng(1), shape, pooling);
  const raw = head ? (layers.dense({ name: 'fc', units: 22 }).apply(features) as SymbolicTensor) : features;
  const output = head
    ? new OutputAffine({ name: 'mean', offset: HAND_PARAMETER_MEAN, scale: HAND_PARAMETER_MEAN.map(() => 1) }).apply(
        raw,
      )
    : raw;
  return createModel({ inputs: image, outputs: output as SymbolicTensor, name: 'narrow' });
}

const BASIC: ResnetShape = { block: basicBlock, blocks: [2, 1, 1, 1], baseWidth: 2 };
const HAND: ResnetShape = { block: basicBlock, blocks: [1, 1, 1, 1], baseWidth: 2 };

function expectAnswer(model: LayersModel, name: string): void {
  const answer = answerOf(name);
  const x = picture(answer.input);
  const y = model.apply(x, { training: false }) as tf.Tensor2D;
  const rows = y.arraySync();
  expect(rows).toHaveLength(answer.output.length);
  const worst = Math.max(...rows.flatMap((row, b) => row.map((value, i) => Math.abs(value - answer.output[b]![i]!))));
  expect(worst).toBeLessThan(1e-4);
  expect(Math.max(...answer.output.flat().map(Math.abs))).toBeGreaterThan(0.3);
  tf.dispose([x, y]);
}

beforeAll(async () => {
  await tf.setBackend('wasm');
  await tf.ready();
  registerWasmTrainingKernels();
});

describe('loadTorchWeights', () => {
  it('gives PyTorch’s features with basic blocks, on wasm and cpu', async () => {
    for (const backend of ['wasm', 'cpu']) {
      await tf.setBackend(backend);
      const model = build({ shape: BASIC });
      const { loaded, kept, unused } = loadTorchWeights(model, stateOf('basic'));
      expect(loaded).toContain('layer2.0.downsample.1.running_var');
      expect(kept).toEqual([]);
      expect(unused).toEqual(['fc.weight', 'fc.bias']);
      expectAnswer(model, 'basic');
      model.dispose();
    }
    await tf.setBackend('wasm');
  });

  it('gives PyTorch’s features with bottleneck blocks and ImageNet’s normalisation within the model', () => {
    const model = build({ shape: { block: bottleneckBlock, blocks: [2, 1, 1, 1], baseWidth: 2 }, normalize: true });
    loadTorchWeights(model, stateOf('bottleneck'));
    expectAnswer(model, 'bottleneck');
    model.dispose();
  });

  it.each([3, 24])('gives the 22 numbers of a checkpoint of 3dhand’s layout with %i channels', (channels) => {
    const model = build({ shape: HAND, channels, size: 256, pooling: '3dhand', head: true });
    const state = stateOf(`3dhand-${channels}`);
    expect([...parseKeys(`3dhand-${channels}`)].every((name) => name.startsWith('module.'))).toBe(true);
    const { unused } = loadTorchWeights(model, state, { optionalLayers: [] });
    expect(unused).toEqual([channels === 3 ? 'conv11.weight' : 'conv1.weight']);
    expectAnswer(model, `3dhand-${channels}`);
    model.dispose();
  });

  it('needs 3dhand’s pooling for that: the mean over the whole map differs', () => {
    const model = build({ shape: HAND, size: 256, pooling: 'mean', head: true });
    loadTorchWeights(model, stateOf('3dhand-3'));
    const { input: shape, output } = answerOf('3dhand-3');
    const [row] = (model.predict(picture(shape)) as tf.Tensor2D).arraySync();
    expect(Math.max(...row!.map((value, i) => Math.abs(value - output[0]![i]!)))).toBeGreaterThan(1e-3);
    model.dispose();
  });

  it('leaves PyTorch’s running mean after a step, and the variance of the batch itself', () => {
    const model = build({ shape: BASIC });
    const state = stateOf('basic');
    loadTorchWeights(model, state);
    const x = picture([2, 64, 64, 3]);
    (model.apply(x, { training: true }) as tf.Tensor).dispose();
    const after = JSON.parse(fixture('running-averages.json').toString()) as { mean: number[]; variance: number[] };
    const read = (name: string): number[] =>
      Array.from(
        torchParameters(model)
          .find((parameter) => parameter.name === name)!
          .variable.dataSync(),
      );
    read('bn1.running_mean').forEach((value, i) => expect(value).toBeCloseTo(after.mean[i]!, 5));
    // PyTorch's running variance is n/(n − 1) times that of the batch, n = 2·32·32 here
    const before = state.get('bn1.running_var')!.data;
    read('bn1.running_var').forEach((value, i) => {
      const ofPyTorch = (after.variance[i]! - 0.9 * before[i]!) / 0.1;
      expect((value - 0.9 * before[i]!) / 0.1).toBeCloseTo((ofPyTorch * 2047) / 2048, 4);
    });
    x.dispose();
    model.dispose();
  });

  it('lets a stem for an image serve a network with heat maps, which then have no influence', () => {
    const model = build({ shape: BASIC, channels: 24 });
    loadTorchWeights(model, stateOf('basic'));
    const { input: shape, output } = answerOf('basic');
    const image = picture(shape);
    const maps = tf.randomUniform<tf.Rank.R4>([shape[0], shape[1], shape[2], 21], 0, 1, 'float32', 1);
    const rows = (model.predict(tf.concat([image, maps], 3)) as tf.Tensor2D).arraySync();
    rows.forEach((row, b) => row.forEach((value, i) => expect(value).toBeCloseTo(output[b]![i]!, 4)));
    model.dispose();
  });

  it('keeps a head that does not fit, and finds names behind a prefix', () => {
    const model = createHandRegressor({ encoder: 'mobilenet-half', inputSize: 32, rng: createRng(1) });
    const other = createHandRegressor({ encoder: 'mobilenet-half', inputSize: 32, rng: createRng(2) });
    return torchWeights(other).then((weights) => {
      const state = new Map([...weights].map(([name, tensor]) => [`backbone.${name}`, tensor]));
      state.set('backbone.fc.weight', { shape: [1000, 1280], data: new Float32Array(1280000) });
      const { kept, loaded } = loadTorchWeights(model, state);
      expect(kept).toEqual(['fc.weight']);
      expect(loaded).toContain('features.1.conv.0.0.weight');
      model.dispose();
      other.dispose();
    });
  });

  it('refuses what does not fit and changes nothing', () => {
    const model = build({ shape: BASIC });
    const tensors = tf.memory().numTensors;
    const before = model.getWeights()[0]!.dataSync().slice();
    const change = (edit: (state: Map<string, { shape: readonly number[]; data: ArrayLike<number> }>) => void) => {
      const state = new Map(stateOf('basic'));
      edit(state);
      return () => loadTorchWeights(model, state);
    };
    const missing = change((state) => state.delete('layer4.0.bn2.bias'));
    expect(missing).toThrow(FileFormatError);
    expect(missing).toThrow('loadTorchWeights: expected layer4.0.bn2.bias of shape [16] for narrow, found nothing of that name.'); // prettier-ignore
    expect(change((state) => state.set('bn1.bias', { shape: [3], data: new Float32Array(3) }))).toThrow(
      'loadTorchWeights: expected bn1.bias of shape [2] for narrow, found shape [3].',
    );
    expect(change((state) => state.set('bn1.bias', { shape: [2], data: new Float32Array([0, NaN]) }))).toThrow(
      'loadTorchWeights: expected finite numbers in bn1.bias, found NaN at place 1.',
    );
    // the blocks of a ResNet-18 are among those of a ResNet-34, shape by shape
    const deeper = change((state) => state.set('layer3.1.conv1.weight', state.get('layer3.0.conv2.weight')!));
    expect(deeper).toThrow(
      'loadTorchWeights: expected the weights of narrow, found layer3.1.conv1.weight beside them, of a deeper network.',
    );
    expect(model.getWeights()[0]!.dataSync()).toEqual(before);
    expect(tf.memory().numTensors).toBe(tensors);
    model.dispose();
  });
});

const parseKeys = (name: string): string[] =>
  Object.keys(parseTorchCheckpoint(fixture(`${name}.pth`)) as Record<string, unknown>);

describe('torchWeights', () => {
  it('gives back what was loaded, name by name and bit by bit', async () => {
    const model = build({ shape: BASIC });
    const state = stateOf('basic');
    loadTorchWeights(model, state);
    const weights = await torchWeights(model);
    expect(weights.size).toBe(model.weights.length);
    for (const [name, { shape, data }] of weights) {
      expect([name, shape]).toEqual([name, state.get(name)!.shape]);
      expect(data).toEqual(state.get(name)!.data);
    }
    model.dispose();
  });
});

describe('torchStateDict', () => {
  const tensor = { shape: [1], data: new Float32Array(1) };

  it('finds the tensors where training programs put them', () => {
    expect([...torchStateDict({ epoch: 3, state_dict: { 'module.a': tensor } }).keys()]).toEqual(['a']);
    expect([...torchStateDict({ model: { a: tensor, version: 1 } }).keys()]).toEqual(['a']);
    expect([...torchStateDict(new Map([['module.module.a', tensor]])).keys()]).toEqual(['a']);
  });

  it('says what it found where there are none', () => {
    expect(() => torchStateDict({ epoch: 3 })).toThrow(
      'torchStateDict: expected named tensors, at the root or under state_dict, model_state_dict, model, network, net, weights, tensors, found only epoch.',
    );
    expect(() => torchStateDict(7)).toThrow(/found none\.$/);
  });
});

describe('torchParameters', () => {
  it.each([
    ['resnet18', 'layer1.0.conv1.weight', [64, 64, 3, 3]],
    ['resnet34', 'layer3.5.bn2.running_mean', [256]],
    ['resnet50', 'layer4.0.downsample.0.weight', [2048, 1024, 1, 1]],
    ['mobilenet', 'features.17.conv.1.0.weight', [960, 1, 3, 3]],
  ] as const)('has torchvision’s names for %s', (encoder, name, shape) => {
    const model = createHandRegressor({ encoder, inputSize: 32 });
    const parameters = torchParameters(model);
    expect(parameters.find((parameter) => parameter.name === name)?.shape).toEqual(shape);
    expect(new Set(parameters.map((parameter) => parameter.name)).size).toBe(model.weights.length);
    model.dispose();
  });
});
