import { assertImageSize } from '../image-checks.js';
import type { RgbImage } from '../types.js';
import { type Filters, sharedFilters } from './filter-memory.js';

type Rgb = readonly [number, number, number];

/** One colour that passes into another along a direction; lengths are parts of the longer side of the picture. */
export interface SoftGradient {
  readonly from: Rgb;
  readonly to: Rgb;
  /** unit vector */
  readonly direction: readonly [number, number];
  /** share of `to` where it is largest */
  readonly strength: number;
}

/** An ellipse or box of a colour with soft edges, in parts of the longer side of the picture. */
export interface SoftSpot {
  readonly color: Rgb;
  readonly center: readonly [number, number];
  /** unit vector of its width */
  readonly direction: readonly [number, number];
  readonly halfSides: readonly [number, number];
  readonly isBox: boolean;
  /** the edge takes 1 / sharpness of the half sides */
  readonly sharpness: number;
  readonly opacity: number;
}

/** A picture in the making. */
export interface SoftCanvas {
  readonly width: number;
  readonly height: number;
  /** [H, W, 4] bytes as numbers, not yet clamped; the last is not used */
  readonly values: Float32Array;
  /** Covers the whole picture. */
  gradient(gradient: SoftGradient): void;
  spot(spot: SoftSpot): void;
}

/**
 * A picture of gradients and soft spots.
 *
 * @param paint paints from back to front on black; no other filter may run inside
 */
export function paintSoftly(
  width: number,
  height: number,
  paint: (canvas: SoftCanvas) => void,
  filters: Filters = sharedFilters(),
): RgbImage {
  assertImageSize(width, height, 'paintSoftly');
  const { kernels } = filters;
  const count = width * height;
  const side = Math.max(width, height);
  const take = filters.begin(4 * 16 + 16 * count + 3 * count);
  const numbers = take.floats(16);
  const values = take.floats(4 * count);
  const bytes = take.bytes(3 * count);
  values.fill(0);
  paint({
    ...{ width, height, values },
    gradient({ from, to, direction, strength }) {
      numbers.set([...from, 0, ...to, 0, ...direction, strength, 1 / side]);
      kernels.gradient(values, { width, height }, numbers);
    },
    spot({ color, center, direction, halfSides, isBox, sharpness, opacity }) {
      const [w, h] = halfSides;
      numbers.set([...color, 0, ...center, ...direction, 1 / w, 1 / h, sharpness, opacity, 1 / side]);
      const reach = Math.sqrt(w * w + h * h);
      const region = {
        left: Math.max(0, Math.floor((center[0] - reach) * side)),
        top: Math.max(0, Math.floor((center[1] - reach) * side)),
        right: Math.min(width - 1, Math.ceil((center[0] + reach) * side)),
        bottom: Math.min(height - 1, Math.ceil((center[1] + reach) * side)),
      };
      kernels.spot(values, { width, height }, region, isBox, numbers);
    },
  });
  kernels.gather(values, bytes, count);
  return { width, height, data: bytes.slice() };
}
