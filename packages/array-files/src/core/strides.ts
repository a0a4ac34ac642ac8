/** Elements from one index to the next along each axis of a row-major array. */
export function rowMajorStrides(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= shape[axis]!;
  }
  return strides;
}

/** Whether a view with these strides is row-major without gaps; the strides of axes of one element do not matter. */
export function isRowMajor(shape: readonly number[], strides: readonly number[]): boolean {
  const expected = rowMajorStrides(shape);
  return shape.every((size, axis) => size === 1 || strides[axis] === expected[axis]);
}

/** Visits a strided view in row-major order: `visit(position, i)` with each element's position and number. */
export function walkStrided(
  shape: readonly number[],
  strides: readonly number[],
  offset: number,
  visit: (position: number, i: number) => void,
): void {
  const count = shape.reduce((product, size) => product * size, 1);
  const index = shape.map(() => 0);
  let position = offset;
  for (let i = 0; i < count; i++) {
    visit(position, i);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      position += strides[axis]!;
      if (++index[axis]! < shape[axis]!) break;
      position -= strides[axis]! * shape[axis]!;
      index[axis] = 0;
    }
  }
}
