import * as tf from '@tensorflow/tfjs-core';

/** `'ij,jk->ik'` as its terms. */
function termsOf(equation: string): { inputs: string[]; output: string } {
  const [left, output] = equation.replace(/\s/g, '').split('->') as [string, string];
  return { inputs: left.split(','), output };
}

/** A letter that stands in no term. */
function unused(terms: string[]): string {
  return [...'abcdefghijklmnopqrstuvwxyz'].find((letter) => !terms.some((term) => term.includes(letter)))!;
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
        // A scalar becomes a vector of one number: a term needs a letter.
        const factors: [string, tf.Tensor][] = [output === '' ? [unused(inputs), tf.reshape(dy, [1])] : [output, dy]];
        inputs.forEach((other, k) => void (k === i ? undefined : factors.push([other, saved[k]!])));
        const known = [...term].filter((index) => factors.some(([names]) => names.includes(index)));
        const equation = `${factors.map(([names]) => names).join(',')}->${known.join('')}`;
        const part = tf.einsum(equation, ...factors.map(([, tensor]) => tensor));
        const { shape } = saved[i]!;
        const kept = shape.map((size, axis) => (known.includes(term[axis]!) ? size : 1));
        const reps = shape.map((size, axis) => (known.includes(term[axis]!) ? 1 : size));
        return tf.tile(tf.reshape(part, kept), reps);
      });
    return Object.fromEntries(saved.map((_, i) => [String(i), () => ofFactor(i)]));
  },
};
