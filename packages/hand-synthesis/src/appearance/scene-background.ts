/**
 * Backgrounds built like photographs: wall and floor with a light falling over them, furniture, rows of equal things as on
 * shelves, round things, skin-coloured ones (faces, arms), all with texture and soft shading, then out of focus or not.
 */
import { blurImage, type RgbImage } from '@opposable/drawing';
import type { Rng } from '@opposable/tensor-checks';
import { NOISE_TILE_SIDE, noiseTile } from './noise-tile.js';

type Rgb = readonly [number, number, number];
type Polygon = readonly (readonly [number, number])[];

interface Canvas {
  readonly size: { readonly width: number; readonly height: number };
  readonly data: Uint8Array;
}

const WRAP = NOISE_TILE_SIDE - 1;

/** What a surface looks like: colour, a slope of brightness over the picture, texture. */
interface Surface {
  readonly color: Rgb;
  readonly slope: readonly [number, number];
  readonly grain: number;
  /** pixels of the tile per pixel of the picture, in x and y */
  readonly stretch: readonly [number, number];
  readonly offset: readonly [number, number];
}

/** Colours of one scene: a few that come again, and neutral ones. */
function palette(rng: Rng): Rgb[] {
  const colors = Array.from({ length: rng.integer(2, 5) }, (): Rgb => {
    const value = rng.uniform(25, 235);
    const kind = rng.uniform();
    const spread = kind < 0.55 ? 0.12 : kind < 0.92 ? 0.4 : 0.75; // mostly muted
    const channel = () => value * (1 + spread * rng.uniform(-1, 1));
    return [channel(), channel(), channel()];
  });
  const neutral = rng.uniform(10, 250);
  return [...colors, [neutral, neutral, neutral], [rng.uniform(5, 45), rng.uniform(5, 45), rng.uniform(5, 45)]];
}

/** Near to skin of any tone, as of faces, arms, wood. */
function skinLike(rng: Rng): Rgb {
  const value = rng.uniform(50, 235);
  return [value, value * rng.uniform(0.6, 0.86), value * rng.uniform(0.42, 0.78)];
}

function surfaceOf(rng: Rng, color: Rgb, side: number): Surface {
  const strength = rng.uniform(0, 60) / side;
  const angle = rng.uniform(0, 2 * Math.PI);
  const scale = (Math.exp(rng.uniform(-1.2, 1.6)) * 128) / side;
  const long = rng.uniform() < 0.3 ? rng.uniform(2, 8) : 1; // wood, brushed metal, curtains
  return {
    color,
    slope: [strength * Math.cos(angle), strength * Math.sin(angle)],
    grain: rng.uniform() < 0.75 ? rng.uniform(2, 40) : rng.uniform(30, 90),
    stretch: rng.uniform() < 0.5 ? [scale * long, scale] : [scale, scale * long],
    offset: [rng.uniform(0, NOISE_TILE_SIDE), rng.uniform(0, NOISE_TILE_SIDE)],
  };
}

function fillRow({ size, data }: Canvas, row: number, from: number, to: number, surface: Surface, opacity: number) {
  const tile = noiseTile();
  const { color, slope, grain, stretch, offset } = surface;
  const line = (((row * stretch[1] + offset[1]) | 0) & WRAP) * NOISE_TILE_SIDE;
  const base = slope[1] * (row - size.height / 2) - (slope[0] * size.width) / 2;
  let i = (row * size.width + from) * 3;
  for (let column = from; column <= to; column++, i += 3) {
    const change = base + slope[0] * column + grain * tile[line + (((column * stretch[0] + offset[0]) | 0) & WRAP)]!;
    for (let c = 0; c < 3; c++) {
      const value = data[i + c]! + opacity * (color[c]! + change - data[i + c]!);
      data[i + c] = value <= 0 ? 0 : value >= 255 ? 255 : value;
    }
  }
}

