import type { Camera } from '../types.js';
import { type RenderBuffers, SCREEN_STRIDE } from './render-buffers.js';

/** Parts of a sample to which vertices are snapped; edge functions of snapped vertices are exact integers. */
export const SNAP = 1024;

/** Vertices farther out than this many samples are clipped: with SNAP it keeps every edge function below 2^53. */
export const GUARD_BAND = 16384;

/** A linear map from camera coordinates to homogeneous sample coordinates. */
export interface SampleProjection {
  /** Rows give column · w, row · w and w from (x, y, z, 1). */
  readonly matrix: Float64Array;
  readonly perspective: boolean;
  /** Smallest depth that is drawn; −Infinity without perspective. */
  readonly near: number;
}

/** Combines the camera with the map from pixels to the grid of `antialias`² samples per pixel. */
export function sampleProjection(camera: Camera, antialias: number, near: number): SampleProjection {
  const shift = 0.5 * antialias - 0.5; // pixel centre u lies at sample (u + 0.5) · n − 0.5
  if (camera.kind === 'weak-perspective') {
    const scale = camera.scale * antialias;
    const [u, v] = camera.translation;
    return {
      // prettier-ignore
      matrix: Float64Array.of(
        scale, 0, 0, u * antialias + shift,
        0, scale, 0, v * antialias + shift,
        0, 0, 0, 1,
      ),
      perspective: false,
      near: -Infinity,
    };
  }
  const k = Array.from(camera.intrinsics);
  return {
    // prettier-ignore
    matrix: Float64Array.of(
      k[0]! * antialias, k[1]! * antialias, k[2]! * antialias + shift, 0,
      0, k[4]! * antialias, k[5]! * antialias + shift, 0,
      0, 0, 1, 0,
    ),
    perspective: true,
    near,
  };
}

/**
 * Sample coordinates and nearness of every vertex. Nearness is 1/z with perspective and −z without: linear over a
 * triangle on the screen in both cases, larger is nearer.
 */
export function projectToSamples(buffers: RenderBuffers, projection: SampleProjection): void {
  const { vertices, screen, outside } = buffers;
  const { matrix: m, perspective, near } = projection;
  const m0 = m[0]!;
  const m1 = m[1]!;
  const m2 = m[2]!;
  const m3 = m[3]!;
  const m5 = m[5]!;
  const m6 = m[6]!;
  const m7 = m[7]!;
  for (let i = 0, o = 0, v = 0; i < vertices.length; i += 3, o += SCREEN_STRIDE, v++) {
    const x = vertices[i]!;
    const y = vertices[i + 1]!;
    const z = vertices[i + 2]!;
    const nearness = perspective ? 1 / z : -z;
    const column = perspective ? (m0 * x + m1 * y) * nearness + m2 : m0 * x + m3;
    const row = perspective ? m5 * y * nearness + m6 : m5 * y + m7;
    screen[o] = column;
    screen[o + 1] = row;
    screen[o + 2] = nearness;
    screen[o + 3] = Math.floor(column * SNAP + 0.5);
    screen[o + 4] = Math.floor(row * SNAP + 0.5);
    outside[v] = z >= near && Math.abs(column) <= GUARD_BAND && Math.abs(row) <= GUARD_BAND ? 0 : 1;
  }
}
