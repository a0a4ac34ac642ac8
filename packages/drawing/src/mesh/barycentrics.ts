import type { SampleProjection } from './project-to-samples.js';
import { type RenderBuffers, SCREEN_STRIDE } from './render-buffers.js';

/**
 * Perspective-correct barycentric coordinates of a sample on a face that is known to cover it, within 0 … 1.
 *
 * For a face with every corner on the screen λ_i ∝ (area opposite corner i) · (1/z_i); for one that was clipped
 * λ_i ∝ ray · (h_j × h_k) in homogeneous sample coordinates h, which needs no corner in front of the viewer.
 *
 * @param out the three coordinates, written
 */
export function barycentrics(
  buffers: RenderBuffers,
  projection: SampleProjection,
  face: number,
  column: number,
  row: number,
  out: Float64Array,
): void {
  const { faces, screen, outside } = buffers;
  const a = faces[face * 3]!;
  const b = faces[face * 3 + 1]!;
  const c = faces[face * 3 + 2]!;
  let wa: number;
  let wb: number;
  let wc: number;
  if (outside[a]! + outside[b]! + outside[c]! === 0) {
    const ao = a * SCREEN_STRIDE;
    const bo = b * SCREEN_STRIDE;
    const co = c * SCREEN_STRIDE;
    const ax = screen[ao]! - column;
    const ay = screen[ao + 1]! - row;
    const bx = screen[bo]! - column;
    const by = screen[bo + 1]! - row;
    const cx = screen[co]! - column;
    const cy = screen[co + 1]! - row;
    wa = bx * cy - by * cx;
    wb = cx * ay - cy * ax;
    wc = ax * by - ay * bx;
    if (projection.perspective) {
      wa *= screen[ao + 2]!;
      wb *= screen[bo + 2]!;
      wc *= screen[co + 2]!;
    }
  } else {
    const [ha, hb, hc] = [a, b, c].map((vertex) => homogeneous(buffers.vertices, vertex * 3, projection.matrix)) as [
      number[],
      number[],
      number[],
    ];
    wa = tripleProduct(column, row, hb, hc);
    wb = tripleProduct(column, row, hc, ha);
    wc = tripleProduct(column, row, ha, hb);
  }
  if (wa + wb + wc < 0) {
    wa = -wa;
    wb = -wb;
    wc = -wc;
  }
  if (wa < 0) wa = 0;
  if (wb < 0) wb = 0;
  if (wc < 0) wc = 0;
  const sum = wa + wb + wc;
  const scale = sum > 0 ? 1 / sum : 0;
  out[0] = sum > 0 ? wa * scale : 1;
  out[1] = wb * scale;
  out[2] = wc * scale;
}

function homogeneous(vertices: Float64Array, i: number, m: Float64Array): number[] {
  const [x, y, z] = [vertices[i]!, vertices[i + 1]!, vertices[i + 2]!];
  return [0, 4, 8].map((r) => m[r]! * x + m[r + 1]! * y + m[r + 2]! * z + m[r + 3]!);
}

const tripleProduct = (column: number, row: number, p: readonly number[], q: readonly number[]): number =>
  column * (p[1]! * q[2]! - p[2]! * q[1]!) + row * (p[2]! * q[0]! - p[0]! * q[2]!) + (p[0]! * q[1]! - p[1]! * q[0]!);
