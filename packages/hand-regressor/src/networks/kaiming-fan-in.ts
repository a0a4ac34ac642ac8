import type { LayersModel } from '@tensorflow/tfjs-layers';
import { randomNormal, tidy, type Variable, zerosLike } from '@tensorflow/tfjs-core';
import type { Rng } from '@opposable/tensor-checks';

/** Values that one output of a kernel is summed of: [k, k, in, out], [k, k, C, 1] or [in, out]. */
function fanInOf(shape: readonly number[], isDepthwise: boolean): number {
  const [height, width, channels] = shape.length === 4 ? (shape as [number, number, number]) : [1, 1, shape[0]!];
  return isDepthwise ? height * width : height * width * channels;
}

/**
 * Draws every kernel of a model anew, normal with √(2 / fanIn), the head's too, and sets every bias to 0. Normalisations
 * stay as they are.
 */
export function initializeKaimingFanIn(model: LayersModel, rng: Rng): void {
  tidy(() => {
    for (const layer of model.layers) {
      for (const weight of layer.weights) {
        const variable = weight.read() as Variable;
        const own = weight.originalName.slice(weight.originalName.lastIndexOf('/') + 1);
        if (own === 'bias') variable.assign(zerosLike(variable));
        if (!own.endsWith('kernel')) continue;
        const deviation = Math.sqrt(2 / fanInOf(variable.shape, own === 'depthwise_kernel'));
        const seed = rng.split(layer.name).integer(1, 2 ** 31 - 1);
        variable.assign(randomNormal(variable.shape, 0, deviation, 'float32', seed));
      }
    }
  });
}
