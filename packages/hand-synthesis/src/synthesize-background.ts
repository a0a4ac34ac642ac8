import type { RgbImage } from '@opposable/drawing';
import type { Rng } from '@opposable/tensor-checks';
import { photoBackground } from './appearance/photo-background.js';
import { proceduralBackground } from './appearance/procedural-background.js';
import { applyEffects } from './effects/apply-effects.js';
import { resolveSettings, type SynthesizeHandOptions } from './settings/synthesis-options.js';

/**
 * A picture without a hand: the background of a preset behind the same lens, sensor and file as its hands. For detectors, which
 * must also see what is none.
 *
 * @param rng decides everything
 * @param options as for `synthesizeHand`; `backgrounds`: photographs that show no hands
 * @throws ConfigError for a setting that is not accepted
 *
 * @example
 * const empty = synthesizeBackground(createRng(7), { preset: 'realistic', size: 128 });
 */
export function synthesizeBackground(rng: Rng, options: SynthesizeHandOptions = {}): RgbImage {
  const settings = resolveSettings(options);
  const { size, background, photoShare, photoCrop } = settings;
  const { backgrounds } = options;
  const usesPhoto = backgrounds !== undefined && rng.split('kind').uniform() < photoShare;
  const image = usesPhoto
    ? photoBackground(rng.split('background'), backgrounds, { width: size, height: size, crop: photoCrop })
    : proceduralBackground(rng.split('background'), size, size, background);
  applyEffects(rng, image, settings);
  return image;
}
