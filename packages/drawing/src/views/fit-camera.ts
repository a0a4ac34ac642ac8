import { ConfigError } from '@opposable/tensor-checks';
import { assertFinite, assertImageSize } from '../image-checks.js';
import type { Camera } from '../types.js';

/** Smallest box along the axes that holds all points. */
export interface Bounds {
  readonly low: readonly [number, number, number];
  readonly high: readonly [number, number, number];
  readonly center: readonly [number, number, number];
  /** Half of the diagonal. */
  readonly radius: number;
}

/**
 * The bounds of points, for example of a mesh.
 *
 * @param vertices [N, 3] flat, at least one point
 * @throws ConfigError if there is none or one is not finite
 */
export function boundsOf(vertices: ArrayLike<number>): Bounds {
  if (vertices.length < 3) {
    throw new ConfigError('boundsOf: expected at least one vertex, got none.', { expected: '≥ 1', actual: 0 });
  }
  assertFinite(vertices, 'boundsOf', 'vertices');
  const low: [number, number, number] = [Infinity, Infinity, Infinity];
  const high: [number, number, number] = [-Infinity, -Infinity, -Infinity];
  for (let i = 0; i < vertices.length; i++) {
    const axis = (i % 3) as 0 | 1 | 2;
    if (vertices[i]! < low[axis]) low[axis] = vertices[i]!;
    if (vertices[i]! > high[axis]) high[axis] = vertices[i]!;
  }
  const center = ([0, 1, 2] as const).map((axis) => (low[axis] + high[axis]) / 2) as [number, number, number];
  const radius = Math.hypot(...([0, 1, 2] as const).map((axis) => (high[axis] - low[axis]) / 2));
  return { low, high, center, radius };
}

export interface FitCameraOptions {
  readonly width: number;
  readonly height: number;
  /** Free part of the picture on each side, 0 … 0.45. Default 0.04. */
  readonly margin?: number | undefined;
}

/**
 * A weak-perspective camera in which points as they stand just fill the picture.
 *
 * @param vertices [N, 3] flat, camera frame
 * @throws ConfigError for an empty or infinite set, a size or a margin that is not accepted
 */
export function fitCamera(
  vertices: ArrayLike<number>,
  { width, height, margin = 0.04 }: FitCameraOptions,
): Camera & { readonly kind: 'weak-perspective' } {
  assertImageSize(width, height, 'fitCamera');
  if (!(margin >= 0 && margin <= 0.45)) {
    throw new ConfigError(`fitCamera: expected margin in 0 … 0.45, got ${margin}.`, {
      expected: [0, 0.45],
      actual: margin,
    });
  }
  const { low, high, center } = boundsOf(vertices);
  const room = [width, height].map((side) => side * (1 - 2 * margin));
  const spans = [high[0] - low[0], high[1] - low[1]];
  const scales = spans.map((span, axis) => (span > 0 ? room[axis]! / span : Infinity));
  const scale = Math.min(...scales);
  const fitted = scale < Infinity ? scale : 1;
  return {
    kind: 'weak-perspective',
    scale: fitted,
    translation: [(width - 1) / 2 - fitted * center[0], (height - 1) / 2 - fitted * center[1]],
  };
}
