import { linearToSrgb } from '@opposable/drawing';
import type { ManoModel } from '@opposable/mano-layer/conventions';
import { createRng } from '@opposable/tensor-checks';
import { skinColors } from '../appearance/skin-colors.js';
import { sampleSkinTone } from '../appearance/skin-tone.js';

/** As many as the generator of 3dhand has coloured meshes. */
export const COLORING_COUNT = 27;

const known = new WeakMap<ManoModel, readonly Float64Array[]>();

/**
 * A set of colourings of a hand in the form that `color-meshes` gives: one colour per vertex, [V, 3] sRGB in 0 … 1. They
 * are drawn from a seed of their own, the same every time; the same object on every call.
 */
export function proceduralColorings(model: ManoModel): readonly Float64Array[] {
  let colorings = known.get(model);
  if (colorings === undefined) {
    const rng = createRng('colourings');
    colorings = Array.from({ length: COLORING_COUNT }, (_, i) => {
      const own = rng.split(i);
      return skinColors(own, model, sampleSkinTone(own)).map(linearToSrgb);
    });
    known.set(model, colorings);
  }
  return colorings;
}
