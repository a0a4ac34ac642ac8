import type { RenderBuffers, RgbImage } from '@opposable/drawing';
import { ConfigError } from '@opposable/tensor-checks';
import { SYNTHESIS_PRESETS, type SynthesisPreset, type SynthesisSettings } from './presets.js';

/** Each setting that is given replaces that of the preset. */
export interface SynthesizeHandOptions extends Partial<SynthesisSettings> {
  /** Default 'demo'. */
  readonly preset?: SynthesisPreset | undefined;
  /** Order of the 21 keypoints, a name or alias of `@opposable/keypoint-order`. Default 'panoptic'. */
  readonly keypointOrder?: string | undefined;
  /** Pictures to cut backgrounds from. Default procedural backgrounds. */
  readonly backgrounds?: readonly RgbImage[] | undefined;
  /** Working memory of the renderer to reuse (`createRenderBuffers` of `@opposable/drawing`). */
  readonly buffers?: RenderBuffers | undefined;
}

const OPERATION = 'synthesizeHand';

function check(fits: boolean, name: string, expected: string, actual: string | number | readonly number[]): void {
  if (fits) return;
  const shown = Array.isArray(actual) ? `[${actual.join(', ')}]` : actual;
  throw new ConfigError(`${OPERATION}: expected ${name} ${expected}, got ${shown}.`, { expected, actual });
}

const isRange = ([low, high]: readonly [number, number], minimum: number) =>
  low >= minimum && high >= low && high < Infinity;

/**
 * The preset with the given settings in their places.
 *
 * @throws ConfigError naming the setting, what it is and what is accepted
 */
export function resolveSettings(options: SynthesizeHandOptions): SynthesisSettings {
  const preset = options.preset ?? 'demo';
  const names = Object.keys(SYNTHESIS_PRESETS);
  check(names.includes(preset), 'preset', `as one of ${names.join(', ')}`, preset);
  const base: SynthesisSettings = SYNTHESIS_PRESETS[preset];
  const settings: SynthesisSettings = {
    size: options.size ?? base.size,
    betas: options.betas ?? base.betas,
    poseRange: options.poseRange ?? base.poseRange,
    rotation: options.rotation ?? base.rotation,
    sideOverHand: options.sideOverHand ?? base.sideOverHand,
    lighting: options.lighting ?? base.lighting,
    background: options.background ?? base.background,
    noise: options.noise ?? base.noise,
    antialias: options.antialias ?? base.antialias,
  };
  const { size, betas, poseRange, rotation, sideOverHand, lighting, background, noise, antialias } = settings;
  check(Number.isInteger(size) && size >= 32 && size <= 1024, 'size', 'as an integer in 32 … 1024', size);
  if (betas.distribution === 'uniform') {
    check(betas.range >= 0 && betas.range < Infinity, 'betas.range', 'as a number from 0', betas.range);
  } else {
    check(betas.distribution === 'normal', 'betas.distribution', 'as uniform or normal', betas.distribution);
    check(betas.deviation >= 0 && betas.deviation < Infinity, 'betas.deviation', 'as a number from 0', betas.deviation);
    check(betas.clip > betas.deviation / 10, 'betas.clip', 'above a tenth of the deviation', betas.clip);
  }
  check(poseRange >= 0 && poseRange < Infinity, 'poseRange', 'as a number from 0', poseRange);
  check(rotation.mode === 'full' || rotation.mode === 'box', 'rotation.mode', 'as full or box', rotation.mode);
  if (rotation.mode === 'box') {
    const { maxDegrees } = rotation;
    check(maxDegrees >= 0 && maxDegrees <= 180, 'rotation.maxDegrees', 'in 0 … 180', maxDegrees);
  }
  check(isRange(sideOverHand, 1.1), 'sideOverHand', 'as [minimum, maximum] from 1.1', sideOverHand);
  check(['head', 'front', 'random'].includes(lighting), 'lighting', 'as head, front or random', lighting);
  check(background === 'varied' || background === 'plain', 'background', 'as varied or plain', background);
  check(isRange(noise, 0), 'noise', 'as [minimum, maximum] from 0', noise);
  check([1, 2, 3, 4].includes(antialias), 'antialias', 'as an integer in 1 … 4', antialias);
  return settings;
}
