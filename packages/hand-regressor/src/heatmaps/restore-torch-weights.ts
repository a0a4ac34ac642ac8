import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { FileFormatError } from '@opposable/tensor-checks';

/** An array of a PyTorch state dict, in row-major order. */
export interface StateArray {
  readonly data: ArrayLike<number>;
  readonly shape: readonly number[];
}

/** Where one weight of a layer stands in a state dict, and how its axes follow each other there. */
interface Place {
  readonly suffix: string;
  /** axes of PyTorch in the order of TensorFlow.js */
  readonly axes?: readonly number[];
}

const PLACES: Readonly<Record<string, readonly Place[]>> = {
  Conv2D: [{ suffix: 'weight', axes: [2, 3, 1, 0] }, { suffix: 'bias' }],
  BatchNormalization: [{ suffix: 'weight' }, { suffix: 'bias' }, { suffix: 'running_mean' }, { suffix: 'running_var' }],
};

/** Written by `nn.DataParallel`. */
const PARALLEL_PREFIX = 'module.';
/** What batch normalisation counts and no other framework does. */
const IGNORED_SUFFIX = '.num_batches_tracked';

function stateError(message: string, details: { expected?: unknown; actual?: unknown }): FileFormatError {
  return new FileFormatError(`restoreTorchWeights: ${message}`, details);
}

function without(prefix: string, name: string): string {
  return name.startsWith(prefix) ? name.slice(prefix.length) : name;
}

/** PyTorch's array as a tensor of the weight's shape. */
function toTensor(name: string, { data, shape }: StateArray, expected: readonly number[], { axes }: Place): tf.Tensor {
  const found = axes === undefined ? shape : axes.map((axis) => shape[axis] ?? 0);
  if (
    found.length !== expected.length ||
    shape.length !== expected.length ||
    found.some((size, i) => size !== expected[i])
  ) {
    const wanted = axes === undefined ? [...expected] : axes.map((_, i) => expected[axes.indexOf(i)]!);
    throw stateError(`expected ${name} of shape [${wanted.join(', ')}], got [${shape.join(', ')}].`, {
      expected: wanted,
      actual: shape,
    });
  }
  const tensor = tf.tensor(Float32Array.from(data), [...shape], 'float32');
  return axes === undefined ? tensor : tf.transpose(tensor, [...axes]);
}

/**
 * Puts a PyTorch state dict into a network whose layers carry the names of its modules: convolutions from [O, I, H, W] to
 * [H, W, I, O], batch normalisation with its running statistics. Nothing is written unless all fits.
 *
 * @param model for example `createHeatmapUNet({ variant: 'documented', … })`
 * @param state arrays by name, as `readTorchCheckpoint` of `@opposable/array-files` gives them; a leading `module.` is dropped
 * @throws FileFormatError naming an array that is missing, left over, or of another shape
 */
export function restoreTorchWeights(model: LayersModel, state: Readonly<Record<string, StateArray>>): void {
  const left = new Map(Object.entries(state).map(([name, array]) => [without(PARALLEL_PREFIX, name), array]));
  tf.tidy(() => {
    const writes: (() => void)[] = [];
    for (const layer of model.layers) {
      const places = PLACES[layer.getClassName()];
      layer.weights.forEach((weight, i) => {
        const place = places?.[i];
        if (place === undefined) throw stateError(`the layer ${layer.name} has no counterpart in PyTorch.`, {});
        const name = `${layer.name}.${place.suffix}`;
        const array = left.get(name);
        if (array === undefined) throw stateError(`expected an array ${name}, found none.`, { expected: name });
        left.delete(name);
        const value = toTensor(name, array, weight.shape as number[], place);
        writes.push(() => void weight.write(value));
      });
    }
    const [extra] = [...left.keys()].filter((name) => !name.endsWith(IGNORED_SUFFIX));
    if (extra !== undefined) {
      throw stateError(`expected only arrays of ${model.name}, found ${extra} as well.`, { actual: extra });
    }
    for (const write of writes) write();
  });
}
