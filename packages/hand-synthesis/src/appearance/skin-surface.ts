import type { Material, SurfaceShader } from '@opposable/drawing';
import type { Rng } from '@opposable/tensor-checks';
import type { SynthesisSettings } from '../settings/types.js';
import { NOISE_TILE_SIDE, noiseTileBytes } from './noise-tile.js';
import { skinVolume } from './skin-volume.js';

/** Largest part of red, green and blue that a crease takes: blood shows through thin skin. */
const CREASE_DARKENING = [0.3, 0.42, 0.42] as const;
/** Cells of the noise tile per metre: mottling of a few millimetres. */
const MOTTLING = 2600;
const WRAP = NOISE_TILE_SIDE - 1;

/** How skin throws light back: a thin film of oil, F0 = 0.028, and flesh that scatters red light farthest. */
export function skinMaterial(rng: Rng): Material {
  const wet = rng.uniform();
  const scatter = rng.uniform(0.5, 1.2);
  return {
    diffuse: rng.uniform(0.9, 1),
    specular: 0.028,
    roughness: 0.65 - 0.3 * wet * wet,
    wrap: [0.25 * scatter, 0.1 * scatter, 0.05 * scatter],
  };
}

/**
 * A shader that darkens creases of palm and fingers and mottles the skin. The mesh's `coordinates` are its places on the
 * flat right hand; outside of the hand nothing changes.
 *
 * @returns undefined where there is nothing to draw
 */
export function skinSurface(rng: Rng, { creases }: SynthesisSettings['skin']): SurfaceShader | undefined {
  if (creases === 0) return undefined;
  const { origin, counts, scale, creases: depths } = skinVolume();
  const tile = noiseTileBytes();
  const strength = (creases * rng.uniform(0.3, 1)) / 255;
  const mottled = rng.uniform(0.02, 0.12) / 127;
  const [offsetA, offsetB] = [rng.integer(0, WRAP), rng.integer(0, WRAP)];
  const [ox, oy, oz] = origin;
  const [nx, ny, nz] = counts;
  return ({ count, cx, cy, cz, red, green, blue }) => {
    for (let n = 0; n < count; n++) {
      const x = cx[n]!;
      const y = cy[n]!;
      const z = cz[n]!;
      const mottling =
        1 + mottled * tile[(((x * MOTTLING + offsetA) & WRAP) * NOISE_TILE_SIDE) + (((y + z) * MOTTLING + offsetB) & WRAP)]!; // prettier-ignore
      let r = mottling;
      let g = mottling;
      let b = mottling;
      const i = ((x - ox) * scale + 0.5) | 0;
      const j = ((y - oy) * scale + 0.5) | 0;
      const k = ((z - oz) * scale + 0.5) | 0;
      if (i >= 0 && j >= 0 && k >= 0 && i < nx && j < ny && k < nz) {
        const depth = strength * depths[(i * ny + j) * nz + k]!;
        r *= 1 - CREASE_DARKENING[0] * depth;
        g *= 1 - CREASE_DARKENING[1] * depth;
        b *= 1 - CREASE_DARKENING[2] * depth;
      }
      red[n]! *= r;
      green[n]! *= g;
      blue[n]! *= b;
    }
  };
}
