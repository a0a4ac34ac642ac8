import { ConfigError } from '@opposable/tensor-checks';
import { assertImageSize } from '../image-checks.js';
import type { RgbImage } from '../types.js';
import { type Filters, sharedFilters } from './filter-memory.js';

/** Side of the tile of noise that gives surfaces their grain. */
export const GRAIN_TILE_SIDE = 256;

type Pair = readonly [number, number];

/** What a painted surface looks like. */
export interface PaintedSurface {
  /** bytes, not clamped */
  readonly color: readonly [number, number, number];
  /** change of brightness per pixel to the right and downwards, from the middle of the picture */
  readonly slope: Pair;
  /** bytes by which a 1 of the tile changes the brightness */
  readonly grain: number;
  /** pixels of the tile per pixel of the picture, in x and y */
  readonly stretch: Pair;
  /** place in the tile of the picture's first pixel; not negative */
  readonly offset: Pair;
}

/** Fills convex outlines on a picture. */
export type FillSurface = (outline: readonly Pair[], surface: PaintedSurface, opacity?: number) => void;

/** More corners than any outline has. */
const MOST_CORNERS = 64;

/**
 * A picture of convex surfaces, painted one over the other: each has a colour, a slope of brightness, and grain from a tile of
 * noise that repeats without a seam.
 *
 * @param tile [256, 256] numbers in −1 … 1
 * @param paint gets a function that fills outlines of at most 64 corners; no other filter may run inside
 * @throws ConfigError for a tile of another size or an outline with more corners
 */
export function paintSurfaces(
  width: number,
  height: number,
  tile: Float32Array,
  paint: (fill: FillSurface) => void,
  filters: Filters = sharedFilters(),
): RgbImage {
  assertImageSize(width, height, 'paintSurfaces');
  const texels = GRAIN_TILE_SIDE * GRAIN_TILE_SIDE;
  if (tile.length !== texels) {
    throw new ConfigError(`paintSurfaces: expected a tile of ${texels} numbers, got ${tile.length}.`, {
      expected: texels,
      actual: tile.length,
    });
  }
  const length = 3 * width * height;
  const take = filters.begin(4 * texels + length + 16 * MOST_CORNERS + 64);
  const grain = take.floats(texels);
  const numbers = take.floats(12);
  const corners = take.doubles(2 * MOST_CORNERS);
  const bytes = take.bytes(length + 1); // a pixel is read with the byte that follows it
  grain.set(tile);
  bytes.fill(0);
  paint((outline, { color, slope, grain: strength, stretch, offset }, opacity = 1) => {
    if (outline.length > MOST_CORNERS) {
      throw new ConfigError(`paintSurfaces: expected at most ${MOST_CORNERS} corners, got ${outline.length}.`, {
        expected: MOST_CORNERS,
        actual: outline.length,
      });
    }
    numbers.set([...color, 0, ...slope, strength, opacity, ...stretch, ...offset]);
    outline.forEach(([x, y], k) => {
      corners[2 * k] = x;
      corners[2 * k + 1] = y;
    });
    filters.kernels.fillConvex(bytes, { width, height }, corners.subarray(0, 2 * outline.length), grain, numbers);
  });
  return { width, height, data: bytes.slice(0, length) };
}
