import { allocate, type Backend, heapIndex, heapOf, type Info } from '../wasm-backend.js';
import { offsetOf, scratchParts, viewOf } from './scratch.js';
import { training } from './training-module.js';

/** A tensor seen as [outer, count, inner]; sums go over the middle. */
export interface Columns {
  outer: number;
  count: number;
  inner: number;
}

/** A slab of count · inner numbers is walked in rows of this many, so that every vector meets the same columns. */
export function periodOf({ inner }: Columns): number {
  const wide = leastCommonMultiple(inner, 16);
  return wide <= 64 ? wide : leastCommonMultiple(inner, 4);
}

function leastCommonMultiple(a: number, b: number): number {
  let [x, y] = [a, b];
  while (y !== 0) [x, y] = [y, x % y];
  return (a / x) * b;
}

/** out[o, c] = scale · Σ_i x[o, i, c] as a new tensor [outer, inner]; summed in single precision by 128, then in double. */
export function sumColumns(backend: Backend, x: Info, columns: Columns, scale: number): Info {
  const { outer, count, inner } = columns;
  const period = periodOf(columns);
  const out = allocate(backend, [outer, inner]);
  const [sums] = scratchParts(backend, 8 * outer * period);
  const kernels = training(backend);
  kernels.columnSums(offsetOf(backend, x), outer, count * inner, period, sums);
  kernels.foldColumns(sums, outer, period, inner, scale, offsetOf(backend, out));
  return out;
}

/** Numbers by [outer, inner] in double precision. */
export type ColumnValues = Float64Array<ArrayBuffer>;

/** Mean and variance (divided by count) over the middle axis. */
export function columnMoments(
  backend: Backend,
  x: Info,
  columns: Columns,
): { mean: ColumnValues; variance: ColumnValues } {
  const { outer, count, inner } = columns;
  const period = periodOf(columns);
  const size = outer * period;
  const [sums, squares, shiftAt] = scratchParts(backend, 8 * size, 8 * size, 4 * size);
  const shift = firstRows(backend, x, columns);
  spread(backend, shiftAt, shift, columns);
  training(backend).columnMoments(offsetOf(backend, x), outer, count * inner, period, shiftAt, sums, squares);
  const mean = fold(viewOf.doubles(backend, sums, size), columns);
  const variance = fold(viewOf.doubles(backend, squares, size), columns);
  for (let i = 0; i < mean.length; i++) {
    const difference = mean[i]! / count;
    variance[i] = Math.max(0, variance[i]! / count - difference * difference);
    mean[i] = shift[i]! + difference;
  }
  return { mean, variance };
}

/** Σ dy and Σ dy·(x − shift) over the middle axis. */
export function columnProducts(
  backend: Backend,
  dy: Info,
  x: Info,
  columns: Columns,
  shift: ArrayLike<number>,
): { sums: ColumnValues; products: ColumnValues } {
  const { outer, count, inner } = columns;
  const period = periodOf(columns);
  const size = outer * period;
  const [sums, products, shiftAt] = scratchParts(backend, 8 * size, 8 * size, 4 * size);
  spread(backend, shiftAt, shift, columns);
  const [dyAt, xAt] = [offsetOf(backend, dy), offsetOf(backend, x)];
  training(backend).columnProducts(dyAt, xAt, outer, count * inner, period, shiftAt, sums, products);
  const result = {
    sums: fold(viewOf.doubles(backend, sums, size), columns),
    products: fold(viewOf.doubles(backend, products, size), columns),
  };
  // The kernel has subtracted the shift as rounded to single precision.
  for (let i = 0; i < shift.length; i++) {
    result.products[i]! -= result.sums[i]! * (shift[i]! - Math.fround(shift[i]!));
  }
  return result;
}

/** Numbers by [outer, inner]. */
type Coefficients = ArrayLike<number>;

