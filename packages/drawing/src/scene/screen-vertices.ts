import type { Camera } from '../types.js';

/** Parts of a sample to which vertices are snapped; edge functions of snapped vertices are exact integers. */
export const SNAP = 256;

/** Vertices farther out than this many samples are clipped, so that every snapped number fits in 23 bits and a sign. */
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

/** Places on the sample grid, written from `first` on. */
export interface ScreenVertices {
  readonly screen: Float64Array;
  readonly snapped: Int32Array;
}

/** Writes one screen vertex. Nearness is 1/z with perspective and −z without: linear over a triangle on the screen, larger is nearer. */
export function writeScreenVertex(out: ScreenVertices, v: number, column: number, row: number, nearness: number): void {
  out.screen[3 * v] = column;
  out.screen[3 * v + 1] = row;
  out.screen[3 * v + 2] = nearness;
  out.snapped[2 * v] = Math.floor(column * SNAP + 0.5);
  out.snapped[2 * v + 1] = Math.floor(row * SNAP + 0.5);
}

/**
 * Projects vertices.
 *
 * @param vertices [N, 3] flat
 * @param outside [N] 1 where the vertex lies before the near plane or outside the guard band, so that its faces are clipped
 * @returns whether any lies outside
 */
export function projectVertices(
  vertices: Float64Array,
  count: number,
  { matrix: m, perspective, near }: SampleProjection,
  out: ScreenVertices,
  outside: Uint8Array,
): boolean {
  const m0 = m[0]!;
  const m1 = m[1]!;
  const m2 = m[2]!;
  const m3 = m[3]!;
  const m5 = m[5]!;
  const m6 = m[6]!;
  const m7 = m[7]!;
  let any = false;
  for (let v = 0, i = 0; v < count; v++, i += 3) {
    const x = vertices[i]!;
    const y = vertices[i + 1]!;
    const z = vertices[i + 2]!;
    const nearness = perspective ? 1 / z : -z;
    const column = perspective ? (m0 * x + m1 * y) * nearness + m2 : m0 * x + m3;
    const row = perspective ? m5 * y * nearness + m6 : m5 * y + m7;
    const inside = z >= near && Math.abs(column) <= GUARD_BAND && Math.abs(row) <= GUARD_BAND;
    outside[v] = inside ? 0 : 1;
    if (inside) writeScreenVertex(out, v, column, row, nearness);
    else any = true;
  }
  return any;
}

/**
 * λ_i / w of a face as three planes over column and row, and its nearness as one.
 *
 * With homogeneous sample coordinates h_i of the corners, λ_i / w = (column, row, 1) · (h_j × h_k) / det(h_a, h_b, h_c): no corner
 * has to lie in front of the viewer (Olano and Greer, Triangle scan conversion using 2D homogeneous coordinates, 1997). A face
 * seen from its edge gets constants.
 */
export function writeFacePlanes(
  vertices: Float64Array,
  a: number,
  b: number,
  c: number,
  { matrix: m, perspective }: SampleProjection,
  planes: Float64Array,
  nearnessPlanes: Float64Array,
  face: number,
): void {
  const p = 9 * face;
  const q = 3 * face;
  const ax = vertices[3 * a]!;
  const ay = vertices[3 * a + 1]!;
  const az = vertices[3 * a + 2]!;
  const bx = vertices[3 * b]!;
  const by = vertices[3 * b + 1]!;
  const bz = vertices[3 * b + 2]!;
  const cx = vertices[3 * c]!;
  const cy = vertices[3 * c + 1]!;
  const cz = vertices[3 * c + 2]!;
  const m0 = m[0]!;
  const m1 = m[1]!;
  const m2 = m[2]!;
  const m3 = m[3]!;
  const m5 = m[5]!;
  const m6 = m[6]!;
  const m7 = m[7]!;
  const aw = perspective ? az : 1;
  const bw = perspective ? bz : 1;
  const cw = perspective ? cz : 1;
  const au = m0 * ax + m1 * ay + m2 * az + m3;
  const bu = m0 * bx + m1 * by + m2 * bz + m3;
  const cu = m0 * cx + m1 * cy + m2 * cz + m3;
  const av = m5 * ay + m6 * az + m7;
  const bv = m5 * by + m6 * bz + m7;
  const cv = m5 * cy + m6 * cz + m7;
  // h_b × h_c, h_c × h_a, h_a × h_b
  const aColumn = bv * cw - bw * cv;
  const aRow = bw * cu - bu * cw;
  const aConstant = bu * cv - bv * cu;
  const bColumn = cv * aw - cw * av;
  const bRow = cw * au - cu * aw;
  const bConstant = cu * av - cv * au;
  const cColumn = av * bw - aw * bv;
  const cRow = aw * bu - au * bw;
  const cConstant = au * bv - av * bu;
  const scale = 1 / (au * aColumn + av * aRow + aw * aConstant);
  if (!Number.isFinite(scale)) {
    planes.fill(0, p, p + 9);
    planes[p] = 1;
    nearnessPlanes[q] = perspective ? 1 / az : -az;
    nearnessPlanes[q + 1] = 0;
    nearnessPlanes[q + 2] = 0;
    return;
  }
  planes[p] = aConstant * scale;
  planes[p + 1] = aColumn * scale;
  planes[p + 2] = aRow * scale;
  planes[p + 3] = bConstant * scale;
  planes[p + 4] = bColumn * scale;
  planes[p + 5] = bRow * scale;
  planes[p + 6] = cConstant * scale;
  planes[p + 7] = cColumn * scale;
  planes[p + 8] = cRow * scale;
  const fa = perspective ? 1 : -az;
  const fb = perspective ? 1 : -bz;
  const fc = perspective ? 1 : -cz;
  for (let k = 0; k < 3; k++) {
    nearnessPlanes[q + k] = fa * planes[p + k]! + fb * planes[p + 3 + k]! + fc * planes[p + 6 + k]!;
  }
}
