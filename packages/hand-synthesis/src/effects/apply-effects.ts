import { addSensorNoise, applyTone, blurImage, jpegArtefacts, motionBlur, type RgbImage } from '@opposable/drawing';
import type { Rng } from '@opposable/tensor-checks';
import type { SynthesisSettings } from '../settings/types.js';

/** Side of the image in whose pixels the settings of blur are given. */
const REFERENCE_SIDE = 256;

/**
 * What lens, sensor and file do to a picture, in this order: out of focus, motion, noise, tone and colour, compression.
 * Every effect draws from its own split of the rng; the image is changed.
 */
export function applyEffects(
  rng: Rng,
  image: RgbImage,
  { effects, noise }: Pick<SynthesisSettings, 'effects' | 'noise'>,
): void {
  const unit = image.width / REFERENCE_SIDE;
  const { motionBlur: motion, defocus, whiteBalance, exposure, saturation, jpeg } = effects;
  const chance = (name: keyof typeof effects): Rng | undefined => {
    const { probability } = effects[name];
    if (probability === 0) return undefined;
    const own = rng.split(name);
    return own.uniform() < probability ? own : undefined;
  };
  const lens = chance('defocus');
  if (lens) blurImage(image, unit * lens.uniform(...defocus.pixels));
  const moved = chance('motionBlur');
  if (moved) motionBlur(image, unit * moved.uniform(...motion.pixels), moved.uniform(0, Math.PI));
  const noiseRng = rng.split('noise');
  addSensorNoise(noiseRng, image, noiseRng.uniform(...noise));
  const exposed = chance('exposure');
  const balanced = chance('whiteBalance');
  const saturated = chance('saturation');
  const isGrey = chance('grey') !== undefined;
  if (exposed || balanced || saturated || isGrey) {
    const gain = exposed?.uniform(...exposure.gain) ?? 1;
    const warmth = balanced ? whiteBalance.strength * balanced.uniform(-1, 1) : 0;
    const tint = balanced ? 0.3 * whiteBalance.strength * balanced.uniform(-1, 1) : 0;
    applyTone(image, {
      gains: [gain * (1 + warmth), gain * (1 + tint), gain * (1 - warmth)],
      gamma: exposed?.uniform(...exposure.gamma) ?? 1,
      contrast: exposed?.uniform(...exposure.contrast) ?? 1,
      saturation: isGrey ? 0 : (saturated?.uniform(...saturation.factor) ?? 1),
    });
  }
  const compressed = chance('jpeg');
  if (compressed) jpegArtefacts(image, Math.round(compressed.uniform(...jpeg.quality)));
}
