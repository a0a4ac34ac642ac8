import { ShapeError } from '@opposable/tensor-checks';
import { assertImageSize } from '../image-checks.js';
import type { Camera } from '../types.js';
import { checkCamera } from './check-scene.js';

/** A depth image, as a render gives it. */
export interface DepthImage {
  readonly width: number;
  readonly height: number;
  /** [H·W] z of the surface, Infinity where empty */
  readonly data: ArrayLike<number>;
}

export interface KeypointVisibilityOptions {
  /**
   * How much nearer than the point the surface may be, in the unit of the points: one number, or one per point. A joint lies inside
   * the flesh, so its margin is the distance to its own skin and a little more. Default 0.
   */
  readonly margin?: number | ArrayLike<number> | undefined;
}

/**
 * Which points the picture shows, judged by its depth at the nearest pixel: z − depth ≤ margin.
 *
 * @param points [K, 3] flat, camera frame
 * @returns [K] 2 seen, 1 hidden behind a surface, 0 outside of the picture or behind the viewer
 * @throws ShapeError if a length does not fit, ConfigError if the camera does not
 */
export function keypointVisibility(
  points: ArrayLike<number>,
  camera: Camera,
  depth: DepthImage,
  { margin = 0 }: KeypointVisibilityOptions = {},
): Uint8Array {
  const operation = 'keypointVisibility';
  const count = points.length / 3;
  assertImageSize(depth.width, depth.height, operation);
  checkCamera(camera, operation);
  if (!Number.isInteger(count) || (typeof margin !== 'number' && margin.length !== count)) {
    throw new ShapeError(
      `${operation}: expected points as flat [K, 3] with one margin or K, got ${points.length} numbers${typeof margin === 'number' ? '' : ` and ${margin.length} margins`}.`,
      { expected: 'flat [K, 3]', actual: points.length },
    );
  }
  if (depth.data.length !== depth.width * depth.height) {
    throw new ShapeError(
      `${operation}: expected depth of ${depth.width} · ${depth.height} numbers, got ${depth.data.length}.`,
      { expected: depth.width * depth.height, actual: depth.data.length },
    );
  }
  const seen = new Uint8Array(count);
  for (let k = 0; k < count; k++) {
    const [x, y, z] = [points[3 * k]!, points[3 * k + 1]!, points[3 * k + 2]!];
    let u: number;
    let v: number;
    if (camera.kind === 'weak-perspective') {
      u = camera.translation[0] + camera.scale * x;
      v = camera.translation[1] + camera.scale * y;
    } else {
      if (!(z > 0)) continue;
      const { intrinsics: i } = camera;
      u = (i[0]! * x + i[1]! * y) / z + i[2]!;
      v = (i[4]! * y) / z + i[5]!;
    }
    const column = Math.round(u);
    const row = Math.round(v);
    if (!(column >= 0 && column < depth.width && row >= 0 && row < depth.height)) continue;
    const allowed = typeof margin === 'number' ? margin : margin[k]!;
    seen[k] = z - depth.data[row * depth.width + column]! <= allowed ? 2 : 1;
  }
  return seen;
}
