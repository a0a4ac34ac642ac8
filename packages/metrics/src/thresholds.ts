import { ConfigError } from '@opposable/tensor-checks';

/**
 * `count` numbers from `start` to `end`, both included, at equal steps.
 *
 * @throws ConfigError unless `count` is an integer of at least 2
 *
 * @example
 * linspace(0, 1, 5); // → [0, 0.25, 0.5, 0.75, 1]
 */
export function linspace(start: number, end: number, count: number): number[] {
  if (!Number.isInteger(count) || count < 2) {
    throw new ConfigError(`linspace: expected count to be an integer of at least 2, got ${count}.`, {
      expected: 'integer >= 2',
      actual: count,
    });
  }
  return Array.from({ length: count }, (_, i) => (i === count - 1 ? end : start + (i * (end - start)) / (count - 1)));
}

/**
 * Thresholds of FreiHAND's and HO-3D's AUC: 100 from 0 to 50 mm.
 *
 * @returns millimetres
 *
 * @example
 * freihandThresholdsMm().length; // → 100
 */
export function freihandThresholdsMm(): number[] {
  return linspace(0, 50, 100);
}

/**
 * Thresholds of the reference evaluation for STB and RHD: 20 from 0 to 50 mm. Their AUC is over the whole range.
 *
 * @returns millimetres
 *
 * @example
 * stbThresholdsMm()[19]; // → 50
 */
export function stbThresholdsMm(): number[] {
  return linspace(0, 50, 20);
}

/**
 * The part of the STB thresholds that plots "from 20 to 50 mm" show: index 8 (21.05 mm) to 19 (50 mm).
 *
 * Curves over whole millimetres, such as those published for 3dhand, do begin at 20; there
 * `areaUnderCurve(…, { from: 20, to: 50 })`.
 *
 * @returns 12 thresholds in millimetres
 *
 * @example
 * stbPlotThresholdsMm().length; // → 12
 */
export function stbPlotThresholdsMm(): number[] {
  return stbThresholdsMm().slice(8);
}
