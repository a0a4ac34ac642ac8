import type { PlainArray } from '@opposable/array-files';

function shapeOf(value: unknown): number[] | undefined {
  if (typeof value === 'number') return [];
  if (!Array.isArray(value) || value.length === 0) return undefined;
  const inner = shapeOf(value[0]);
  if (inner === undefined) return undefined;
  const same = value.every((item) => shapeOf(item)?.join() === inner.join());
  return same ? [value.length, ...inner] : undefined;
}

function asArray(value: readonly unknown[], shape: readonly number[]): PlainArray {
  const data = new Float64Array(shape.reduce((count, size) => count * size, 1));
  let at = 0;
  const fill = (item: unknown): void => {
    if (typeof item === 'number') data[at++] = item;
    else for (const part of item as readonly unknown[]) fill(part);
  };
  fill(value);
  return { dtype: 'float64', shape, data };
}

/** JSON with nested lists of numbers of one size as arrays. */
export function arraysInJson(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const shape = shapeOf(value);
    return shape === undefined ? value.map(arraysInJson) : asArray(value, shape);
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, arraysInJson(item)]));
}
