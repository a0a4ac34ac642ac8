import { ConfigError, OpposableError, ShapeError } from '@opposable/tensor-checks';

export interface AreaUnderCurveOptions {
  /** Begin of the range, within the thresholds. Default: the first threshold. */
  readonly from?: number | undefined;
  /** End of the range, within the thresholds. Default: the last threshold. */
  readonly to?: number | undefined;
}

/**
 * Area under a curve by the trapezoid rule, divided by the width of the range: 1 for a PCK curve that is 1 throughout.
 *
 * Where `from` or `to` lies between two thresholds, the curve is interpolated linearly.
 *
 * @param thresholds [T] strictly ascending, T >= 2, any unit
 * @param values [T], for example of `pckCurve`
 * @param options from, to, in the unit of the thresholds
 * @returns without unit
 * @throws ShapeError for fewer than 2 points or lengths that differ; OpposableError for numbers that are not finite;
 *   ConfigError for thresholds that do not ascend or a range outside of them
 *
 * @example
 * areaUnderCurve([0, 10, 20], [0, 1, 1]); // → 0.75
 * areaUnderCurve([0, 10, 20], [0, 1, 1], { from: 5 }); // → (5 * 0.75 + 10 * 1) / 15
 */
export function areaUnderCurve(
  thresholds: ArrayLike<number>,
  values: ArrayLike<number>,
  options: AreaUnderCurveOptions = {},
): number {
  const count = thresholds.length;
  if (count < 2 || values.length !== count) {
    throw new ShapeError(
      `areaUnderCurve: expected at least 2 thresholds and as many values, got ${count} and ${values.length}.`,
      { expected: ['T >= 2', 'T'], actual: [count, values.length] },
    );
  }
  for (let i = 0; i < count; i++) {
    if (!Number.isFinite(thresholds[i]!) || !Number.isFinite(values[i]!)) {
      throw new OpposableError(
        `areaUnderCurve: expected finite numbers, got value ${values[i]} at threshold ${thresholds[i]}, index ${i}.`,
        { expected: 'finite numbers', actual: [thresholds[i], values[i]] },
      );
    }
    if (i > 0 && thresholds[i]! <= thresholds[i - 1]!) {
      throw new ConfigError(
        `areaUnderCurve: expected strictly ascending thresholds, got ${thresholds[i]} after ${thresholds[i - 1]}.`,
        { expected: 'strictly ascending', actual: Array.from(thresholds) },
      );
    }
  }
  const [first, last] = [thresholds[0]!, thresholds[count - 1]!];
  const { from = first, to = last } = options;
  if (!(first <= from && from < to && to <= last)) {
    throw new ConfigError(
      `areaUnderCurve: expected a range within the thresholds ${first} … ${last}, got ${from} … ${to}.`,
      { expected: [first, last], actual: [from, to] },
    );
  }
  let area = 0;
  for (let i = 1; i < count; i++) {
    const [left, right] = [thresholds[i - 1]!, thresholds[i]!];
    const [begin, end] = [Math.max(left, from), Math.min(right, to)];
    if (begin >= end) continue;
    const slope = (values[i]! - values[i - 1]!) / (right - left);
    const middle = values[i - 1]! + slope * ((begin + end) / 2 - left);
    area += middle * (end - begin);
  }
  return area / (to - from);
}
