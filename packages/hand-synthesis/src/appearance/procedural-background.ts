import { paintSoftly, type RgbImage, type SoftCanvas as Canvas } from '@opposable/drawing';
import type { Rng } from '@opposable/tensor-checks';
import { type BackgroundSetting, resolveBackground } from '../settings/background.js';
import type { Range } from '../settings/types.js';
import { sceneBackground } from './scene-background.js';

type Rgb = readonly [number, number, number];

/** Mostly muted colours of any lightness, some vivid, some near to skin. */
function sampleColor(rng: Rng): Rgb {
  const value = rng.uniform(15, 245);
  const kind = rng.uniform();
  if (kind < 0.15) return [value, value * rng.uniform(0.6, 0.85), value * rng.uniform(0.45, 0.75)];
  const spread = kind < 0.4 ? 0.9 : 0.3;
  const channel = () => value * (1 + spread * rng.uniform(-1, 1));
  return [channel(), channel(), channel()];
}

/** Mixes a colour in where `weight(x, y)` is not zero; x and y run over 0 … 1 along the longer side. */
function paint({ width, height, values }: Canvas, color: Rgb, weight: (x: number, y: number) => number): void {
  const side = Math.max(width, height);
  for (let row = 0, i = 0; row < height; row++) {
    for (let column = 0; column < width; column++, i += 4) {
      const share = weight(column / side, row / side);
      if (share <= 0) continue;
      values[i]! += share * (color[0] - values[i]!);
      values[i + 1]! += share * (color[1] - values[i + 1]!);
      values[i + 2]! += share * (color[2] - values[i + 2]!);
    }
  }
}

function sampleDirection(rng: Rng): [number, number] {
  const angle = rng.uniform(0, 2 * Math.PI);
  return [Math.cos(angle), Math.sin(angle)];
}

function gradient(canvas: Canvas, rng: Rng): void {
  const [from, to] = [sampleColor(rng), sampleColor(rng)];
  canvas.gradient({ from, to, direction: sampleDirection(rng), strength: rng.uniform(0.2, 1) });
}

function stripes(canvas: Canvas, rng: Rng): void {
  const color = sampleColor(rng);
  const [dx, dy] = sampleDirection(rng);
  const frequency = rng.uniform(2, 18);
  const duty = rng.uniform(0.25, 0.75);
  const opacity = rng.uniform(0.2, 0.9);
  const crossed = rng.uniform() < 0.3;
  const wave = (t: number) => ((t % 1) + 1) % 1 < duty;
  paint(canvas, color, (x, y) => {
    const along = wave(frequency * (dx * x + dy * y));
    const on = crossed ? along !== wave(frequency * (dx * y - dy * x)) : along;
    return on ? opacity : 0;
  });
}

/** Ellipses and boxes, turned anyhow, with soft edges or (unless `soft`) hard ones. */
function blob(canvas: Canvas, rng: Rng, soft = false): void {
  const color = sampleColor(rng);
  const center = [rng.uniform(-0.1, 1.1), rng.uniform(-0.1, 1.1)] as const;
  const direction = sampleDirection(rng);
  const [least, most] = soft ? [0.2, 0.6] : [0.04, 0.5];
  const halfSides = [rng.uniform(least, most), rng.uniform(least, most)] as const;
  const sharpness = !soft && rng.uniform() < 0.5 ? 60 : rng.uniform(1.5, soft ? 3 : 8);
  const isBox = rng.uniform() < 0.5;
  canvas.spot({ color, center, direction, halfSides, isBox, sharpness, opacity: rng.uniform(0.3, 1) });
}

const smooth = (t: number) => t * t * (3 - 2 * t);

/** Adds smooth noise of several scales; each octave is a random grid, interpolated. */
function noise({ width, height, values }: Canvas, rng: Rng, amplitudes: Range): void {
  const roughness = rng.uniform(0.4, 0.9);
  const colored = rng.uniform(0, 0.5);
  const hue = [0, 1, 2].map(() => 1 + colored * rng.uniform(-1, 1)) as [number, number, number];
  const sum = new Float32Array(width * height);
  let amplitude = rng.uniform(...amplitudes);
  for (let cells = rng.integer(2, 4); cells < width / 2; cells *= 2) {
    const side = cells + 2;
    const grid = new Float32Array(side * side).map(() => rng.uniform(-amplitude, amplitude));
    const scale = cells / Math.max(width, height);
    const line = new Float32Array(side);
    const lefts = new Int32Array(width).map((_, column) => Math.floor(column * scale));
    const shares = Float32Array.from(lefts).map((left, column) => smooth(column * scale - left));
    for (let row = 0, i = 0; row < height; row++) {
      const top = Math.floor(row * scale);
      const share = smooth(row * scale - top);
      for (let k = 0, at = top * side; k < side; k++, at++)
        line[k] = grid[at]! + share * (grid[at + side]! - grid[at]!);
      for (let column = 0; column < width; column++, i++) {
        const left = lefts[column]!;
        const value = line[left]!;
        sum[i]! += value + shares[column]! * (line[left + 1]! - value);
      }
    }
    amplitude *= roughness;
  }
  for (let pixel = 0, i = 0; pixel < sum.length; pixel++, i += 4) {
    values[i]! += hue[0] * sum[pixel]!;
    values[i + 1]! += hue[1] * sum[pixel]!;
    values[i + 2]! += hue[2] * sum[pixel]!;
  }
}

/**
 * A background that no two pictures share.
 *
 * @param rng decides everything
 * @param width pixels
 * @param height pixels
 * @param setting a kind, or a kind with ranges of its own; default 'varied'
 */
export function proceduralBackground(
  rng: Rng,
  width: number,
  height: number,
  setting: BackgroundSetting = 'varied',
): RgbImage {
  const ranges = resolveBackground(setting);
  if (ranges.kind === 'scene') return sceneBackground(rng, width, height, ranges);
  return paintSoftly(width, height, (canvas) => {
    gradient(canvas, rng);
    if (ranges.kind === 'plain') {
      for (let count = rng.integer(...ranges.spots); count > 0; count--) blob(canvas, rng, true);
      return;
    }
    if (rng.uniform() < ranges.stripes.probability) stripes(canvas, rng);
    for (let count = rng.integer(...ranges.blobs); count > 0; count--) blob(canvas, rng);
    if (rng.uniform() < ranges.noise.probability) noise(canvas, rng, ranges.noise.amplitude);
  });
}
