import type { Rng } from '@opposable/tensor-checks';
import type { HeatmapAugmentation } from './types.js';

/** From pixels of the network's input to pixels of the stored image, centres at integers in both: p' = A·p + t. */
export interface Window {
  readonly a: number;
  readonly b: number;
  readonly x: number;
  readonly y: number;
}

/**
 * A window of side `factor` times the stored image's, turned by `angle` and moved by (dx, dy) of its sides.
 *
 * @param from side of the stored image in pixels
 * @param to side of the network's input
 */
export function windowOf(
  { factor, angle, dx, dy }: { factor: number; angle: number; dx: number; dy: number },
  from: number,
  to: number,
): Window {
  const step = (factor * from) / to;
  const [a, b] = [step * Math.cos(angle), step * Math.sin(angle)];
  const middle = (to - 1) / 2;
  const centre = (from - 1) / 2;
  return { a, b, x: centre + dx * from - (a - b) * middle, y: centre + dy * from - (b + a) * middle };
}

/** A random window. */
export function randomWindow(how: HeatmapAugmentation, rng: Rng, from: number, to: number): Window {
  const [low, high] = how.scale;
  const factor = Math.exp(rng.uniform(Math.log(low), Math.log(high)));
  const angle = (rng.uniform(-how.rotation, how.rotation) * Math.PI) / 180;
  const shift = (): number => rng.uniform(-how.translation, how.translation);
  if (how.empty > 0 && rng.uniform() < how.empty) return emptyWindow(rng, from, to);
  return windowOf({ factor, angle, dx: shift(), dy: shift() }, from, to);
}

/** A small window in a corner, where the crop's rule leaves no hand, or else hardly any of it. */
function emptyWindow(rng: Rng, from: number, to: number): Window {
  const side = rng.uniform(0.2, 0.3);
  const place = (): number => (rng.uniform() < 0.5 ? -1 : 1) * (0.5 - side / 2);
  return windowOf({ factor: side, angle: rng.uniform(-Math.PI, Math.PI), dx: place(), dy: place() }, from, to);
}

/** A point of the stored image in pixels of the window. */
export function intoWindow({ a, b, x, y }: Window, u: number, v: number): [number, number] {
  const scale = 1 / (a * a + b * b);
  const [du, dv] = [u - x, v - y];
  return [scale * (a * du + b * dv), scale * (a * dv - b * du)];
}

/** Whether a window shows the stored image as it is. */
export function isWhole({ a, b, x, y }: Window): boolean {
  return a === 1 && b === 0 && x === 0 && y === 0;
}

/**
 * Writes a window's picture, bilinear; beyond the stored image its outermost pixels are repeated (mirroring would show parts of a
 * second hand).
 *
 * @param image [from, from, 3] bytes
 * @param out [to, to, 3] in 0–255
 */
export function sampleWindow(
  image: Uint8Array,
  from: number,
  { a, b, x, y }: Window,
  out: Float32Array,
  to: number,
): void {
  const last = from - 1;
  const clamp = (i: number): number => (i < 0 ? 0 : i > last ? last : i);
  let target = 0;
  for (let row = 0; row < to; row++) {
    for (let column = 0; column < to; column++) {
      const u = a * column - b * row + x;
      const v = b * column + a * row + y;
      const [u0, v0] = [Math.floor(u), Math.floor(v)];
      const [fu, fv] = [u - u0, v - v0];
      const inside = u0 >= 0 && v0 >= 0 && u0 < last && v0 < last;
      const left = inside ? u0 : clamp(u0);
      const right = inside ? u0 + 1 : clamp(u0 + 1);
      const top = (inside ? v0 : clamp(v0)) * from;
      const bottom = (inside ? v0 + 1 : clamp(v0 + 1)) * from;
      const corners = [(top + left) * 3, (top + right) * 3, (bottom + left) * 3, (bottom + right) * 3] as const;
      for (let channel = 0; channel < 3; channel++) {
        const above = image[corners[0] + channel]! * (1 - fu) + image[corners[1] + channel]! * fu;
        const below = image[corners[2] + channel]! * (1 - fu) + image[corners[3] + channel]! * fu;
        out[target++] = above * (1 - fv) + below * fv;
      }
    }
  }
}
