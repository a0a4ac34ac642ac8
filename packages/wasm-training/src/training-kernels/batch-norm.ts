import * as tf from '@tensorflow/tfjs-core';
import { callKernel, wasmKernel } from '../kernels/kernel-calls.js';
import { type Backend, type Info, sizeOf } from '../wasm-backend.js';
import { reluGradient } from './relu-grad.js';
import { columnAffine, columnAffine2, columnMoments, columnProducts, tensorOf, valuesOf } from './columns.js';

// Notes, 786,432 elements: the shipped FusedBatchNorm takes 2.7 ms; as a 1×1 depthwise convolution with bias it took 0.16 ms,
// but that loses the small differences of large numbers, since it adds offset − mean·factor.

export const BATCH_NORM = 'OpposableBatchNorm';
export const BATCH_NORM_GRAD = 'OpposableBatchNormGrad';
export const BATCH_NORM_RELU = 'OpposableBatchNormRelu';
export const BATCH_NORM_RELU_GRAD = 'OpposableBatchNormReluGrad';
export const BATCH_NORM_SUMS = 'OpposableBatchNormSums';

interface FusedInputs {
  x: Info;
  mean: Info;
  variance: Info;
  offset?: Info | null;
  scale?: Info | null;
}

/** `tf.batchNorm` with one statistic per channel; anything else goes to the shipped kernel. */
export const fusedBatchNormKernel = wasmKernel<FusedInputs, tf.FusedBatchNormAttrs>(
  tf.FusedBatchNorm,
  ({ backend, inputs, attrs }) => {
    const { x, mean, variance, offset, scale } = inputs;
    const channels = x.shape[x.shape.length - 1]!;
    const perChannel = [mean, variance, offset, scale].every((tensor) => !tensor || sizeOf(tensor.shape) === channels);
    if (!perChannel || x.dtype !== 'float32' || sizeOf(x.shape) === 0) {
      return callKernel(backend, tf.FusedBatchNorm, inputs as unknown as Record<string, Info>, { ...attrs });
    }
    const factor = new Float64Array(valuesOf(backend, variance, channels));
    const gamma = scale ? valuesOf(backend, scale, channels) : undefined;
    for (let c = 0; c < channels; c++) factor[c] = (gamma?.[c] ?? 1) / Math.sqrt(factor[c]! + attrs.varianceEpsilon);
    return columnAffine(backend, x, perChannelOf(x), {
      shift: valuesOf(backend, mean, channels),
      factor,
      offset: offset ? valuesOf(backend, offset, channels) : new Float32Array(channels),
    });
  },
);

const perChannelOf = (x: Info) => {
  const inner = x.shape[x.shape.length - 1]!;
  return { outer: 1, count: sizeOf(x.shape) / inner, inner };
};

export interface BatchNormAttrs {
  epsilon: number;
}

interface Inputs {
  x: Info;
  scale: Info;
  offset: Info;
}

function normalize(
  backend: Backend,
  { x, scale, offset }: Inputs,
  { epsilon }: BatchNormAttrs,
  relu?: { residual: Info | undefined },
): Info[] {
  const columns = perChannelOf(x);
  const { mean, variance } = columnMoments(backend, x, columns);
  const gamma = valuesOf(backend, scale, columns.inner);
  const factor = variance.map((value, c) => gamma[c]! / Math.sqrt(value + epsilon));
  const by = { shift: mean, factor, offset: valuesOf(backend, offset, columns.inner) };
  const y = columnAffine(backend, x, columns, by, relu);
  return [y, tensorOf(backend, [columns.inner], mean), tensorOf(backend, [columns.inner], variance)];
}

/** Outputs y, mean and variance (divided by the count) of each channel. */
export const batchNormKernel = wasmKernel<Inputs, BatchNormAttrs>(BATCH_NORM, ({ backend, inputs, attrs }) =>
  normalize(backend, inputs, attrs),
);