/** y = (x − shift)·factor + offset; with `relu`, max(… + residual, 0). */
export function columnAffine(
  backend: Backend,
  x: Info,
  columns: Columns,
  by: Record<'shift' | 'factor' | 'offset', Coefficients>,
  relu?: { residual: Info | undefined },
): Info {
  const { outer, count, inner } = columns;
  const y = allocate(backend, x.shape);
  const period = periodOf(columns);
  const bytes = 4 * outer * period;
  const [shift, factor, offset] = scratchParts(backend, bytes, bytes, bytes);
  spread(backend, shift, by.shift, columns);
  spread(backend, factor, by.factor, columns);
  spread(backend, offset, by.offset, columns);
  const [from, to] = [offsetOf(backend, x), offsetOf(backend, y)];
  const length = count * inner;
  const kernels = training(backend);
  if (relu === undefined) kernels.columnAffine(from, outer, length, period, shift, factor, offset, to);
  else {
    const residual = relu.residual ? offsetOf(backend, relu.residual) : 0;
    kernels.columnAffineRelu(from, outer, length, period, shift, factor, offset, residual, to);
  }
  return y;
}

/** dx = dy·factor + (x − shift)·slope + offset, written to `dx`: a new tensor, or dy itself. */
export function columnAffine2(
  backend: Backend,
  dy: Info,
  x: Info,
  columns: Columns,
  by: Record<'factor' | 'shift' | 'slope' | 'offset', Coefficients>,
  dx: Info = allocate(backend, x.shape),
): Info {
  const { outer, count, inner } = columns;
  const period = periodOf(columns);
  const bytes = 4 * outer * period;
  const [factor, shift, slope, offset] = scratchParts(backend, bytes, bytes, bytes, bytes);
  spread(backend, factor, by.factor, columns);
  spread(backend, shift, by.shift, columns);
  spread(backend, slope, by.slope, columns);
  spread(backend, offset, by.offset, columns);
  const [dyAt, xAt, dxAt] = [offsetOf(backend, dy), offsetOf(backend, x), offsetOf(backend, dx)];
  training(backend).columnAffine2(dyAt, xAt, outer, count * inner, period, factor, shift, slope, offset, dxAt);
  return dx;
}

/** The numbers of a tensor as they are now; a copy. */
export function valuesOf(backend: Backend, tensor: Info, count: number): Float32Array {
  const start = heapIndex(backend, tensor);
  return heapOf(backend).slice(start, start + count);
}

/** A new tensor from numbers. */
export function tensorOf(backend: Backend, shape: number[], values: ArrayLike<number>): Info {
  const out = allocate(backend, shape);
  heapOf(backend).set(values, heapIndex(backend, out));
  return out;
}

function firstRows(backend: Backend, x: Info, { outer, count, inner }: Columns): Float32Array {
  const heap = heapOf(backend);
  const start = heapIndex(backend, x);
  const rows = new Float32Array(outer * inner);
  for (let o = 0; o < outer; o++) {
    const from = start + o * count * inner;
    rows.set(heap.subarray(from, from + inner), o * inner);
  }
  return rows;
}

/** Writes [outer, inner], repeated to [outer, period], into the memory. */
function spread(backend: Backend, at: number, values: Coefficients, columns: Columns): void {
  const { outer, inner } = columns;
  const period = periodOf(columns);
  const target = viewOf.floats(backend, at, outer * period);
  for (let o = 0; o < outer; o++) {
    const row = o * period;
    for (let c = 0; c < inner; c++) target[row + c] = values[o * inner + c]!;
    for (let done = inner; done < period; done *= 2) {
      target.copyWithin(row + done, row, row + Math.min(done, period - done));
    }
  }
}

/** [outer, period] summed to [outer, inner]. */
function fold(sums: Float64Array, columns: Columns): ColumnValues {
  const { outer, inner } = columns;
  const period = periodOf(columns);
  const totals = new Float64Array(outer * inner);
  for (let o = 0; o < outer; o++) {
    for (let j = 0, c = 0; j < period; j++) {
      totals[o * inner + c]! += sums[o * period + j]!;
      if (++c === inner) c = 0;
    }
  }
  return totals;
}
