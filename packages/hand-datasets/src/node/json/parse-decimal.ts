// JSON.parse takes about 80 ns for a number of seventeen digits, and makes an object of every list around it. Here the digits
// are read from the bytes: up to eighteen of them as two whole numbers, whose quotient by a power of ten is taken with its
// remainder. Measured on 63 numbers of a hand: 1.7 to 2.5 µs instead of 5.5.

/** 10^0 … 10^22, which are exact in float64. */
const POWERS = Float64Array.from({ length: 23 }, (_, i) => Number(`1e${i}`));
/** Upper half of each, with 26 bits (Veltkamp); the rest is the lower half. */
const SPLITTER = 2 ** 27 + 1;
const UPPER = POWERS.map((p) => p * SPLITTER - (p * SPLITTER - p));
const LOWER = POWERS.map((p, i) => p - UPPER[i]!);
/** Relative error that the correction may have; its own is below 2^-50. */
const DOUBT = 2 ** -48;

/**
 * The float64 next to (high · 10^k + low) · 10^exponent, if that is certain.
 *
 *     t + e = high · 10^k + low                      exact
 *     q = t / p,   p = 10^-exponent
 *     r = t − q · p                                  exact (Dekker 1971)
 *     value = q + (r + e) / p                        unless that lies too near the middle of two float64
 *
 * @param high first digits, below 10^9
 * @param low the digits after them, below 10^k
 * @param k number of digits in `low`, at most 9
 * @returns NaN where it is not certain
 */
export function decimalValue(high: number, low: number, k: number, exponent: number): number {
  const s = high * POWERS[k]!; // exact: high · 5^9 has less than 53 bits
  const t = s + low;
  const e = low - (t - s);
  if (exponent === 0) return t;
  if (exponent < -22 || exponent > 22) return t === 0 ? 0 : NaN;
  if (e === 0 && t <= Number.MAX_SAFE_INTEGER) return exponent < 0 ? t / POWERS[-exponent]! : t * POWERS[exponent]!;
  if (exponent > 0) return NaN;
  const p = POWERS[-exponent]!;
  const q = t / p;
  const shifted = q * SPLITTER;
  const upper = shifted - (shifted - q);
  const lower = q - upper;
  const product = q * p;
  const a = UPPER[-exponent]!;
  const b = LOWER[-exponent]!;
  const r = t - product - (upper * a - product + upper * b + lower * a + lower * b);
  const correction = (r + e) / p;
  const value = q + correction * (1 - DOUBT);
  return value === q + correction * (1 + DOUBT) ? value : NaN;
}
