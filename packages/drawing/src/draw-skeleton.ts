import { ShapeError } from '@opposable/tensor-checks';
import { drawCircle } from './draw-circle.js';
import { drawLine } from './draw-line.js';
import type { Color, RgbImage } from './types.js';

export interface SkeletonOptions {
  /** Pairs of point indices, for example `skeleton(order)` of `@opposable/keypoint-order`. */
  readonly edges: readonly (readonly [number, number])[];
  /** One colour per edge, or one for all; default five hues, in equal shares over the edges. */
  readonly colors?: Color | readonly Color[] | undefined;
  /** Radius of the points in pixels; lines are as wide. Default 1/64 of the shorter side, at least 1.5. */
  readonly radius?: number | undefined;
  /** [K] 0: not drawn, 1: drawn faintly, 2: drawn. Default all drawn. */
  readonly visibility?: ArrayLike<number> | undefined;
  /** 0 … 1. Default 1. */
  readonly opacity?: number | undefined;
}

/** The colours of the five fingers in pictures, from the thumb on. */
export const FINGER_COLORS: readonly Color[] = [
  [230, 80, 60],
  [240, 190, 40],
  [90, 200, 80],
  [70, 140, 250],
  [210, 100, 230],
];

const FAINT = 0.35;

/**
 * Draws keypoints and the bones between them into the image that is passed. Each point takes the colour of the bone
 * that ends there. Points that are not finite are left out with their bones.
 *
 * @param image changed
 * @param points [K, 2] flat columns and rows
 * @throws ShapeError if the points are not pairs or an edge names a point that is not there
 *
 * @example
 * drawSkeleton(image, keypoints, { edges: [[0, 1], [1, 2]] });
 */
export function drawSkeleton(image: RgbImage, points: ArrayLike<number>, options: SkeletonOptions): void {
  const count = points.length / 2;
  const { edges, visibility, opacity = 1 } = options;
  if (!Number.isInteger(count) || edges.some((edge) => edge.some((k) => !(k >= 0 && k < count)))) {
    throw new ShapeError(
      `drawSkeleton: expected points as flat [K, 2] and edges between points 0 … K − 1, got ${points.length} numbers and edges up to ${Math.max(...edges.flat())}.`,
      { expected: '[K, 2]', actual: points.length },
    );
  }
  const radius = options.radius ?? Math.max(1.5, Math.min(image.width, image.height) / 64);
  const colorOf = (edge: number): Color => {
    const { colors } = options;
    if (colors === undefined) return FINGER_COLORS[Math.floor((edge * FINGER_COLORS.length) / edges.length)]!;
    return typeof colors[0] === 'number' ? (colors as Color) : (colors as readonly Color[])[edge % colors.length]!;
  };
  const at = (k: number) => [points[2 * k]!, points[2 * k + 1]!] as const;
  const strength = (k: number): number => {
    if (!at(k).every(Number.isFinite)) return 0;
    const visible = visibility?.[k] ?? 2;
    return visible === 0 ? 0 : visible === 1 ? FAINT * opacity : opacity;
  };
  edges.forEach(([from, to], edge) => {
    const edgeOpacity = Math.min(strength(from), strength(to));
    if (edgeOpacity > 0)
      drawLine(image, at(from), at(to), { color: colorOf(edge), width: radius, opacity: edgeOpacity });
  });
  for (let k = 0; k < count; k++) {
    if (strength(k) === 0) continue;
    const ending = edges.findIndex(([, to]) => to === k);
    const color: Color = ending < 0 ? [255, 255, 255] : colorOf(ending);
    drawCircle(image, at(k), { radius, color, opacity: strength(k) });
  }
}
