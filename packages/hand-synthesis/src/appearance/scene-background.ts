/**
 * Backgrounds built like photographs: wall and floor with a light falling over them, furniture, rows of equal things as on
 * shelves, round things, skin-coloured ones (faces, arms), all with texture and soft shading, then out of focus or not.
 */
import {
  blurImage,
  doubleSize,
  type FillSurface,
  type PaintedSurface,
  paintSurfaces,
  type RgbImage,
} from '@opposable/drawing';
import type { Rng } from '@opposable/tensor-checks';
import { BACKGROUND_RANGES, type SceneRanges } from '../settings/background.js';
import { NOISE_TILE_SIDE, noiseTile } from './noise-tile.js';

type Rgb = readonly [number, number, number];
type Polygon = readonly (readonly [number, number])[];

interface Canvas {
  readonly size: { readonly width: number; readonly height: number };
  readonly fill: FillSurface;
  readonly ranges: SceneRanges;
}

/** Colours of one scene: a few that come again, and neutral ones. */
function palette(rng: Rng, { brightness }: SceneRanges): Rgb[] {
  const colors = Array.from({ length: rng.integer(2, 5) }, (): Rgb => {
    const value = rng.uniform(...brightness);
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

function surfaceOf(rng: Rng, color: Rgb, side: number, { grain, coarseGrain }: SceneRanges): PaintedSurface {
  const strength = rng.uniform(0, 60) / side;
  const angle = rng.uniform(0, 2 * Math.PI);
  const scale = (Math.exp(rng.uniform(-1.2, 1.6)) * 128) / side;
  const long = rng.uniform() < 0.3 ? rng.uniform(2, 8) : 1; // wood, brushed metal, curtains
  return {
    color,
    slope: [strength * Math.cos(angle), strength * Math.sin(angle)],
    grain: rng.uniform(...(rng.uniform() < 0.75 ? grain : coarseGrain)),
    stretch: rng.uniform() < 0.5 ? [scale * long, scale] : [scale, scale * long],
    offset: [rng.uniform(0, NOISE_TILE_SIDE), rng.uniform(0, NOISE_TILE_SIDE)],
  };
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
  const { ranges } = canvas;
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
    const one = surfaceOf(rng, rng.pick(colors), side, ranges);
    const other = surfaceOf(rng, rng.pick(colors), side, ranges);
    for (let column = 0; column < columns; column++) {
      const [x, y] = [column * w * gap, row * h * rowGap];
      const [cx, cy] = [x0 + c * x - s * y, y0 + s * x + c * y];
      const outline = (round ? ellipse : box)(cx, cy, w, h * rng.uniform(0.85, 1), tilt);
      canvas.fill(outline, rng.uniform() < 0.7 ? one : other);
      if (rng.uniform() < 0.5) canvas.fill(box(cx, cy, 0.7 * w, 0.3 * h, tilt), other);
    }
  }
}

function thing(canvas: Canvas, rng: Rng, colors: readonly Rgb[], tilt: number): void {
  const { width, height } = canvas.size;
  const side = Math.max(width, height);
  const color = rng.uniform() < canvas.ranges.skinThingShare ? skinLike(rng) : rng.pick(colors);
  const surface = surfaceOf(rng, color, side, canvas.ranges);
  const [cx, cy] = [rng.uniform(-0.1, 1.1) * width, rng.uniform(-0.1, 1.1) * height];
  const [w, h] = [side * Math.exp(rng.uniform(-3.2, 0)), side * Math.exp(rng.uniform(-2.4, 0.2))];
  const angle = rng.uniform() < 0.6 ? tilt : rng.uniform(0, Math.PI);
  const outline = (rng.uniform() < 0.4 ? ellipse : box)(cx, cy, w, h, angle);
  canvas.fill(outline, surface, rng.uniform() < 0.85 ? 1 : rng.uniform(0.3, 0.9));
}

/** Where the blur is this many pixels or more, nothing is lost by painting the scene at half the size. */
const HALVED = 1.6;

/** Paints everything in the order from far to near. */
function paintScene(rng: Rng, width: number, height: number, ranges: SceneRanges): RgbImage {
  const side = Math.max(width, height);
  const colors = palette(rng, ranges);
  const tilt = rng.normal(0, 0.12);
  const isSkin = rng.uniform() < ranges.skinWallShare;
  const wall = surfaceOf(rng, isSkin ? skinLike(rng) : rng.pick(colors), side, ranges);
  return paintSurfaces(width, height, noiseTile(), (fill) => {
    const canvas: Canvas = { size: { width, height }, fill, ranges };
    fill(box(width / 2, height / 2, 2 * width, 2 * height, 0), wall);
    if (rng.uniform() < ranges.floor.probability) {
      const y = rng.uniform(0.3, 0.95) * height;
      fill(box(width / 2, y + side, 3 * side, 2 * side, tilt), surfaceOf(rng, rng.pick(colors), side, ranges));
    }
    const clutter = rng.uniform();
    const [fewest, most] = ranges.things;
    for (let count = Math.round(fewest + clutter * clutter * (most - fewest)); count > 0; count--) {
      if (rng.uniform() < ranges.shelfShare) shelf(canvas, rng, colors, tilt);
      else thing(canvas, rng, colors, tilt);
    }
  });
}

/** A background like a photograph, see the head of this file. */
export function sceneBackground(
  rng: Rng,
  width: number,
  height: number,
  ranges: SceneRanges = BACKGROUND_RANGES.scene,
): RgbImage {
  const lens = rng.split('lens');
  const isBlurred = lens.uniform() < ranges.blur.probability;
  const blur = isBlurred ? Math.max(width, height) * lens.uniform(...ranges.blur.overSide) : 0;
  const isHalved = blur >= HALVED && width % 2 === 0 && height % 2 === 0;
  if (!isHalved) {
    const image = paintScene(rng, width, height, ranges);
    if (blur > 0) blurImage(image, blur);
    return image;
  }
  const half = paintScene(rng, width / 2, height / 2, ranges);
  blurImage(half, blur / 2);
  return doubleSize(half);
}
