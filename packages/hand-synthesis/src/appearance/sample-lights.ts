import type { Light } from '@opposable/drawing';
import type { Rng } from '@opposable/tensor-checks';

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
function tint(rng: Rng, strength: number): [number, number, number] {
  const warmth = rng.uniform(-1, 1) * 0.18;
  return [strength * (1 + warmth), strength, strength * (1 - warmth)];
}

/** Least cosine between the view and the light of a lamp beside the viewer: within 25°. */
const BESIDE_VIEWER = 0.906;

/** One lamp beside the viewer, of any strength and tint, and a little light from all sides: a flash, a window behind. */
export function sampleFrontLights(rng: Rng): Lighting {
  const z = rng.uniform(BESIDE_VIEWER, 1);
  const angle = rng.uniform(0, 2 * Math.PI);
  const radius = Math.sqrt(1 - z * z);
  return {
    lights: [
      {
        kind: 'directional',
        direction: [radius * Math.cos(angle), radius * Math.sin(angle), z],
        intensity: tint(rng, rng.uniform(0.6, 1)),
      },
    ],
    ambient: tint(rng, rng.uniform(0.02, 0.15)),
  };
}

/** One main lamp from the viewer's half of the room, up to two weaker ones from anywhere, and light from all sides. */
export function sampleLights(rng: Rng): Lighting {
  const lamp = (minimumTowards: number, strength: number): Light => {
    const z = rng.uniform(minimumTowards, 1);
    const angle = rng.uniform(0, 2 * Math.PI);
    const radius = Math.sqrt(1 - z * z);
    return {
      kind: 'directional',
      direction: [radius * Math.cos(angle), radius * Math.sin(angle), z],
      intensity: tint(rng, strength),
    };
  };
  const lights = [lamp(0.15, rng.uniform(0.4, 1.1))];
  for (let more = rng.integer(0, 2); more > 0; more--) lights.push(lamp(-0.8, rng.uniform(0.05, 0.35)));
  return { lights, ambient: tint(rng, rng.uniform(0.18, 0.55)) };
}
