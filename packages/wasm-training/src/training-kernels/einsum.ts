import * as tf from '@tensorflow/tfjs-core';
import { wasmKernel } from '../kernels/kernel-calls.js';
import { allocateZeros, type Backend, type Info, release, reshaped, sizeOf, withShape } from '../wasm-backend.js';

/** A tensor and the letter of each of its axes. */
interface Term {
  tensor: Info;
  letters: string[];
}

/** The registered kernel, whichever package it is from. */
function run(backend: Backend, name: string, inputs: Record<string, Info>, attrs: object): Info {
  const { kernelFunc } = tf.getKernel(name, 'wasm');
  return kernelFunc({ inputs, attrs: attrs as tf.NamedAttrMap, backend }) as Info;
}

/** Sums over the axes that no other term has and brings the others into the order asked for; always a tensor of its own. */
function arranged(backend: Backend, { tensor, letters }: Term, order: string[]): Info {
  const axis = letters.flatMap((letter, i) => (order.includes(letter) ? [] : [i]));
  const summed = axis.length > 0 ? run(backend, tf.Sum, { x: tensor }, { axis, keepDims: false }) : undefined;
  const left = letters.filter((letter) => order.includes(letter));
  const x = summed ?? tensor;
  const perm = order.map((letter) => left.indexOf(letter));
  if (perm.every((from, to) => from === to)) return summed ?? run(backend, tf.Identity, { x }, {});
  const out = run(backend, tf.Transpose, { x }, { perm });
  if (summed) release(backend, summed);
  return out;
}

/** One batched product: letters of both and of the result are its batch, those of both alone its inner dimension. */
function contract(backend: Backend, a: Term, b: Term, output: string[]): Info {
  const has = (term: Term) => (letter: string) => term.letters.includes(letter);
  const shared = a.letters.filter(has(b));
  const batch = shared.filter((letter) => output.includes(letter));
  const inner = shared.filter((letter) => !output.includes(letter));
  const rows = output.filter((letter) => has(a)(letter) && !has(b)(letter));
  const columns = output.filter((letter) => has(b)(letter) && !has(a)(letter));
  const sizes = new Map(
    [a, b].flatMap(({ tensor, letters }) => letters.map((letter, i) => [letter, tensor.shape[i]!])),
  );
  const shapeOf = (letters: string[]) => letters.map((letter) => sizes.get(letter)!);
  const [n, m, k, p] = [batch, rows, inner, columns].map((letters) => sizeOf(shapeOf(letters))) as [
    number,
    number,
    number,
    number,
  ];
  if (n * m * k * p === 0) return allocateZeros(backend, shapeOf(output));
  const left = arranged(backend, a, [...batch, ...rows, ...inner]);
  const right = arranged(backend, b, [...batch, ...inner, ...columns]);
  const product =
    m === 1 && k === 1 && p === 1
      ? run(backend, tf.Multiply, { a: reshaped(left, [n]), b: reshaped(right, [n]) }, {})
      : run(
          backend,
          tf.BatchMatMul,
          { a: reshaped(left, [n, m, k]), b: reshaped(right, [n, k, p]) },
          { transposeA: false, transposeB: false },
        );
  release(backend, left, right);
  const letters = [...batch, ...rows, ...columns];
  const result = { tensor: withShape(backend, product, shapeOf(letters)), letters };
  if (letters.every((letter, i) => letter === output[i])) return result.tensor;
  const out = arranged(backend, result, output);
  release(backend, product);
  return out;
}

/** `tf.einsum` of one or two terms (tfjs-core knows no more), as sums, transposes and one batched matrix product. */
export const einsumKernel = wasmKernel<Record<string, Info>, tf.EinsumAttrs>(
  tf.Einsum,
  ({ backend, inputs, attrs: { equation } }) => {
    const tensors = Object.values(inputs);
    const decoded = tf.backend_util.decodeEinsumEquation(equation, tensors.length);
    tf.backend_util.checkEinsumDimSizes(decoded.allDims.length, decoded.idDims, tensors as tf.Tensor[]);
    const [left, right] = equation.replace(/\s/g, '').split('->') as [string, string];
    const [a, b] = left.split(',').map((term, i) => ({ tensor: tensors[i]!, letters: [...term] })) as [Term, Term?];
    const output = [...right];
    return b ? contract(backend, a, b, output) : arranged(backend, a, output);
  },
);
