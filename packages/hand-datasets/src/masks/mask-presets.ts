import { ConfigError } from '@opposable/tensor-checks';

/** What GrabCut is told at the start, and how long it works. Widths are fractions of the image's longer side. */
export interface MaskSettings {
  /** Width of the band around every bone in which the hand is looked for. */
  readonly band: number;
  /** Width of the line along every bone that belongs to the hand for certain. */
  readonly core: number;
  /** Whether a core stays where the band of a bone that is drawn later covers it. */
  readonly coresOverBands: boolean;
  readonly iterations: number;
}

/**
 * - `3dhand`: as the published masks of 3dhand were made: bands of 70 and cores of 1 pixel at 320, 5 iterations.
 * - `narrow`: bands of 50 pixels at 320 and every core kept: for backgrounds of the colours of the hand.
 */
export const MASK_PRESETS = {
  '3dhand': { band: 70 / 320, core: 1 / 320, coresOverBands: false, iterations: 5 },
  narrow: { band: 50 / 320, core: 1 / 320, coresOverBands: true, iterations: 5 },
} as const satisfies Record<string, MaskSettings>;

export type MaskPreset = keyof typeof MASK_PRESETS;

export interface MaskOptions extends Partial<MaskSettings> {
  /** Default '3dhand'. Single settings override it. */
  readonly preset?: MaskPreset | undefined;
  /** Seed of the first clustering of colours, a 32-bit integer. Default 0, which is how OpenCV starts. */
  readonly seed?: number | undefined;
}

/** A preset's settings with single ones replaced. @throws ConfigError naming what is not accepted */
export function resolveMaskOptions(options: MaskOptions, operation: string): MaskSettings & { readonly seed: number } {
  const { preset = '3dhand', seed = 0 } = options;
  if (!Object.hasOwn(MASK_PRESETS, preset)) {
    const known = Object.keys(MASK_PRESETS);
    throw new ConfigError(`${operation}: expected a preset of ${known.join(', ')}, got '${preset}'.`, {
      expected: known,
      actual: preset,
    });
  }
  const base = MASK_PRESETS[preset];
  const band = options.band ?? base.band;
  const core = options.core ?? base.core;
  const iterations = options.iterations ?? base.iterations;
  const check = (isAccepted: boolean, name: string, expected: string, actual: number): void => {
    if (isAccepted) return;
    throw new ConfigError(`${operation}: expected ${name} as ${expected}, got ${actual}.`, { expected, actual });
  };
  check(band > 0 && band <= 1, 'band', 'a fraction of the image above 0 and up to 1', band);
  check(core > 0 && core <= band, 'core', 'a fraction of the image above 0 and up to the band', core);
  check(Number.isInteger(iterations) && iterations >= 1 && iterations <= 100, 'iterations', '1 to 100', iterations);
  check(seed === (seed | 0), 'seed', 'a 32-bit integer', seed);
  return { band, core, coresOverBands: options.coresOverBands ?? base.coresOverBands, iterations, seed };
}
