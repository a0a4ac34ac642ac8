import type { Light } from '@opposable/drawing';
import type { Rng } from '@opposable/tensor-checks';
import {
  type FrontLightRanges,
  type LampRanges,
  LIGHTING_RANGES,
  type RandomLightRanges,
} from '../settings/lighting.js';

/** Everything that lights one picture. */
export interface Lighting {
  readonly lights: readonly Light[];
  readonly ambient: readonly [number, number, number];
}

/** The light of 3dhand's generator: one white lamp at the viewer, albedo factor 0.9, nothing else. */
export const HEAD_LIGHT: Lighting = {
  lights: [{ kind: 'directional', direction: [0, 0, 1], intensity: 0.9 }],
  ambient: [0, 0, 0],
};

/** Warm to cold white: red and blue change in opposite ways, green stays. */
function tinted(rng: Rng, strength: number, tint: number): [number, number, number] {
  const warmth = rng.uniform(-1, 1) * tint;
  return [strength * (1 + warmth), strength, strength * (1 - warmth)];
}

/** One lamp beside the viewer, of any strength and tint, and a little light from all sides: a flash, a window behind. */
export function sampleFrontLights(rng: Rng, { lamp, ambient }: FrontLightRanges = LIGHTING_RANGES.front): Lighting {
  const z = rng.uniform(lamp.leastCosine, 1);
  const angle = rng.uniform(0, 2 * Math.PI);
  const radius = Math.sqrt(1 - z * z);
  return {
    lights: [
      {
        kind: 'directional',
        direction: [radius * Math.cos(angle), radius * Math.sin(angle), z],
        intensity: tinted(rng, rng.uniform(...lamp.strength), lamp.tint),
      },
    ],
    ambient: tinted(rng, rng.uniform(...ambient.strength), ambient.tint),
  };
}

/** One main lamp from the viewer's half of the room, some weaker ones from anywhere, and light from all sides. */
export function sampleLights(
  rng: Rng,
  { lamp, others, ambient }: RandomLightRanges = LIGHTING_RANGES.random,
): Lighting {
  const draw = ({ strength: strengths, tint, leastCosine }: LampRanges): Light => {
    const strength = rng.uniform(...strengths);
    const z = rng.uniform(leastCosine, 1);
    const angle = rng.uniform(0, 2 * Math.PI);
    const radius = Math.sqrt(1 - z * z);
    return {
      kind: 'directional',
      direction: [radius * Math.cos(angle), radius * Math.sin(angle), z],
      intensity: tinted(rng, strength, tint),
    };
  };
  const lights = [draw(lamp)];
  for (let more = rng.integer(...others.count); more > 0; more--) lights.push(draw(others));
  return { lights, ambient: tinted(rng, rng.uniform(...ambient.strength), ambient.tint) };
}
