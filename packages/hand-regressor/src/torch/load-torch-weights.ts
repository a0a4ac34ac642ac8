import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { FileFormatError } from '@opposable/tensor-checks';
import { torchParameters, type TorchParameter } from './torch-parameters.js';
import type { TorchStateDict, TorchTensor } from './torch-state-dict.js';
import { inverseAxes, transpose } from './transpose.js';

export interface LoadTorchWeightsOptions {
  /** Layers that keep what they have where the file holds nothing that fits. Default `['fc']`: the head. */
  readonly optionalLayers?: readonly string[];
}

/** What became of each name, all PyTorch's. */
export interface LoadedTorchWeights {
  readonly loaded: readonly string[];
  /** Parameters of optional layers that were left as they were. */
  readonly kept: readonly string[];
  /** What the file holds beside. */
  readonly unused: readonly string[];
}

/** Counts of batches that PyTorch keeps beside the running averages; a momentum makes them useless. */
const COUNTER = /num_batches_tracked$/;
const KERNEL_OF_STEM = 7;

/** What stands before the parameter names in the file (`backbone.`): that with which most of them are found. */
function prefixOf(state: TorchStateDict, names: readonly string[]): string {
  const probe = names.find((name) => name.includes('.0.')) ?? names[0]!;
  const candidates = [...state.keys()].filter((key) => key.endsWith(probe)).map((key) => key.slice(0, -probe.length));
  const found = (prefix: string): number => names.filter((name) => state.has(prefix + name)).length;
  return candidates.reduce((best, prefix) => (found(prefix) > found(best) ? prefix : best), '');
}

/**
 * 3dhand's checkpoints hold two stems, for 3 and for 24 channels; the one to use is told by its shape, whatever its name.
 */
function stemOfShape(state: TorchStateDict, prefix: string, { shape }: TorchParameter): string | undefined {
  const stems = [...state].filter(
    ([name, tensor]) =>
      name.startsWith(prefix) &&
      !name.slice(prefix.length).includes('layer') &&
      tensor.shape.length === 4 &&
      tensor.shape[2] === KERNEL_OF_STEM &&
      tensor.shape[1] === shape[1],
  );
  return stems.length === 1 ? stems[0]![0] : undefined;
}

/** `layer3.` of `layer3.4.bn1.bias`, `features.` of `features.2.conv.0.0.weight`: what a deeper network has more of. */
function stageOf(name: string): string | undefined {
  return /^[a-z]+\d*\.(?=\d)/.exec(name)?.[0];
}

/** The first parameter in the stages of the model's encoder that the model does not have: of a deeper network. */
function surplusOf(state: TorchStateDict, prefix: string, names: readonly string[]): string | undefined {
  const stages = new Set(names.map(stageOf));
  return [...state.keys()].find((key) => {
    const name = key.startsWith(prefix) ? key.slice(prefix.length) : '';
    const stage = stageOf(name);
    return stage !== undefined && stages.has(stage) && !COUNTER.test(name) && !names.includes(name);
  });
}

const same = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((n, i) => n === b[i]);

/** A stem for fewer channels, as one that ignores the others. */
function withMoreChannels(tensor: TorchTensor, [out, channels, height, width]: readonly number[]): TorchTensor {
  const area = height! * width!;
  const given = tensor.shape[1]!;
  const data = new Float32Array(out! * channels! * area);
  for (let o = 0; o < out!; o++) {
    for (let i = 0; i < given * area; i++) data[o * channels! * area + i] = tensor.data[o * given * area + i]!;
  }
  return { shape: [out!, channels!, height!, width!], data };
}

function isNarrowerStem({ name, shape }: TorchParameter, tensor: TorchTensor): boolean {
  const others = (of: readonly number[]): number[] => of.filter((_, axis) => axis !== 1);
  return (
    name === 'conv1.weight' &&
    tensor.shape.length === 4 &&
    tensor.shape[1]! < shape[1]! &&
    same(others(tensor.shape), others(shape))
  );
}

/**
 * Gives a model the weights of a PyTorch state dict with the same names, see `torchParameters`. Nothing is changed
 * unless everything fits.
 *
 * A stem of a ResNet is also found by its number of channels (3dhand's files hold two); one for an image alone serves a
 * network with heat maps, which then start with no influence.
 *
 * @param model from `createHandRegressor`
 * @param state from `torchStateDict`
 * @throws FileFormatError for a parameter that the file lacks, has in another shape, or with numbers that are not finite, and
 *   for a file of a deeper network, whose first blocks alone would be another one
 */
export function loadTorchWeights(
  model: LayersModel,
  state: TorchStateDict,
  options: LoadTorchWeightsOptions = {},
): LoadedTorchWeights {
  const { optionalLayers = ['fc'] } = options;
  const parameters = torchParameters(model);
  const names = parameters.map(({ name }) => name);
  const prefix = prefixOf(state, names);
  const used = new Set<string>();
  const kept: string[] = [];
  const ready: (() => void)[] = [];
  for (const parameter of parameters) {
    const { name, layer, shape, axes, variable } = parameter;
    let key = prefix + name;
    if (name === 'conv1.weight' && !same(state.get(key)?.shape ?? [], shape)) {
      key = stemOfShape(state, prefix, parameter) ?? key;
    }
    let tensor = state.get(key);
    if (tensor !== undefined && isNarrowerStem(parameter, tensor)) tensor = withMoreChannels(tensor, shape);
    if (tensor === undefined || !same(tensor.shape, shape)) {
      if (optionalLayers.includes(layer)) {
        kept.push(name);
        continue;
      }
      const found = tensor === undefined ? 'nothing of that name' : `shape [${tensor.shape.join(', ')}]`;
      throw new FileFormatError(
        `loadTorchWeights: expected ${name} of shape [${shape.join(', ')}] for ${model.name}, found ${found}.`,
        { expected: shape, actual: tensor?.shape },
      );
    }
    const wrong = Array.prototype.findIndex.call(tensor.data, (value: number) => !Number.isFinite(value));
    if (wrong >= 0) {
      throw new FileFormatError(
        `loadTorchWeights: expected finite numbers in ${name}, found ${tensor.data[wrong]} at place ${wrong}.`,
        { expected: 'finite', actual: tensor.data[wrong] },
      );
    }
    used.add(key);
    const values = transpose(tensor.data, shape, inverseAxes(axes));
    ready.push(() => tf.tidy(() => variable.assign(tf.tensor(values, variable.shape))));
  }
  const surplus = surplusOf(state, prefix, names);
  if (surplus !== undefined) {
    throw new FileFormatError(
      `loadTorchWeights: expected the weights of ${model.name}, found ${surplus} beside them, of a deeper network.`,
      { expected: names, actual: surplus },
    );
  }
  for (const assign of ready) assign();
  return {
    loaded: names.filter((name) => !kept.includes(name)),
    kept,
    unused: [...state.keys()].filter((key) => !used.has(key) && !COUNTER.test(key)),
  };
}
