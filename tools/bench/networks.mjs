import { createHandRegressor } from '@opposable/hand-regressor';
import { createRng } from '@opposable/tensor-checks';

export const BATCH = 32;

/** The networks whose layers are measured. The small one computes at a size of its own whatever its input. */
export const NETWORKS = [
  { name: 'small', options: { encoder: 'small', inputSize: 128 } },
  { name: 'ResNet-18, 64 px', options: { encoder: 'resnet18', inputSize: 64 } },
];

export function createNetwork({ options }) {
  return createHandRegressor({ ...options, rng: createRng(1) });
}

/** Every convolution of a model, as its shapes at batch {@link BATCH}. */
export function convolutionsOf(model) {
  return model.layers
    .filter((layer) => layer.getClassName() === 'Conv2D')
    .map((layer) => {
      const filter = layer.getWeights()[0].shape;
      const [, height, width] = layer.input.shape;
      const [, outHeight, outWidth] = layer.output.shape;
      const [kernelHeight, kernelWidth, channels, filters] = filter;
      const stride = layer.strides[0];
      return {
        name: layer.name,
        input: [BATCH, height, width, channels],
        output: [BATCH, outHeight, outWidth, filters],
        filter,
        stride,
        pad: layer.padding,
        label: `${height}×${width}×${channels}→${filters}, ${kernelHeight}×${kernelWidth}${stride > 1 ? ` /${stride}` : ''}`,
        flop: 2 * BATCH * outHeight * outWidth * kernelHeight * kernelWidth * channels * filters,
      };
    });
}

/** Floating-point operations of the matrix products of the dense layers, forward. */
export function denseFlop(model) {
  return model.layers
    .filter((layer) => layer.getClassName() === 'Dense')
    .reduce((sum, layer) => sum + 2 * BATCH * layer.getWeights()[0].size, 0);
}
