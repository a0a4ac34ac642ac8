import type { Rng } from '@opposable/tensor-checks';

/** Veins run on the back of the palm: from the knuckles to the wrist along x, above this height, metres on the flat right hand. */
const KNUCKLES = 0.006;
const WRIST = 0.094;
const BACK = 0.008;
/** Length over which they come and go at both ends, metres. */
const FADE = 0.015;
/** Half the width of a vein, metres. */
const HALF_WIDTH = 0.0024;
/** Places along the hand per metre at which their course is written down. */
const PLACES = 1000;
const COUNT = Math.ceil((WRIST - KNUCKLES) * PLACES);

/** How much vein there is at a place of the flat right hand, 0 … 1. */
export type VeinDepth = (x: number, y: number, z: number) => number;

/** Some wavy lines over the back of a hand, each of its own depth; the strongest of them is `strength` deep at most. */
export function veinLines(rng: Rng, strength: number): VeinDepth {
  const lines = Array.from({ length: rng.integer(3, 6) }, () => {
    const [start, slope] = [rng.uniform(-0.03, 0.035), rng.uniform(-0.25, 0.25)];
    const [sway, frequency, phase] = [rng.uniform(0, 0.006), rng.uniform(40, 110), rng.uniform(0, 2 * Math.PI)];
    const depth = strength * rng.uniform(0.2, 1);
    const course = Float32Array.from({ length: COUNT }, (_, i) => {
      const x = KNUCKLES + i / PLACES;
      return (start + slope * x + sway * Math.sin(frequency * x + phase)) / HALF_WIDTH;
    });
    const depths = Float32Array.from({ length: COUNT }, (_, i) => {
      const toEnd = Math.min(i, COUNT - 1 - i) / (FADE * PLACES);
      return depth * Math.min(1, toEnd);
    });
    return { course, depths };
  });
  return (x, y, z) => {
    if (y < BACK || x < KNUCKLES) return 0;
    const place = ((x - KNUCKLES) * PLACES) | 0;
    if (place >= COUNT) return 0;
    const across = z / HALF_WIDTH;
    let most = 0;
    for (const { course, depths } of lines) {
      const away = across - course[place]!;
      const share = 1 - away * away;
      if (share <= 0) continue;
      const depth = share * share * depths[place]!;
      if (depth > most) most = depth;
    }
    return most;
  };
}
