import { srgbToLinear } from '@opposable/drawing';
import type { ManoModel } from '@opposable/mano-layer/conventions';
import type { Rng } from '@opposable/tensor-checks';
import { labToLinearSrgb, type SkinTone } from './skin-tone.js';

/** How much a dark hand's palms, creases and nails differ more from its back than a light one's: added to the exponent. */
const CONTRAST_OF_DARK_SKIN = 1.2;

/** Waves of uneven colour over the hand. */
const PATCHES = 4;
const PATCH_STRENGTH = 0.035;
const PATCH_METRES = [0.015, 0.08] as const;

const relativeColors = new WeakMap<ManoModel, Float64Array>();

/** [V, 3] logarithm of each vertex's linear colour over that of the median vertex. */
function relativeColorsOf(model: ManoModel): Float64Array {
  let relative = relativeColors.get(model);
  if (relative === undefined) {
    relative = new Float64Array(model.vertexCount * 3);
    if (model.vertexColors !== undefined) {
      const linear = Float64Array.from(model.vertexColors, (value) => Math.max(1e-3, srgbToLinear(value)));
      for (let channel = 0; channel < 3; channel++) {
        const sorted = linear.filter((_, i) => i % 3 === channel).sort();
        const median = sorted[sorted.length >> 1]!;
        for (let i = channel; i < linear.length; i += 3) relative[i] = Math.log(linear[i]! / median);
      }
    }
    relativeColors.set(model, relative);
  }
  return relative;
}

/**
 * Colours of a hand's vertices: one skin tone, the model's own regions (palm, nails, creases) relative to it, and
 * uneven patches.
 *
 * @returns [V, 3] linear light in 0 … 1
 */
export function skinColors(rng: Rng, model: ManoModel, tone: SkinTone): Float64Array {
  const base = labToLinearSrgb(tone.lightness, tone.a, tone.b);
  const relative = relativeColorsOf(model);
  const darkness = Math.min(1, Math.max(0, (55 - tone.lightness) / 28));
  const exponent = 1 + CONTRAST_OF_DARK_SKIN * darkness;
  const waves = Array.from({ length: PATCHES }, () => {
    const frequency = (2 * Math.PI) / rng.uniform(...PATCH_METRES);
    const direction = [rng.normal(), rng.normal(), rng.normal()];
    const norm = Math.sqrt(direction.reduce((sum, value) => sum + value * value, 0)) || 1;
    return {
      k: direction.map((value) => (value / norm) * frequency),
      phase: rng.uniform(0, 2 * Math.PI),
      // redder patches: green and blue change more than red
      strength: [0.6, 1, 0.9].map((share) => share * PATCH_STRENGTH * rng.normal()),
    };
  });
  const colors = new Float64Array(model.vertexCount * 3);
  const { vTemplate } = model;
  for (let i = 0; i < colors.length; i += 3) {
    let [red, green, blue] = [0, 0, 0];
    for (const { k, phase, strength } of waves) {
      const wave = Math.cos(k[0]! * vTemplate[i]! + k[1]! * vTemplate[i + 1]! + k[2]! * vTemplate[i + 2]! + phase);
      red += strength[0]! * wave;
      green += strength[1]! * wave;
      blue += strength[2]! * wave;
    }
    colors[i] = Math.min(1, base[0] * Math.exp(exponent * relative[i]! + red));
    colors[i + 1] = Math.min(1, base[1] * Math.exp(exponent * relative[i + 1]! + green));
    colors[i + 2] = Math.min(1, base[2] * Math.exp(exponent * relative[i + 2]! + blue));
  }
  return colors;
}
