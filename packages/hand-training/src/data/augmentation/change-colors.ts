import type { Rng } from '@opposable/tensor-checks';
import type { Augmentation } from './settings.js';

/** Rec. 601 weights of red, green and blue in gray. */
const GRAY = [0.299, 0.587, 0.114] as const;
/** Normal deviates are drawn once and read from random places: drawing one for every value costs more than all else. */
const NOISE_TABLE_SIZE = 1 << 16;

export function noiseTable(rng: Rng): Float32Array {
  return Float32Array.from({ length: NOISE_TABLE_SIZE }, () => rng.normal());
}

/**
 * Colours, noise and a hidden rectangle, in place.
 *
 * @param pixels [size, size, 3] in 0–255 on entry, in 0–1 on return
 * @param table of normal deviates
 */
export function changeColors(
  rng: Rng,
  how: Augmentation,
  pixels: Float32Array,
  size: number,
  table: Float32Array,
): void {
  const { gain = [1, 1], channelGain = [1, 1], contrast = [1, 1], saturation = [1, 1], noise = 0 } = how;
  const factor = rng.uniform(gain[0], gain[1]);
  const channels = [0, 1, 2].map(() => factor * rng.uniform(channelGain[0], channelGain[1]));
  const spread = rng.uniform(contrast[0], contrast[1]);
  const colour = rng.uniform(saturation[0], saturation[1]);
  let cursor = rng.integer(0, NOISE_TABLE_SIZE - 1);
  if (how.cutout !== undefined) hide(rng, how.cutout, pixels, size);
  let middle = 0;
  if (spread !== 1) {
    for (let i = 0; i < pixels.length; i++) middle += GRAY[i % 3]! * channels[i % 3]! * pixels[i]!;
    middle /= pixels.length / 3;
  }
  for (let i = 0; i < pixels.length; i += 3) {
    const [r, g, b] = [channels[0]! * pixels[i]!, channels[1]! * pixels[i + 1]!, channels[2]! * pixels[i + 2]!];
    const gray = GRAY[0] * r + GRAY[1] * g + GRAY[2] * b;
    for (let c = 0; c < 3; c++) {
      let value = c === 0 ? r : c === 1 ? g : b;
      if (colour !== 1) value = gray + colour * (value - gray);
      if (spread !== 1) value = middle + spread * (value - middle);
      if (noise > 0) {
        value += noise * table[cursor]!;
        cursor = (cursor + 1) & (NOISE_TABLE_SIZE - 1);
      }
      pixels[i + c] = value < 0 ? 0 : value > 255 ? 1 : value / 255;
    }
  }
}

function hide(rng: Rng, cutout: NonNullable<Augmentation['cutout']>, pixels: Float32Array, size: number): void {
  if (rng.uniform() >= cutout.probability) return;
  const draw = (): { start: number; end: number } => {
    const length = Math.round(size * rng.uniform(cutout.side[0], cutout.side[1]));
    const start = rng.integer(0, Math.max(0, size - length));
    return { start, end: Math.min(size, start + length) };
  };
  const [columns, rows] = [draw(), draw()];
  const colour = [0, 1, 2].map(() => rng.uniform(0, 255));
  for (let row = rows.start; row < rows.end; row++) {
    for (let column = columns.start; column < columns.end; column++) pixels.set(colour, (row * size + column) * 3);
  }
}
