/** The largest |a − b|; infinite if the lengths differ, NaN kept. */
export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Infinity;
  let largest = 0;
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs(a[i]! - b[i]!);
    largest = Math.max(largest, difference); // NaN stays
  }
  return largest;
}

/** The largest |a − b| / max(|b|, median |b|). */
export function gradientError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  const sorted = Array.from(expected, Math.abs).sort((a, b) => a - b);
  const median = sorted[sorted.length >> 1]!;
  return largestDifference(
    Array.from(expected, (b, i) => actual[i]! / Math.max(Math.abs(b), median)),
    Array.from(expected, (b) => b / Math.max(Math.abs(b), median)),
  );
}