/** The same with y = max(normalised + residual, 0): what stands around an addition in a residual network, in one pass. */
export const batchNormReluKernel = wasmKernel<Inputs & { residual?: Info }, BatchNormAttrs>(
  BATCH_NORM_RELU,
  ({ backend, inputs, attrs }) => normalize(backend, inputs, attrs, { residual: inputs.residual }),
);

interface GradInputs {
  dy: Info;
  x: Info;
  scale: Info;
  mean: Info;
  variance: Info;
}

/**
 * With r = 1/√(σ² + ε), s = Σ dy, t = Σ dy·(x − μ) over the M numbers of a channel:
 * dx = γ·r·(dy − s/M − (x − μ)·r²·t/M), dγ = r·t, dβ = s.
 *
 * @param target where dx is written: default a new tensor; may be dy
 * @returns dx, dγ, dβ
 */
function denormalize(
  backend: Backend,
  { dy, x, scale, mean, variance }: GradInputs,
  { epsilon }: BatchNormAttrs,
  target?: Info,
): Info[] {
  const columns = perChannelOf(x);
  const { inner: channels, count } = columns;
  const read = (tensor: Info) => valuesOf(backend, tensor, channels);
  const [gamma, shift] = [read(scale), read(mean)];
  const root = new Float64Array(read(variance)).map((value) => 1 / Math.sqrt(value + epsilon));
  const { sums, products } = columnProducts(backend, dy, x, columns, shift);
  const factor = root.map((r, c) => gamma[c]! * r);
  const by = {
    factor,
    shift,
    slope: factor.map((f, c) => (-f * root[c]! ** 2 * products[c]!) / count),
    offset: factor.map((f, c) => (-f * sums[c]!) / count),
  };
  const dx = columnAffine2(backend, dy, x, columns, by, target);
  return [dx, ...pair(backend, channels, [products.map((t, c) => t * root[c]!), sums])];
}

/** Outputs dx, dγ, dβ. */
export const batchNormGradKernel = wasmKernel<GradInputs, BatchNormAttrs>(
  BATCH_NORM_GRAD,
  ({ backend, inputs, attrs }) => denormalize(backend, inputs, attrs),
);

export interface BatchNormReluGradAttrs extends BatchNormAttrs {
  /** Whether a residual was added, whose derivative is wanted as well. */
  residual: boolean;
}

/** Outputs dx, dγ, dβ and, if asked for, that of the residual: dy where y > 0. */
export const batchNormReluGradKernel = wasmKernel<GradInputs & { y: Info }, BatchNormReluGradAttrs>(
  BATCH_NORM_RELU_GRAD,
  ({ backend, inputs, attrs }) => {
    const passed = reluGradient(backend, inputs.dy, inputs.y);
    const outputs = denormalize(backend, { ...inputs, dy: passed }, attrs, attrs.residual ? undefined : passed);
    return attrs.residual ? [...outputs, passed] : outputs;
  },
);

function pair(backend: Backend, channels: number, values: [Float64Array, Float64Array]): Info[] {
  return values.map((numbers) => tensorOf(backend, [channels], numbers));
}

/** Σ dy and Σ dy·(x − mean) of each channel: what the gradient of `tf.batchNorm` needs of the batch, in one pass. */
export const batchNormSumsKernel = wasmKernel<{ dy: Info; x: Info; mean: Info }, object>(
  BATCH_NORM_SUMS,
  ({ backend, inputs: { dy, x, mean } }) => {
    const channels = sizeOf(mean.shape);
    if (sizeOf(x.shape) === 0) return pair(backend, channels, [new Float64Array(channels), new Float64Array(channels)]);
    const columns = perChannelOf(x);
    const shift = valuesOf(backend, mean, columns.inner);
    const { sums, products } = columnProducts(backend, dy, x, columns, shift);
    return pair(backend, channels, [sums, products]);
  },
);

export const batchNormKernels: readonly tf.KernelConfig[] = [
  fusedBatchNormKernel,
  batchNormKernel,
  batchNormGradKernel,
  batchNormReluKernel,
  batchNormReluGradKernel,
  batchNormSumsKernel,
];
