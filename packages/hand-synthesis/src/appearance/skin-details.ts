import { srgbToLinear } from '@opposable/drawing';
import type { ManoModel } from '@opposable/mano-layer/conventions';
import { openHandSurface } from '@opposable/open-hand';
import type { Rng } from '@opposable/tensor-checks';
import type { SynthesisSettings } from '../settings/types.js';
import { clothColor } from '../scene/cloth-color.js';

/** Share of hands with painted nails. */
const PAINTED = 0.12;
/** A vein is this wide, metres. */
const VEIN_WIDTH = 0.0035;
/** Largest part of red, green and blue that a vein takes. */
const VEIN_DARKENING = [0.16, 0.1, 0.04] as const;

/** Nails: pale pink of any tone, or painted. */
function paintNails(rng: Rng, colors: Float64Array, strength: number): void {
  const { nails } = openHandSurface();
  const painted = rng.uniform() < PAINTED ? clothColor(rng) : undefined;
  const pale = rng.uniform(0.15, 0.6) * strength;
  const rose = [1, 0.78, 0.72].map((value) => srgbToLinear(value * rng.uniform(0.85, 1)));
  nails.forEach((finger, vertex) => {
    if (finger === 0) return;
    for (let c = 0; c < 3; c++) {
      const own = colors[3 * vertex + c]!;
      colors[3 * vertex + c] = painted ? painted[c]! : own + pale * (rose[c]! - own);
    }
  });
}

/** Veins on the back of the hand: wavy lines from the knuckles towards the wrist. */
function paintVeins(rng: Rng, model: ManoModel, colors: Float64Array, strength: number): void {
  const { vTemplate, lbsWeights, jointCount } = model;
  const mirrored = model.side === 'right' ? 1 : -1;
  const lines = Array.from({ length: rng.integer(3, 6) }, () => ({
    z: rng.uniform(-0.03, 0.035),
    slope: rng.uniform(-0.25, 0.25),
    sway: rng.uniform(0, 0.006),
    frequency: rng.uniform(40, 110),
    phase: rng.uniform(0, 2 * Math.PI),
    depth: strength * rng.uniform(0.2, 1),
  }));
  for (let v = 0; v < model.vertexCount; v++) {
    // the back of the palm: moved by the wrist, above the middle
    if (lbsWeights[v * jointCount]! < 0.5 || vTemplate[3 * v + 1]! < 0.008) continue;
    const x = mirrored * vTemplate[3 * v]!;
    const z = vTemplate[3 * v + 2]!;
    let share = 0;
    for (const { z: middle, slope, sway, frequency, phase, depth } of lines) {
      const away = (z - middle - slope * x - sway * Math.sin(frequency * x + phase)) / VEIN_WIDTH;
      share = Math.max(share, depth * Math.exp(-away * away));
    }
    for (let c = 0; c < 3; c++) colors[3 * v + c]! *= 1 - share * VEIN_DARKENING[c]!;
  }
}

/** Nails and veins over the colours of a hand's vertices, in place. Other meshes than the open hand keep theirs. */
export function addSkinDetails(
  rng: Rng,
  model: ManoModel,
  colors: Float64Array,
  { nails, veins }: SynthesisSettings['skin'],
): void {
  if (model.topology !== 'open-hand') return;
  if (nails > 0) paintNails(rng.split('nails'), colors, nails);
  if (veins > 0) paintVeins(rng.split('veins'), model, colors, veins);
}
