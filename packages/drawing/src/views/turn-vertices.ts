import { boundsOf } from './fit-camera.js';

export interface Turn {
  /** About the vertical axis (y): 90 shows the side that was on the right, 180 the back. Default 0. */
  readonly yaw?: number | undefined;
  /** After that, about the horizontal axis (x): 90 shows what was below. Default 0. */
  readonly pitch?: number | undefined;
}

/**
 * Points turned about the middle of their bounds, which comes to lie in the origin.
 *
 * @param vertices [N, 3] flat, x right, y down, z away
 * @param turn degrees
 */
export function turnVertices(vertices: ArrayLike<number>, { yaw = 0, pitch = 0 }: Turn): Float64Array {
  const { center } = boundsOf(vertices);
  const [cosYaw, sinYaw] = [Math.cos((yaw * Math.PI) / 180), Math.sin((yaw * Math.PI) / 180)];
  const [cosPitch, sinPitch] = [Math.cos((pitch * Math.PI) / 180), Math.sin((pitch * Math.PI) / 180)];
  const turned = new Float64Array(vertices.length);
  for (let i = 0; i < vertices.length; i += 3) {
    const x = vertices[i]! - center[0];
    const y = vertices[i + 1]! - center[1];
    const z = vertices[i + 2]! - center[2];
    const away = -sinYaw * x + cosYaw * z;
    turned[i] = cosYaw * x + sinYaw * z;
    turned[i + 1] = cosPitch * y + sinPitch * away;
    turned[i + 2] = -sinPitch * y + cosPitch * away;
  }
  return turned;
}
