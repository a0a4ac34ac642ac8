import { ShapeError } from '@opposable/tensor-checks';

/** The number of points in a flat N×`size` array; @throws ShapeError if the length is not a multiple of `size`. */
export function countPoints(points: ArrayLike<number>, size: number, operation: string, argument: string): number {
  const count = points.length / size;
  if (!Number.isInteger(count)) {
    throw new ShapeError(
      `${operation}: expected ${argument} as a flat array of N×${size} numbers, got ${points.length} numbers.`,
      { expected: ['N', size], actual: points.length },
    );
  }
  return count;
}
