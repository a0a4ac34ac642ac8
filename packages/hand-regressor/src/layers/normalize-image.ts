import type * as tf from '@tensorflow/tfjs-core';
import { div, sub, tensor1d, tidy } from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';

export interface NormalizeImageConfig {
  name?: string;
  /** Subtracted from each of the first channels. */
  mean: readonly number[];
  /** Divides each of the first channels. */
  deviation: readonly number[];
}

/**
 * A layer without weights: (x − mean) / deviation of the first channels. Channels beyond them (heat maps) pass unchanged.
 * [B, H, W, C] → the same shape. It is part of the model, so that whoever loads it feeds RGB in 0–1 and nothing else.
 */
export class NormalizeImage extends layers.Layer {
  static readonly className = 'OpposableNormalizeImage';
  private readonly mean: readonly number[];
  private readonly deviation: readonly number[];

  constructor(config: NormalizeImageConfig) {
    super(config.name === undefined ? {} : { name: config.name });
    this.mean = [...config.mean];
    this.deviation = [...config.deviation];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tidy(() => {
      const x = Array.isArray(inputs) ? inputs[0]! : inputs;
      const beyond = Math.max(0, x.shape[3]! - this.mean.length);
      const mean = tensor1d([...this.mean, ...new Array<number>(beyond).fill(0)]);
      const deviation = tensor1d([...this.deviation, ...new Array<number>(beyond).fill(1)]);
      return div(sub(x, mean), deviation);
    });
  }

  override computeOutputShape(inputShape: (number | null)[]): (number | null)[] {
    return inputShape;
  }

  override getConfig(): ReturnType<layers.Layer['getConfig']> {
    return { ...super.getConfig(), mean: [...this.mean], deviation: [...this.deviation] };
  }
}
