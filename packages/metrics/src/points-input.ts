import { ConfigError, OpposableError, ShapeError } from '@opposable/tensor-checks';

/** Flags, one per point or error: 0 or false leaves it out, everything else takes it in. */
export type ValidityMask = ArrayLike<number | boolean>;

/** Checks a mask's length and returns it as a test; without a mask everything is valid. */
export function validity(mask: ValidityMask | undefined, count: number, operation: string): (index: number) => boolean {
  if (mask === undefined) return () => true;
  if (mask.length !== count) {
    throw new ShapeError(`${operation}: expected mask of ${count} flags, one per point, got ${mask.length}.`, {
      expected: count,
      actual: mask.length,
    });
  }
  return (index) => Boolean(mask[index]);
}

/** @throws OpposableError unless the coordinates of a point are finite */
export function checkPoint(
  points: ArrayLike<number>,
  index: number,
  dimension: number,
  operation: string,
  argument: string,
): void {
  for (let d = 0; d < dimension; d++) {
    const value = points[index * dimension + d]!;
    if (!Number.isFinite(value)) {
      throw new OpposableError(
        `${operation}: expected finite coordinates, got ${value} in ${argument} at point ${index}; a mask leaves points out.`,
        { expected: 'finite numbers', actual: value },
      );
    }
  }
}

/** Number of points of a flat array; @throws ShapeError if it is empty or not a multiple of the dimension. */
export function countPoints(points: ArrayLike<number>, dimension: number, operation: string, argument: string): number {
  if (!Number.isInteger(dimension) || dimension < 1) {
    throw new ConfigError(`${operation}: expected dimension to be a positive integer, got ${dimension}.`, {
      expected: 'integer >= 1',
      actual: dimension,
    });
  }
  const count = points.length / dimension;
  if (count === 0 || !Number.isInteger(count)) {
    throw new ShapeError(
      `${operation}: expected ${argument} as a flat array of N×${dimension} numbers with N >= 1, got ${points.length} numbers.`,
      { expected: ['N', dimension], actual: points.length },
    );
  }
  return count;
}

/**
 * Checks two arrays of corresponding points and their mask.
 *
 * @returns the number of points and which of them are valid, with at least one and all of those finite
 */
export function readPoints(
  predicted: ArrayLike<number>,
  target: ArrayLike<number>,
  operation: string,
  { dimension, mask }: { dimension: number; mask?: ValidityMask | undefined },
): { count: number; isValid: (index: number) => boolean } {
  const count = countPoints(predicted, dimension, operation, 'predicted');
  if (target.length !== predicted.length) {
    throw new ShapeError(
      `${operation}: expected predicted and target of the same length, got ${predicted.length} and ${target.length} numbers.`,
      { expected: predicted.length, actual: target.length },
    );
  }
  const isValid = validity(mask, count, operation);
  let validCount = 0;
  for (let i = 0; i < count; i++) {
    if (!isValid(i)) continue;
    validCount++;
    checkPoint(predicted, i, dimension, operation, 'predicted');
    checkPoint(target, i, dimension, operation, 'target');
  }
  if (validCount === 0) throw noValidPoint(operation, count);
  return { count, isValid };
}

/** Number of hands in `count` points; @throws ShapeError unless every hand has all of its points. */
export function countHands(count: number, jointCount: number, operation: string): number {
  const hands = count / jointCount;
  if (!Number.isInteger(jointCount) || jointCount < 1 || !Number.isInteger(hands)) {
    throw new ShapeError(
      `${operation}: expected a multiple of jointCount = ${jointCount} points, got ${count}; give jointCount for hands of another size.`,
      { expected: ['B', jointCount], actual: count },
    );
  }
  return hands;
}

export function noValidPoint(operation: string, count: number): OpposableError {
  return new OpposableError(`${operation}: expected at least one valid point, got a mask without any of ${count}.`, {
    expected: 'at least 1',
    actual: 0,
  });
}

/**
 * Calls `visit` with each valid error.
 *
 * @throws ShapeError for no errors or a mask of another length; OpposableError for an error that is not a finite number
 *   or for a mask without any valid one
 */
export function forEachError(
  errors: ArrayLike<number>,
  mask: ValidityMask | undefined,
  operation: string,
  visit: (error: number, index: number) => void,
): void {
  countPoints(errors, 1, operation, 'errors');
  const isValid = validity(mask, errors.length, operation);
  let validCount = 0;
  for (let i = 0; i < errors.length; i++) {
    if (!isValid(i)) continue;
    const error = errors[i]!;
    if (!Number.isFinite(error)) {
      throw new OpposableError(
        `${operation}: expected finite errors, got ${error} at index ${i}; give the mask with which the errors were computed.`,
        { expected: 'finite numbers', actual: error },
      );
    }
    validCount++;
    visit(error, i);
  }
  if (validCount === 0) throw noValidPoint(operation, errors.length);
}