/** Fills a convex outline, row by row. */
function fillPolygon(canvas: Canvas, outline: Polygon, surface: Surface, opacity = 1): void {
  const { width, height } = canvas.size;
  let [top, bottom] = [Infinity, -Infinity];
  for (const [, y] of outline) {
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  const last = Math.min(height - 1, Math.floor(bottom));
  for (let row = Math.max(0, Math.ceil(top)); row <= last; row++) {
    let [left, right] = [Infinity, -Infinity];
    for (let k = 0; k < outline.length; k++) {
      const [ax, ay] = outline[k]!;
      const [bx, by] = outline[(k + 1) % outline.length]!;
      if ((ay < row && by < row) || (ay > row && by > row) || ay === by) continue;
      const x = ax + ((row - ay) / (by - ay)) * (bx - ax);
      left = Math.min(left, x);
      right = Math.max(right, x);
    }
    const from = Math.max(0, Math.ceil(left));
    const to = Math.min(width - 1, Math.floor(right));
    if (from <= to) fillRow(canvas, row, from, to, surface, opacity);
  }
}

function box(cx: number, cy: number, width: number, height: number, angle: number): Polygon {
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  return (
    [
      [-1, -1],
      [1, -1],
      [1, 1],
      [-1, 1],
    ] as const
  ).map(([a, b]) => {
    const [x, y] = [(a * width) / 2, (b * height) / 2];
    return [cx + c * x - s * y, cy + s * x + c * y] as const;
  });
}

function ellipse(cx: number, cy: number, width: number, height: number, angle: number): Polygon {
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  return Array.from({ length: 20 }, (_, k) => {
    const [x, y] = [(Math.cos((k * Math.PI) / 10) * width) / 2, (Math.sin((k * Math.PI) / 10) * height) / 2];
    return [cx + c * x - s * y, cy + s * x + c * y] as const;
  });
}

/** Equal things side by side, in rows. */
function shelf(canvas: Canvas, rng: Rng, colors: readonly Rgb[], tilt: number): void {
  const { width, height } = canvas.size;
  const side = Math.max(width, height);
  const [w, h] = [side * rng.uniform(0.02, 0.12), side * rng.uniform(0.03, 0.2)];
  const [columns, rows] = [rng.integer(3, 14), rng.integer(1, 5)];
  const [x0, y0] = [rng.uniform(-0.3, 0.8) * width, rng.uniform(-0.2, 0.8) * height];
  const gap = rng.uniform(1, 1.4);
  const round = rng.uniform() < 0.25;
  const [c, s] = [Math.cos(tilt), Math.sin(tilt)];
  const rowGap = rng.uniform(1.05, 1.7);
  for (let row = 0; row < rows; row++) {
    const one = surfaceOf(rng, rng.pick(colors), side);
    const other = surfaceOf(rng, rng.pick(colors), side);
    for (let column = 0; column < columns; column++) {
      const [x, y] = [column * w * gap, row * h * rowGap];
      const [cx, cy] = [x0 + c * x - s * y, y0 + s * x + c * y];
      const outline = (round ? ellipse : box)(cx, cy, w, h * rng.uniform(0.85, 1), tilt);
      fillPolygon(canvas, outline, rng.uniform() < 0.7 ? one : other);
      if (rng.uniform() < 0.5) fillPolygon(canvas, box(cx, cy, 0.7 * w, 0.3 * h, tilt), other);
    }
  }
}

function thing(canvas: Canvas, rng: Rng, colors: readonly Rgb[], tilt: number): void {
  const { width, height } = canvas.size;
  const side = Math.max(width, height);
  const color = rng.uniform() < 0.2 ? skinLike(rng) : rng.pick(colors);
  const surface = surfaceOf(rng, color, side);
  const [cx, cy] = [rng.uniform(-0.1, 1.1) * width, rng.uniform(-0.1, 1.1) * height];
  const [w, h] = [side * Math.exp(rng.uniform(-3.2, 0)), side * Math.exp(rng.uniform(-2.4, 0.2))];
  const angle = rng.uniform() < 0.6 ? tilt : rng.uniform(0, Math.PI);
  const outline = (rng.uniform() < 0.4 ? ellipse : box)(cx, cy, w, h, angle);
  fillPolygon(canvas, outline, surface, rng.uniform() < 0.85 ? 1 : rng.uniform(0.3, 0.9));
}

/** Where the blur is this many pixels or more, nothing is lost by painting the scene at half the size. */
const HALVED = 1.6;

/** Twice the size, each pixel mixed from its nearest four: 9, 3, 3 and 1 parts of 16. */
function doubled({ width, height, data }: RgbImage): RgbImage {
  const out = new Uint8Array(4 * data.length);
  const line = 3 * width;
  for (let row = 0; row < 2 * height; row++) {
    const near = (row >> 1) * line;
    const far = Math.min(height - 1, Math.max(0, (row >> 1) + ((row & 1) === 0 ? -1 : 1))) * line;
    let to = row * 2 * line;
    for (let column = 0; column < 2 * width; column++, to += 3) {
      const x = 3 * (column >> 1);
      const next = 3 * Math.min(width - 1, Math.max(0, (column >> 1) + ((column & 1) === 0 ? -1 : 1)));
      for (let c = 0; c < 3; c++) {
        const own = 3 * data[near + x + c]! + data[far + x + c]!;
        const beside = 3 * data[near + next + c]! + data[far + next + c]!;
        out[to + c] = (3 * own + beside + 8) >> 4;
      }
    }
  }
  return { width: 2 * width, height: 2 * height, data: out };
}

/** Paints everything in the order from far to near. */
function paintScene(rng: Rng, width: number, height: number): RgbImage {
  const canvas: Canvas = { size: { width, height }, data: new Uint8Array(width * height * 3) };
  const side = Math.max(width, height);
  const colors = palette(rng);
  const tilt = rng.normal(0, 0.12);
  const wall = surfaceOf(rng, rng.uniform() < 0.12 ? skinLike(rng) : rng.pick(colors), side);
  for (let row = 0; row < height; row++) fillRow(canvas, row, 0, width - 1, wall, 1);
  if (rng.uniform() < 0.4) {
    const y = rng.uniform(0.3, 0.95) * height;
    fillPolygon(canvas, box(width / 2, y + side, 3 * side, 2 * side, tilt), surfaceOf(rng, rng.pick(colors), side));
  }
  const clutter = rng.uniform();
  for (let count = Math.round(clutter * clutter * 18); count > 0; count--) {
    if (rng.uniform() < 0.2) shelf(canvas, rng, colors, tilt);
    else thing(canvas, rng, colors, tilt);
  }
  return { width, height, data: canvas.data };
}

/** A background like a photograph, see the head of this file. */
export function sceneBackground(rng: Rng, width: number, height: number): RgbImage {
  const lens = rng.split('lens');
  const blur = lens.uniform() < 0.6 ? Math.max(width, height) * lens.uniform(0.002, 0.03) : 0;
  const isHalved = blur >= HALVED && width % 2 === 0 && height % 2 === 0;
  if (!isHalved) {
    const image = paintScene(rng, width, height);
    if (blur > 0) blurImage(image, blur);
    return image;
  }
  const half = paintScene(rng, width / 2, height / 2);
  blurImage(half, blur / 2);
  return doubled(half);
}
