import type { Material, SurfaceShader } from '@opposable/drawing';
import type { Rng } from '@opposable/tensor-checks';
import type { SkinSettings } from '../settings/types.js';
import { nailLook, type NailLook } from './nails.js';
import { NOISE_TILE_SIDE, noiseTileBytes } from './noise-tile.js';
import { skinVolume } from './skin-volume.js';
import { veinLines } from './vein-lines.js';

/** Largest part of red, green and blue that a crease takes: blood shows through thin skin. */
const CREASE_DARKENING = [0.3, 0.42, 0.42] as const;
/** Largest part of red, green and blue that a vein takes. */
const VEIN_DARKENING = [0.28, 0.16, 0.06] as const;
const NO_NAILS: NailLook = { color: [0, 0, 0], share: 0 };
/** Cells of the noise tile per metre: mottling of a few millimetres. */
const MOTTLING = 2600;
const WRAP = NOISE_TILE_SIDE - 1;

/** How skin throws light back: a thin film of oil, and flesh that scatters red light farthest. */
export function skinMaterial(rng: Rng, skin: Pick<SkinSettings, 'wetness' | 'scatter' | 'specular'>): Material {
  const wet = rng.uniform(...skin.wetness);
  const scatter = rng.uniform(...skin.scatter);
  return {
    diffuse: rng.uniform(0.9, 1),
    specular: rng.split('specular').uniform(...skin.specular),
    roughness: 0.65 - 0.3 * wet * wet,
    wrap: [0.25 * scatter, 0.1 * scatter, 0.05 * scatter],
  };
}

/** What is seen of skin from nearby. */
export type SkinDetails = Pick<SkinSettings, 'creases' | 'nails' | 'veins' | 'nailPaint' | 'mottling'>;

/**
 * A shader that darkens creases of palm and fingers, mottles the skin, and draws nails, and veins on the back of the hand. The mesh's
 * `coordinates` are its places on the flat right hand; outside of the hand nothing changes.
 *
 * @returns undefined where there is nothing to draw
 */
export function skinSurface(
  rng: Rng,
  { creases, nails, veins, nailPaint, mottling }: SkinDetails,
): SurfaceShader | undefined {
  if (creases === 0 && nails === 0 && veins === 0) return undefined;
  const { origin, counts, scale, creases: depths, nails: nailShares } = skinVolume();
  const tile = noiseTileBytes();
  const strength = (creases * rng.uniform(0.3, 1)) / 255;
  const mottled = (creases === 0 ? 0 : rng.uniform(...mottling)) / 127;
  const [offsetA, offsetB] = [rng.integer(0, WRAP), rng.integer(0, WRAP)];
  const veinAt = veins === 0 ? undefined : veinLines(rng.split('veins'), veins);
  const { color, share } = nails === 0 ? NO_NAILS : nailLook(rng.split('nails'), nails, nailPaint.probability);
  const nailShare = share / 255;
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
      let nail = 0;
      const i = ((x - ox) * scale + 0.5) | 0;
      const j = ((y - oy) * scale + 0.5) | 0;
      const k = ((z - oz) * scale + 0.5) | 0;
      if (i >= 0 && j >= 0 && k >= 0 && i < nx && j < ny && k < nz) {
        const at = (i * ny + j) * nz + k;
        nail = nailShare * nailShares[at]!;
        const depth = strength * depths[at]!;
        r *= 1 - CREASE_DARKENING[0] * depth;
        g *= 1 - CREASE_DARKENING[1] * depth;
        b *= 1 - CREASE_DARKENING[2] * depth;
        const vein = veinAt === undefined ? 0 : veinAt(x, y, z);
        r *= 1 - VEIN_DARKENING[0] * vein;
        g *= 1 - VEIN_DARKENING[1] * vein;
        b *= 1 - VEIN_DARKENING[2] * vein;
      }
      red[n]! *= r;
      green[n]! *= g;
      blue[n]! *= b;
      if (nail === 0) continue;
      red[n]! += nail * (color[0] - red[n]!);
      green[n]! += nail * (color[1] - green[n]!);
      blue[n]! += nail * (color[2] - blue[n]!);
    }
  };
}
