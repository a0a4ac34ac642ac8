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

const STEPS = 4096;
const STEPS_PER_RADIAN = STEPS / (2 * Math.PI);
const COSINES = Float64Array.from({ length: STEPS }, (_, i) => Math.cos((2 * Math.PI * i) / STEPS));
/** A whole number of turns that makes every angle positive. */
const TURNS = 1024 * STEPS + 0.5;

/** e^x for |x| below 0.3, to 0.01 %. */
const smallExp = (x: number): number => 1 + x * (1 + x * (0.5 + x * (1 / 6)));

/** The few colours of a model's regions, as [3] lists and what of them each vertex has. */
interface Regions {
  /** logarithm of each linear colour over that of the median vertex */
  readonly levels: readonly [Float64Array, Float64Array, Float64Array];
  /** [V, 3] places in `levels` */
  readonly places: Uint16Array;
}

const regionsOf = new WeakMap<ManoModel, Regions>();

function findRegions(model: ManoModel): Regions {
  const places = new Uint16Array(model.vertexCount * 3);
  const levels = [0, 1, 2].map((channel) => {
    if (model.vertexColors === undefined) return Float64Array.of(0);
    const linear = Float64Array.from({ length: model.vertexCount }, (_, v) =>
      Math.max(1e-3, srgbToLinear(model.vertexColors![3 * v + channel]!)),
    );
    const median = linear.slice().sort()[linear.length >> 1]!;
    const different = Float64Array.from(new Set(linear)).sort();
    linear.forEach((value, v) => (places[3 * v + channel] = different.indexOf(value)));
    return different.map((value) => Math.log(value / median));
  });
  return { levels: levels as unknown as Regions['levels'], places };
}

/**
 * Colours of a hand's vertices: one skin tone, the model's own regions (palm, nails, creases) relative to it, and
 * uneven patches.
 *
 * @param patches how much of them, 0 … 1
 * @returns [V, 3] linear light in 0 … 1
 */
export function skinColors(rng: Rng, model: ManoModel, tone: SkinTone, patches = 1): Float64Array {
  const base = labToLinearSrgb(tone.lightness, tone.a, tone.b);
  const { levels, places } = regionsOf.get(model) ?? findRegions(model);
  regionsOf.set(model, { levels, places });
  const darkness = Math.min(1, Math.max(0, (55 - tone.lightness) / 28));
  const exponent = 1 + CONTRAST_OF_DARK_SKIN * darkness;
  const [reds, greens, blues] = levels.map((own, c) => own.map((level) => base[c]! * Math.exp(exponent * level)));
  const waves = Array.from({ length: PATCHES }, () => {
    const frequency = (2 * Math.PI) / rng.uniform(...PATCH_METRES);
    const direction = [rng.normal(), rng.normal(), rng.normal()];
    const norm = Math.sqrt(direction.reduce((sum, value) => sum + value * value, 0)) || 1;
    return {
      k: direction.map((value) => (value / norm) * frequency * STEPS_PER_RADIAN),
      phase: rng.uniform(0, STEPS) + TURNS,
      // redder patches: green and blue change more than red
      strength: [0.6, 1, 0.9].map((share) => share * (patches * PATCH_STRENGTH) * rng.normal()),
    };
  });
  const colors = new Float64Array(model.vertexCount * 3);
  const { vTemplate } = model;
  for (let i = 0; i < colors.length; i += 3) {
    let red = 0;
    let green = 0;
    let blue = 0;
    const x = vTemplate[i]!;
    const y = vTemplate[i + 1]!;
    const z = vTemplate[i + 2]!;
    for (const { k, phase, strength } of waves) {
      const wave = COSINES[(k[0]! * x + k[1]! * y + k[2]! * z + phase) & (STEPS - 1)]!;
      red += strength[0]! * wave;
      green += strength[1]! * wave;
      blue += strength[2]! * wave;
    }
    colors[i] = Math.min(1, reds![places[i]!]! * smallExp(red));
    colors[i + 1] = Math.min(1, greens![places[i + 1]!]! * smallExp(green));
    colors[i + 2] = Math.min(1, blues![places[i + 2]!]! * smallExp(blue));
  }
  return colors;
}
