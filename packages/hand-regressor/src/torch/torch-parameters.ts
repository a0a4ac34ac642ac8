import type * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { OpposableError } from '@opposable/tensor-checks';

/** One weight of a model and what PyTorch calls it. */
export interface TorchParameter {
  /** PyTorch's name: `layer1.0.conv1.weight`. */
  readonly name: string;
  /** The layer's name: `layer1.0.conv1`. */
  readonly layer: string;
  /** PyTorch's shape: [out, in, k, k] of a convolution, [out, in] of a linear layer. */
  readonly shape: readonly number[];
  /** `axes[i]` is the axis here that PyTorch has at place i. */
  readonly axes: readonly number[];
  /** The variable itself, with the axes as TensorFlow.js has them. */
  readonly variable: tf.Variable;
}

interface Translation {
  readonly suffix: string;
  readonly axes: readonly number[];
}

const VECTOR = [0];
/** By the name that tfjs-layers gives a weight within its layer. */
const TRANSLATIONS: Readonly<Record<string, Readonly<Record<string, Translation>>>> = {
  Conv2D: { kernel: { suffix: 'weight', axes: [3, 2, 0, 1] }, bias: { suffix: 'bias', axes: VECTOR } },
  DepthwiseConv2D: {
    depthwise_kernel: { suffix: 'weight', axes: [2, 3, 0, 1] },
    bias: { suffix: 'bias', axes: VECTOR },
  },
  Dense: { kernel: { suffix: 'weight', axes: [1, 0] }, bias: { suffix: 'bias', axes: VECTOR } },
  BatchNormalization: {
    gamma: { suffix: 'weight', axes: VECTOR },
    beta: { suffix: 'bias', axes: VECTOR },
    moving_mean: { suffix: 'running_mean', axes: VECTOR },
    moving_variance: { suffix: 'running_var', axes: VECTOR },
  },
};

/**
 * Every weight of a model with PyTorch's name, shape and order of axes. A name is the layer's, a dot, and PyTorch's word:
 *
 *   conv  kernel [k, k, in, out]         `weight` [out, in, k, k]       depthwise [k, k, C, 1]   `weight` [C, 1, k, k]
 *   dense kernel [in, out]               `weight` [out, in]             bias                     `bias`
 *   batch norm gamma, beta               `weight`, `bias`               moving_mean, _variance   `running_mean`, `running_var`
 *
 * The ResNets and MobileNets of this package carry torchvision's layer names, so these are torchvision's parameter names.
 *
 * @throws OpposableError for a layer with weights that has no counterpart
 */
export function torchParameters(model: LayersModel): TorchParameter[] {
  return model.layers.flatMap((layer) =>
    layer.weights.map((weight): TorchParameter => {
      const own = weight.originalName.slice(weight.originalName.lastIndexOf('/') + 1);
      const translation = TRANSLATIONS[layer.getClassName()]?.[own];
      if (translation === undefined) {
        throw new OpposableError(
          `torchParameters: expected layers that PyTorch has too, got ${layer.getClassName()} "${layer.name}" with weight ${own}.`,
          { expected: Object.keys(TRANSLATIONS), actual: layer.getClassName() },
        );
      }
      const variable = weight.read() as tf.Variable;
      const { suffix, axes } = translation;
      const shape = axes.map((axis) => variable.shape[axis]!);
      return { name: `${layer.name}.${suffix}`, layer: layer.name, shape, axes, variable };
    }),
  );
}
