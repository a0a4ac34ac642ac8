import type { SceneLight } from '@opposable/drawing';
import type { Rng } from '@opposable/tensor-checks';
import { LIGHTING_RANGES, type RoomLightRanges } from '../settings/lighting.js';
import type { Lighting } from './sample-lights.js';

const Y00 = Math.sqrt(4 * Math.PI);
const Y1 = Math.sqrt((4 * Math.PI) / 3);
const SHADOW = { size: 128, softness: 2 } as const;

/** Warm to cold white. */
function tint(rng: Rng, strength: number, spread: number): [number, number, number] {
  const warmth = rng.uniform(-spread, spread);
  const green = rng.uniform(-0.3, 0.3) * spread;
  return [strength * (1 + warmth), strength * (1 + green), strength * (1 - warmth)];
}

function direction(rng: Rng, minimumTowards: number): [number, number, number] {
  const z = rng.uniform(minimumTowards, 1);
  const angle = rng.uniform(0, 2 * Math.PI);
  const radius = Math.sqrt(1 - z * z);
  return [radius * Math.cos(angle), radius * Math.sin(angle), z];
}

/**
 * The light of a room or of a day: radiance from all around that is brighter from one side, mostly from above, in
 * spherical harmonics of the first two orders; a main lamp, mostly with a shadow; some weaker ones.
 */
export function sampleRoomLight(rng: Rng, { ambient, lamp, others }: RoomLightRanges = LIGHTING_RANGES.room): Lighting {
  const level = rng.uniform(...ambient.strength);
  const around = tint(rng, level, ambient.tint);
  const coefficients = new Float64Array(27);
  const slope = rng.uniform(...ambient.slope);
  const from = [0.5 * rng.normal(), -1 + 0.6 * rng.normal(), 0.6 * rng.normal()]; // y points down: light comes from above
  const norm = Math.hypot(...from) || 1;
  const side = tint(rng, level * slope, ambient.slopeTint);
  for (let c = 0; c < 3; c++) {
    coefficients[c] = Y00 * around[c as 0];
    // rows 1 … 3 are y, z, x
    [1, 2, 0].forEach((axis, row) => (coefficients[3 * (row + 1) + c] = (Y1 * side[c as 0] * from[axis]!) / norm));
  }
  const isDim = rng.uniform() < lamp.dim.probability;
  const strength = rng.uniform(...(isDim ? lamp.dim : lamp).strength);
  const lights: SceneLight[] = [
    { kind: 'spherical-harmonics', coefficients },
    {
      kind: 'directional',
      direction: direction(rng, lamp.leastCosine),
      intensity: tint(rng, strength, lamp.tint),
      shadow: rng.uniform() < lamp.shadow.probability ? { ...SHADOW, strength: rng.uniform(...lamp.shadow.strength) } : false, // prettier-ignore
    },
  ];
  for (let more = rng.integer(...others.count); more > 0; more--) {
    const intensity = tint(rng, rng.uniform(...others.strength), others.tint);
    lights.push({ kind: 'directional', direction: direction(rng, others.leastCosine), intensity });
  }
  return { lights, ambient: [0, 0, 0] };
}
