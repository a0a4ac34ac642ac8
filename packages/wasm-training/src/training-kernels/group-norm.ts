import type * as tf from '@tensorflow/tfjs-core';
import { wasmKernel } from '../kernels/kernel-calls.js';
import { type Info, sizeOf } from '../wasm-backend.js';
import { columnAffine, columnAffine2, columnMoments, columnProducts, tensorOf, valuesOf } from './columns.js';

export const GROUP_NORM = 'OpposableGroupNorm';
export const GROUP_NORM_GRAD = 'OpposableGroupNormGrad';

export interface GroupNormAttrs {
  groups: number;
  epsilon: number;
}

const columnsOf = ({ shape }: Info) => {
  const [outer, inner] = [shape[0]!, shape[shape.length - 1]!];
  return { outer, count: sizeOf(shape) / (outer * inner), inner };
};

/** Outputs y [N, …, C], mean and variance [N, groups]. */
export const groupNormKernel = wasmKernel<{ x: Info; scale: Info; offset: Info }, GroupNormAttrs>(
  GROUP_NORM,
  ({ backend, inputs: { x, scale, offset }, attrs: { groups, epsilon } }) => {
    const columns = columnsOf(x);
    const { outer, inner } = columns;
    const size = inner / groups;
    const channel = columnMoments(backend, x, columns);
    const [gamma, beta] = [valuesOf(backend, scale, inner), valuesOf(backend, offset, inner)];
    const mean = new Float64Array(outer * groups);
    const variance = new Float64Array(outer * groups);
    const [shift, factor, added] = [1, 2, 3].map(() => new Float64Array(outer * inner)) as [
      Float64Array,
      Float64Array,
      Float64Array,
    ];
    for (let g = 0; g < outer * groups; g++) {
      const first = g * size;
      let total = 0;
      for (let i = first; i < first + size; i++) total += channel.mean[i]!;
      mean[g] = total / size;
      let squares = 0;
      for (let i = first; i < first + size; i++) squares += channel.variance[i]! + (channel.mean[i]! - mean[g]!) ** 2;
      variance[g] = squares / size;
      const root = 1 / Math.sqrt(variance[g]! + epsilon);
      for (let i = first; i < first + size; i++) {
        shift[i] = mean[g]!;
        factor[i] = gamma[i % inner]! * root;
        added[i] = beta[i % inner]!;
      }
    }
    const y = columnAffine(backend, x, columns, { shift, factor, offset: added });
    const shape = [outer, groups];
    return [y, tensorOf(backend, shape, mean), tensorOf(backend, shape, variance)];
  },
);

interface GradInputs {
  dy: Info;
  x: Info;
  scale: Info;
  mean: Info;
  variance: Info;
}

/**
 * With r = 1/√(σ² + ε), a = Σ γ·dy, b = Σ γ·dy·(x − μ) over the M numbers of a group:
 * dx = r·(γ·dy − a/M − (x − μ)·r²·b/M). Outputs dx, dγ, dβ.
 */
export const groupNormGradKernel = wasmKernel<GradInputs, GroupNormAttrs>(
  GROUP_NORM_GRAD,
  ({ backend, inputs: { dy, x, scale, mean, variance }, attrs: { groups, epsilon } }) => {
    const columns = columnsOf(x);
    const { outer, count, inner } = columns;
    const size = inner / groups;
    const gamma = valuesOf(backend, scale, inner);
    const means = valuesOf(backend, mean, outer * groups);
    const variances = valuesOf(backend, variance, outer * groups);
    const shift = new Float32Array(outer * inner).map((_, i) => means[Math.floor(i / size)]!);
    const { sums, products } = columnProducts(backend, dy, x, columns, shift);
    const [factor, slope, offset] = [1, 2, 3].map(() => new Float64Array(outer * inner)) as [
      Float64Array,
      Float64Array,
      Float64Array,
    ];
    const [dScale, dOffset] = [new Float64Array(inner), new Float64Array(inner)];
    for (let g = 0; g < outer * groups; g++) {
      const first = g * size;
      const root = 1 / Math.sqrt(variances[g]! + epsilon);
      let [a, b] = [0, 0];
      for (let i = first; i < first + size; i++) {
        const c = i % inner;
        a += gamma[c]! * sums[i]!;
        b += gamma[c]! * products[i]!;
        dScale[c]! += root * products[i]!;
        dOffset[c]! += sums[i]!;
      }
      const numbers = size * count;
      for (let i = first; i < first + size; i++) {
        factor[i] = gamma[i % inner]! * root;
        slope[i] = (-(root ** 3) * b) / numbers;
        offset[i] = (-root * a) / numbers;
      }
    }
    const dx = columnAffine2(backend, dy, x, columns, { factor, shift, slope, offset });
    return [dx, tensorOf(backend, [inner], dScale), tensorOf(backend, [inner], dOffset)];
  },
);

export const groupNormKernels: readonly tf.KernelConfig[] = [groupNormKernel, groupNormGradKernel];
