import { elementCount } from '../core/dtypes.js';
import { rowMajorStrides, walkStrided } from '../core/strides.js';

/** Numbers in row-major order. */
export interface FloatArrayOf {
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

/** What an operation needs of its surroundings: a way to refuse and a way to book memory and work. */
export interface Surroundings {
  fail(problem: string): never;
  take(bytes: number): void;
}

const shown = (shape: readonly number[]): string => `[${shape.join(', ')}]`;

function allocate(shape: readonly number[], surroundings: Surroundings): Float64Array {
  const count = elementCount(shape) ?? Infinity;
  surroundings.take(8 * count);
  return new Float64Array(count);
}

/** Elementwise `f(a, b)` with numpy's broadcasting. */
export function broadcast(
  a: FloatArrayOf,
  b: FloatArrayOf,
  f: (x: number, y: number) => number,
  surroundings: Surroundings,
): FloatArrayOf {
  const rank = Math.max(a.shape.length, b.shape.length);
  const sizes = [a, b].map(({ shape }) => [...new Array<number>(rank - shape.length).fill(1), ...shape]);
  const shape = sizes[0]!.map((size, axis) => {
    const other = sizes[1]![axis]!;
    if (size !== other && size !== 1 && other !== 1) {
      return surroundings.fail(`shapes ${shown(a.shape)} and ${shown(b.shape)} do not go together`);
    }
    return size === 1 ? other : size;
  });
  const data = allocate(shape, surroundings);
  const [aStrides, bStrides] = sizes.map((own) =>
    rowMajorStrides(own).map((stride, axis) => (own[axis] === 1 ? 0 : stride)),
  );
  walkStrided(shape, aStrides!, 0, (position, i) => (data[i] = a.data[position]!));
  walkStrided(shape, bStrides!, 0, (position, i) => (data[i] = f(data[i]!, b.data[position]!)));
  return { shape, data };
}

/** numpy's `dot`: the last axis of `a` against the only axis, or the last but one, of `b` (of one or two axes). */
export function dot(a: FloatArrayOf, b: FloatArrayOf, surroundings: Surroundings): FloatArrayOf {
  const inner = a.shape.at(-1);
  const [rows, columns = 1] = b.shape;
  if (inner === undefined || b.shape.length > 2 || rows !== inner) {
    return surroundings.fail(`the product of shapes ${shown(a.shape)} and ${shown(b.shape)} is asked for`);
  }
  const shape = [...a.shape.slice(0, -1), ...b.shape.slice(1)];
  surroundings.take(inner * (elementCount(shape) ?? Infinity));
  const data = allocate(shape, surroundings);
  for (let i = 0; i < data.length; i++) {
    const row = Math.floor(i / columns) * inner;
    const column = i % columns;
    let sum = 0;
    for (let k = 0; k < inner; k++) sum += a.data[row + k]! * b.data[k * columns + column]!;
    data[i] = sum;
  }
  return { shape, data };
}

/** Axes in another order; default reversed. */
export function transpose(
  a: FloatArrayOf,
  axes: readonly number[] | undefined,
  surroundings: Surroundings,
): FloatArrayOf {
  const rank = a.shape.length;
  const order = axes?.map((axis) => (axis < 0 ? axis + rank : axis)) ?? a.shape.map((_, axis) => rank - 1 - axis);
  if (order.length !== rank || new Set(order).size !== rank || order.some((axis) => a.shape[axis] === undefined)) {
    return surroundings.fail(`axes ${shown(order)} are asked of an array of shape ${shown(a.shape)}`);
  }
  const strides = rowMajorStrides(a.shape);
  const shape = order.map((axis) => a.shape[axis]!);
  const data = allocate(shape, surroundings);
  walkStrided(
    shape,
    order.map((axis) => strides[axis]!),
    0,
    (position, i) => (data[i] = a.data[position]!),
  );
  return { shape, data };
}

/** Arrays one after the other along an axis. */
export function concatenate(parts: readonly FloatArrayOf[], axis: number, surroundings: Surroundings): FloatArrayOf {
  const first = parts[0];
  const along = first !== undefined && axis < 0 ? axis + first.shape.length : axis;
  const fits = parts.every(
    ({ shape }) =>
      shape.length === first?.shape.length && shape.every((size, i) => i === along || size === first.shape[i]),
  );
  if (first?.shape[along] === undefined || !fits) {
    return surroundings.fail(
      `arrays of shapes ${parts
        .slice(0, 4)
        .map(({ shape }) => shown(shape))
        .join(', ')} are joined along axis ${axis}`,
    );
  }
  const shape = first.shape.map((size, i) =>
    i === along ? parts.reduce((sum, part) => sum + part.shape[i]!, 0) : size,
  );
  const data = allocate(shape, surroundings);
  const outer = elementCount(shape.slice(0, along))!;
  const inner = elementCount(shape.slice(along + 1))!;
  let start = 0;
  for (const part of parts) {
    const chunk = part.shape[along]! * inner;
    for (let i = 0; i < outer; i++) {
      data.set(part.data.subarray(i * chunk, (i + 1) * chunk), i * shape[along]! * inner + start);
    }
    start += chunk;
  }
  return { shape, data };
}

/** Sum over one axis, or over everything. */
export function sum(a: FloatArrayOf, axis: number | undefined, surroundings: Surroundings): FloatArrayOf {
  surroundings.take(a.data.length);
  if (axis === undefined)
    return { shape: [], data: Float64Array.of(a.data.reduce((total, value) => total + value, 0)) };
  const along = axis < 0 ? axis + a.shape.length : axis;
  const size = a.shape[along];
  if (size === undefined) return surroundings.fail(`axis ${axis} is asked of an array of shape ${shown(a.shape)}`);
  const shape = a.shape.filter((_, i) => i !== along);
  const data = allocate(shape, surroundings);
  const inner = elementCount(a.shape.slice(along + 1))!;
  a.data.forEach((value, i) => {
    const target = Math.floor(i / (inner * size)) * inner + (i % inner);
    data[target] = data[target]! + value;
  });
  return { shape, data };
}
