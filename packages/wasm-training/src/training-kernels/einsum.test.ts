import * as tf from '@tensorflow/tfjs-core';
import { createRng } from '@opposable/tensor-checks';
import { registerWasmTrainingKernels } from '../register-wasm-training-kernels.js';
import { expectAsOnHost, growthOver50Runs, underGuards } from '../test-support/compare.js';

/* prettier-ignore */
const equations: [equation: string, shapes: number[][]][] = [
  ['ij,jk->ik', [[3, 4], [4, 5]]], ['ij,jk->ki', [[3, 4], [4, 5]]], ['ij,kj->ik', [[3, 4], [5, 4]]], ['bij,bjk->bik', [[2, 3, 4], [2, 4, 5]]],
  ['bij,jk->bik', [[2, 3, 4], [4, 5]]], ['bvd,vjd->bjv', [[2, 7, 3], [7, 4, 3]]], ['i,i->i', [[6], [6]]], ['i,i->', [[6], [6]]], ['i,j->ij', [[3], [5]]],
  ['ij->ji', [[3, 4]]], ['ij->i', [[3, 4]]], ['ij->', [[3, 4]]], ['ijk->kij', [[2, 3, 4]]], ['ij,j->i', [[70, 65], [65]]], ['ij,k->i', [[3, 4], [5]]],
  ['ij,ij->', [[3, 4], [3, 4]]], ['abc,cd->abd', [[2, 3, 4], [4, 1]]], [' ij , jk -> ik ', [[1, 1], [1, 1]]], ['ij,jk->ik', [[0, 4], [4, 5]]],
  ['ij,jk->ik', [[3, 0], [0, 5]]],
];

/** The sum over all letters, written as nested counting. */
function naive(equation: string, shapes: number[][]) {
  const [left, output] = equation.replace(/\s/g, '').split('->') as [string, string];
  const terms = left.split(',');
  const sizes = new Map(terms.flatMap((term, k) => [...term].map((letter, i) => [letter, shapes[k]![i]!] as const)));
  const letters = [...sizes.keys()];
  const index = (term: string, at: Map<string, number>) =>
    [...term].reduce((place, letter) => place * sizes.get(letter)! + at.get(letter)!, 0);
  return (factors: Float64Array[]): Float64Array => {
    const y = new Float64Array([...output].reduce((size, letter) => size * sizes.get(letter)!, 1));
    const visit = (depth: number, at: Map<string, number>): void => {
      if (depth === letters.length) {
        const product = factors.reduce((value, factor, k) => value * factor[index(terms[k]!, at)]!, 1);
        y[index(output, at)]! += product;
        return;
      }
      for (let i = 0; i < sizes.get(letters[depth]!)!; i++) visit(depth + 1, at.set(letters[depth]!, i));
    };
    visit(0, new Map());
    return y;
  };
}

describe('einsum', () => {
  beforeAll(async () => {
    await tf.setBackend('wasm');
    await tf.ready();
    registerWasmTrainingKernels();
  });

  // The cpu backend itself is wrong where a letter stands in one term alone and is summed, as k in 'ij,k->i'.
  const isLone = (equation: string) =>
    /^[^>]*,/.test(equation) &&
    [...equation.replace(/\s/g, '')].some(
      (letter, _, all) => /\w/.test(letter) && all.filter((l) => l === letter).length === 1,
    );
  const cases = equations.flatMap(([equation, shapes]) =>
    ['wasm', ...(isLone(equation) ? [] : ['cpu'])].map((backend) => ({
      backend,
      equation,
      shapes,
      sizes: JSON.stringify(shapes),
    })),
  );
  it.each(cases)(
    'on $backend: $equation of $sizes and its gradients equal float64 sums',
    async ({ backend, equation, shapes }) => {
      const rng = createRng(equation);
      const names = shapes.map((_, i) => String(i));
      const inputs = shapes.map((shape, i) => {
        const size = shape.reduce((x, y) => x * y, 1);
        return [names[i]!, { shape, values: Array.from({ length: size }, () => rng.normal()) }] as const;
      });
      const onHost = naive(equation, shapes);
      const check = () =>
        expectAsOnHost({
          inputs: Object.fromEntries(inputs),
          onTensors: (x) => tf.einsum(equation, ...names.map((name) => x[name]!)),
          onHost: (x) => onHost(names.map((name) => x[name]!)),
          differentiated: shapes.flat().every((size) => size > 0 && size < 10) ? names : [],
        });
      if (backend === 'wasm') return underGuards(check);
      await tf.setBackend(backend);
      return check();
    },
  );

  it('leaks nothing', async () => {
    await tf.setBackend('wasm');
    const [a, b] = [tf.ones([2, 3, 4]), tf.ones([5, 4])];
    const step = () => tf.tidy(() => tf.grads((x, y) => tf.einsum('bij,kj->ki', x, y))([a, b]));
    expect(growthOver50Runs(step)).toEqual({ tensors: 0, buffers: 0 });
  });
});
