import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Rng } from '@opposable/tensor-checks';

/** Normalisations make what passes somewhat smaller: residual branches add to it again, and nothing grows through the layers. */
function rangeOf(name: string, shape: readonly number[]): [number, number] {
  if (name === 'gamma') return [0.4, 0.8];
  if (name === 'moving_variance') return [0.6, 1.4];
  if (!name.includes('kernel')) return [-0.2, 0.2];
  const fanIn = shape.reduce((a, b) => a * b, 1) / (name === 'depthwise_kernel' ? shape[2]! : shape.at(-1)!);
  const bound = Math.sqrt(6 / fanIn);
  return [-bound, bound];
}

/** Gives every weight random values, running averages and normalisations too: nothing stays at a value that hides a mistake. */
export function randomizeWeights(model: LayersModel, rng: Rng): void {
  tf.tidy(() => {
    for (const weight of model.weights) {
      const variable = weight.read() as tf.Variable;
      const own = weight.originalName.slice(weight.originalName.lastIndexOf('/') + 1);
      const [low, high] = rangeOf(own, variable.shape);
      const values = new Float32Array(variable.size);
      for (let i = 0; i < values.length; i++) values[i] = rng.uniform(low, high);
      variable.assign(tf.tensor(values, variable.shape));
    }
  });
}

/** Uniform in 0–1. */
export function randomImages(rng: Rng, shape: readonly number[]): Float32Array {
  return Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => rng.uniform(0, 1));
}

/** Largest |a − b| / max(1, |b|). */
export function largestError(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Infinity;
  let largest = 0;
  for (let i = 0; i < a.length; i++) {
    const error = Math.abs(a[i]! - b[i]!) / Math.max(1, Math.abs(b[i]!));
    largest = Math.max(largest, error); // NaN stays
  }
  return largest;
}
