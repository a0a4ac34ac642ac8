import type * as tf from '@tensorflow/tfjs-core';
import { add, mul, tensor1d, tidy } from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';
import { ConfigError } from '@opposable/tensor-checks';

export interface OutputAffineConfig {
  name?: string;
  /** Added to every row: the prior of each output. */
  offset: readonly number[];
  /** Multiplies every row before the offset: the size of a typical deviation from the prior. */
  scale: readonly number[];
}

/**
 * A layer without weights: y = offset + scale ⊙ x over the last axis.
 *
 * 3dhand adds a constant mean vector to its last linear layer; a scale beside it lets a small step size reach pixels and
 * radians alike. With scale 1 this is the original head.
 */
export class OutputAffine extends layers.Layer {
  static readonly className = 'OpposableOutputAffine';
  private readonly offset: readonly number[];
  private readonly scale: readonly number[];

  constructor(config: OutputAffineConfig) {
    super(config.name === undefined ? {} : { name: config.name });
    if (config.offset.length !== config.scale.length) {
      throw new ConfigError(
        `OutputAffine: expected offset and scale of the same length, got ${config.offset.length} and ${config.scale.length}.`,
        { expected: config.offset.length, actual: config.scale.length },
      );
    }
    this.offset = [...config.offset];
    this.scale = [...config.scale];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tidy(() => {
      const x = Array.isArray(inputs) ? inputs[0]! : inputs;
      return add(mul(x, tensor1d([...this.scale])), tensor1d([...this.offset]));
    });
  }

  override computeOutputShape(inputShape: (number | null)[]): (number | null)[] {
    return inputShape;
  }

  override getConfig(): ReturnType<layers.Layer['getConfig']> {
    return { ...super.getConfig(), offset: [...this.offset], scale: [...this.scale] };
  }
}
