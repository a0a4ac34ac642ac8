import * as tf from '@tensorflow/tfjs-core';

/** Central differences in float64 of Σ weights ∘ f(x). */
export function centralDifferences(
  f: (x: Float64Array) => ArrayLike<number>,
  x: ArrayLike<number>,
  weights: ArrayLike<number>,
  step = 1e-6,
): number[] {
  const objective = (at: Float64Array) => Array.from(f(at)).reduce((sum, value, i) => sum + value * weights[i]!, 0);
  return Array.from(x, (_, i) => {
    const shifted = (by: number) => objective(Float64Array.from(x, (value, j) => (j === i ? value + by : value)));
    return (shifted(step) - shifted(-step)) / (2 * step);
  });
}

/** Gradient of Σ weights ∘ f(x) by the tape, on the current backend. */
export async function tapeGradient(
  f: (x: tf.Tensor) => tf.Tensor,
  x: tf.Tensor,
  weights: readonly number[],
): Promise<number[]> {
  const gradient = tf.grad((input: tf.Tensor) => {
    const y = f(input);
    return tf.sum(tf.mul(y, tf.reshape(tf.tensor1d([...weights]), y.shape)));
  })(x);
  const values = Array.from(await gradient.data());
  gradient.dispose();
  return values;
}

/** Largest |a − b| / max(1, |b|). */
export function worstError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) throw new Error(`lengths differ: ${actual.length} and ${expected.length}`);
  return Array.from(actual).reduce((worst, value, i) => {
    const error = Math.abs(value - expected[i]!) / Math.max(1, Math.abs(expected[i]!));
    return Number.isFinite(error) ? Math.max(worst, error) : Infinity;
  }, 0);
}
