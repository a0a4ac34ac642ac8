import { ConfigError, ShapeError } from '@opposable/tensor-checks';

export interface OneEuroOptions {
  /** Cut-off frequency for what stands still, hertz; smaller: smoother and slower. Default 1. */
  readonly minimumCutoff?: number | undefined;
  /** By how much the cut-off rises with speed, hertz per (unit per second); larger: quicker. Default 0. */
  readonly beta?: number | undefined;
  /** Cut-off frequency for the speed, hertz. Default 1. */
  readonly derivativeCutoff?: number | undefined;
}

/** A filter with a memory, for numbers that come again and again: keypoints, parameters. */
export interface OneEuroFilter {
  /**
   * @param values as many as at the first call, any unit
   * @param seconds time of the values, later than that of the call before
   * @returns the smoothed values; at the first call the values themselves
   */
  filter(values: ArrayLike<number>, seconds: number): Float64Array;
  /** Forgets everything, for when what is followed has been lost. */
  reset(): void;
}

/** Weight of the newest value in exponential smoothing with a cut-off: α = 1/(1 + τ/Δ), τ = 1/(2π·cutoff). */
function weightOf(cutoff: number, interval: number): number {
  const tau = 1 / (2 * Math.PI * cutoff);
  return 1 / (1 + tau / interval);
}

/**
 * The one-euro filter: exponential smoothing whose cut-off frequency rises with the speed, so that what rests does not tremble and
 * what moves does not lag.
 *
 *     speed = smoothed((x − x₋)/Δ; derivativeCutoff),   cutoff = minimumCutoff + beta·|speed|,   x̂ = smoothed(x; cutoff)
 *
 * Each number is filtered by itself. A value that is not finite is passed on and its memory begins anew.
 *
 * @throws ConfigError if a cut-off is not positive or β is negative; while filtering, if time does not go forward; ShapeError if
 *   the number of values changes
 * @see G. Casiez, N. Roussel, D. Vogel, 1€ Filter: A Simple Speed-based Low-pass Filter for Noisy Input in Interactive Systems,
 *   CHI 2012
 *
 * @example
 * const smooth = oneEuroFilter({ minimumCutoff: 1, beta: 0.01 });
 * smooth.filter([10, 20], 0); // → [10, 20]
 */
export function oneEuroFilter(options: OneEuroOptions = {}): OneEuroFilter {
  const { minimumCutoff = 1, beta = 0, derivativeCutoff = 1 } = options;
  if (!(minimumCutoff > 0 && derivativeCutoff > 0 && beta >= 0)) {
    throw new ConfigError(
      `oneEuroFilter: expected cut-offs above 0 and beta of at least 0, got ${minimumCutoff}, ${derivativeCutoff} and ${beta}.`,
      { expected: '> 0, > 0, >= 0', actual: options },
    );
  }
  let last: Float64Array | undefined;
  let raw: Float64Array | undefined;
  let speeds: Float64Array | undefined;
  let time = 0;
  return {
    filter(values, seconds) {
      if (last === undefined || raw === undefined || speeds === undefined) {
        last = Float64Array.from(values);
        raw = Float64Array.from(values);
        speeds = new Float64Array(values.length);
        time = seconds;
        return Float64Array.from(values);
      }
      if (values.length !== last.length) {
        throw new ShapeError(`oneEuroFilter: expected ${last.length} values as before, got ${values.length}.`, {
          expected: last.length,
          actual: values.length,
        });
      }
      const interval = seconds - time;
      if (!(interval > 0)) {
        throw new ConfigError(`oneEuroFilter: expected a time after ${time} s, got ${seconds} s.`, {
          expected: `> ${time}`,
          actual: seconds,
        });
      }
      const ofSpeed = weightOf(derivativeCutoff, interval);
      for (let i = 0; i < last.length; i++) {
        const value = values[i]!;
        if (!Number.isFinite(value) || !Number.isFinite(last[i]!)) {
          last[i] = value;
          speeds[i] = 0;
        } else {
          speeds[i] = speeds[i]! + ofSpeed * ((value - raw[i]!) / interval - speeds[i]!);
          const weight = weightOf(minimumCutoff + beta * Math.abs(speeds[i]!), interval);
          last[i] = last[i]! + weight * (value - last[i]!);
        }
        raw[i] = value;
      }
      time = seconds;
      return Float64Array.from(last);
    },
    reset() {
      last = raw = speeds = undefined;
    },
  };
}
