import * as tf from '@tensorflow/tfjs-core';

/** `'ij,jk->ik'` as its terms. */
function termsOf(equation: string): { inputs: string[]; output: string } {
  const [left, output] = equation.replace(/\s/g, '').split('->') as [string, string];
  return { inputs: left.split(','), output };
}

function contract(factors: (readonly [string, tf.Tensor])[], output: string): tf.Tensor | undefined {
  const [first] = factors;
  if (first === undefined) return undefined;
  if (factors.length === 1 && first[0] === output) return first[1];
  const letters = factors.map(([term]) => term).join(',');
  return tf.einsum(`${letters}->${output}`, ...factors.map(([, tensor]) => tensor));
}

/**
 * Gradient of `tf.einsum`, which tfjs-core has on no backend: that with respect to one factor is the einsum of dy with the
 * other factor, spread over the indices that only this factor has.
 */
export const einsumGradConfig: tf.GradConfig = {
  kernelName: tf.Einsum,
  saveAllInputs: true,
  gradFunc: (dyOrDys, saved, attrs) => {
    const dy = dyOrDys as tf.Tensor;
    const { inputs, output } = termsOf(attrs['equation'] as unknown as string);
    const ofFactor = (i: number): tf.Tensor =>
      tf.tidy(() => {
        const term = inputs[i]!;
        const others = inputs.flatMap((other, k) => (k === i ? [] : [[other, saved[k]!] as const]));
        // A scalar has no letters to write: it is multiplied at the end.
        const factors = output === '' ? others : [[output, dy] as const, ...others];
        const known = [...term].filter((letter) => factors.some(([letters]) => letters.includes(letter)));
        const product = contract(factors, known.join(''));
        const part = output === '' ? (product ? tf.mul(product, dy) : dy) : product!;
        const { shape } = saved[i]!;
        const kept = shape.map((size, axis) => (known.includes(term[axis]!) ? size : 1));
        const reps = shape.map((size, axis) => (known.includes(term[axis]!) ? 1 : size));
        return tf.tile(tf.reshape(part, kept), reps);
      });
    return Object.fromEntries(saved.map((_, i) => [String(i), () => ofFactor(i)]));
  },
};
