import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';
import { upsampleBilinear } from './upsample-bilinear.js';

/**
 * A layer without weights: [B, H, W, C] → [B, 2H, 2W, C] by {@link upsampleBilinear}. `layers.upSampling2d` would take the
 * corners' convention of older TensorFlow, which shifts the maps by a quarter of a pixel at every step.
 */
export class UpsampleBilinear extends layers.Layer {
  static readonly className = 'OpposableUpsampleBilinear';

  constructor(config: { name?: string } = {}) {
    super(config.name === undefined ? {} : { name: config.name });
  }

  override call(inputs: Tensor | Tensor[]): Tensor {
    return upsampleBilinear((Array.isArray(inputs) ? inputs[0]! : inputs) as Tensor4D);
  }

  override computeOutputShape(inputShape: (number | null)[]): (number | null)[] {
    const [batch, height, width, channels] = inputShape;
    const twice = (side: number | null): number | null => (side === null ? null : 2 * side);
    return [batch!, twice(height!), twice(width!), channels!];
  }
}
