import { multiplyAdd } from '../shared/multiply-add';
import {
  GROUP_ROW,
  vertexTermRowsOf,
  vertexTermStartsOf,
  vertexTermWeightsOf,
  weightJointsOf,
  weightsOf,
  weightStartsOf,
} from './layout';

/**
 * Gradients of the transforms and of the posed rest vertices from those of the skinned vertices `from` … `to` − 1 of a block,
 * for four items. Every pointer points at the lane of the first item.
 *
 * @param posed [24] rows as saved
 * @param transforms [J, 12] rows
 * @param transformGradients [J, 12] rows, added to
 * @param points [R, 3] rows: gradients of the points
 * @param gradient [24] rows: from the gradients of the vertices to those of the posed rest vertices, in place
 */
export function skinGradient4(
  table: usize,
  values: usize,
  from: i32,
  to: i32,
  posed: usize,
  transforms: usize,
  transformGradients: usize,
  points: usize,
  gradient: usize,
): void {
  const starts = weightStartsOf(table);
  const joints = weightJointsOf(table);
  const weights = weightsOf(table, values);
  const termStarts = vertexTermStartsOf(table);
  for (let v = from; v < to; v++) {
    let d0 = v128.load(gradient);
    let d1 = v128.load(gradient, GROUP_ROW);
    let d2 = v128.load(gradient, 2 * GROUP_ROW);
    let term = load<i32>(termStarts + ((<usize>v) << 2));
    const lastTerm = load<i32>(termStarts + ((<usize>v) << 2), 4);
    for (; term < lastTerm; term++) {
      const place = (<usize>term) << 2;
      const share = v128.load32_splat(vertexTermWeightsOf(table, values) + place);
      const point = points + <usize>load<i32>(vertexTermRowsOf(table) + place) * 3 * GROUP_ROW;
      d0 = multiplyAdd(share, v128.load(point), d0);
      d1 = multiplyAdd(share, v128.load(point, GROUP_ROW), d1);
      d2 = multiplyAdd(share, v128.load(point, 2 * GROUP_ROW), d2);
    }
    const at = starts + ((<usize>v) << 2);
    const first = (<usize>load<i32>(at)) << 2;
    const end = (<usize>load<i32>(at, 4)) << 2;
    // Σ w · Rᵀ · d
    let e = first;
    let g0 = f32x4.splat(0);
    let g1 = g0;
    let g2 = g0;
    for (; e < end; e += 4) {
      const a = transforms + <usize>load<i32>(joints + e) * (12 * GROUP_ROW);
      const w = v128.load32_splat(weights + e);
      const w0 = f32x4.mul(w, d0);
      const w1 = f32x4.mul(w, d1);
      const w2 = f32x4.mul(w, d2);
      g0 = multiplyAdd(w0, v128.load(a), g0);
      g1 = multiplyAdd(w0, v128.load(a, GROUP_ROW), g1);
      g2 = multiplyAdd(w0, v128.load(a, 2 * GROUP_ROW), g2);
      g0 = multiplyAdd(w1, v128.load(a, 4 * GROUP_ROW), g0);
      g1 = multiplyAdd(w1, v128.load(a, 5 * GROUP_ROW), g1);
      g2 = multiplyAdd(w1, v128.load(a, 6 * GROUP_ROW), g2);
      g0 = multiplyAdd(w2, v128.load(a, 8 * GROUP_ROW), g0);
      g1 = multiplyAdd(w2, v128.load(a, 9 * GROUP_ROW), g1);
      g2 = multiplyAdd(w2, v128.load(a, 10 * GROUP_ROW), g2);
    }
    v128.store(gradient, g0);
    v128.store(gradient, g1, GROUP_ROW);
    v128.store(gradient, g2, 2 * GROUP_ROW);
    gradient += 3 * GROUP_ROW;
    // w · d ⊗ (v, 1)
    const x = v128.load(posed);
    const y = v128.load(posed, GROUP_ROW);
    const z = v128.load(posed, 2 * GROUP_ROW);
    posed += 3 * GROUP_ROW;
    for (e = first; e < end; e += 4) {
      const a = transformGradients + <usize>load<i32>(joints + e) * (12 * GROUP_ROW);
      const w = v128.load32_splat(weights + e);
      const w0 = f32x4.mul(w, d0);
      v128.store(a, multiplyAdd(w0, x, v128.load(a)));
      v128.store(a, multiplyAdd(w0, y, v128.load(a, GROUP_ROW)), GROUP_ROW);
      v128.store(a, multiplyAdd(w0, z, v128.load(a, 2 * GROUP_ROW)), 2 * GROUP_ROW);
      v128.store(a, f32x4.add(w0, v128.load(a, 3 * GROUP_ROW)), 3 * GROUP_ROW);
      const w1 = f32x4.mul(w, d1);
      v128.store(a, multiplyAdd(w1, x, v128.load(a, 4 * GROUP_ROW)), 4 * GROUP_ROW);
      v128.store(a, multiplyAdd(w1, y, v128.load(a, 5 * GROUP_ROW)), 5 * GROUP_ROW);
      v128.store(a, multiplyAdd(w1, z, v128.load(a, 6 * GROUP_ROW)), 6 * GROUP_ROW);
      v128.store(a, f32x4.add(w1, v128.load(a, 7 * GROUP_ROW)), 7 * GROUP_ROW);
      const w2 = f32x4.mul(w, d2);
      v128.store(a, multiplyAdd(w2, x, v128.load(a, 8 * GROUP_ROW)), 8 * GROUP_ROW);
      v128.store(a, multiplyAdd(w2, y, v128.load(a, 9 * GROUP_ROW)), 9 * GROUP_ROW);
      v128.store(a, multiplyAdd(w2, z, v128.load(a, 10 * GROUP_ROW)), 10 * GROUP_ROW);
      v128.store(a, f32x4.add(w2, v128.load(a, 11 * GROUP_ROW)), 11 * GROUP_ROW);
    }
  }
}

/**
 * The same for one item, with the columns of the transforms in the lanes; writes four floats per vertex in `out`.
 *
 * @param transforms [J, 3, 4]
 * @param transformGradients [J, 3, 4], added to
 * @param gradient [8, 3]: of the vertices
 * @param out [8, 3] and one more float: of the posed rest vertices
 */
export function skinGradient1(
  table: usize,
  values: usize,
  from: i32,
  to: i32,
  posed: usize,
  transforms: usize,
  transformGradients: usize,
  points: usize,
  gradient: usize,
  out: usize,
): void {
  const starts = weightStartsOf(table);
  const joints = weightJointsOf(table);
  const weights = weightsOf(table, values);
  const termStarts = vertexTermStartsOf(table);
  for (let v = from; v < to; v++) {
    let d0 = load<f32>(gradient);
    let d1 = load<f32>(gradient, 4);
    let d2 = load<f32>(gradient, 8);
    gradient += 12;
    let term = load<i32>(termStarts + ((<usize>v) << 2));
    const lastTerm = load<i32>(termStarts + ((<usize>v) << 2), 4);
    for (; term < lastTerm; term++) {
      const place = (<usize>term) << 2;
      const share = load<f32>(vertexTermWeightsOf(table, values) + place);
      const point = points + <usize>load<i32>(vertexTermRowsOf(table) + place) * 12;
      d0 += share * load<f32>(point);
      d1 += share * load<f32>(point, 4);
      d2 += share * load<f32>(point, 8);
    }
    const at = starts + ((<usize>v) << 2);
    let e = (<usize>load<i32>(at)) << 2;
    const end = (<usize>load<i32>(at, 4)) << 2;
    const s0 = f32x4.splat(d0);
    const s1 = f32x4.splat(d1);
    const s2 = f32x4.splat(d2);
    const point = f32x4.replace_lane(v128.load(posed), 3, 1); // (x, y, z, 1)
    posed += 12;
    const m0 = f32x4.mul(s0, point);
    const m1 = f32x4.mul(s1, point);
    const m2 = f32x4.mul(s2, point);
    let g = f32x4.splat(0);
    for (; e < end; e += 4) {
      const place = <usize>load<i32>(joints + e) * 48;
      const a = transforms + place;
      const to = transformGradients + place;
      const w = v128.load32_splat(weights + e);
      const turned = multiplyAdd(s2, v128.load(a, 32), multiplyAdd(s1, v128.load(a, 16), f32x4.mul(s0, v128.load(a))));
      g = multiplyAdd(w, turned, g);
      v128.store(to, multiplyAdd(w, m0, v128.load(to)));
      v128.store(to, multiplyAdd(w, m1, v128.load(to, 16)), 16);
      v128.store(to, multiplyAdd(w, m2, v128.load(to, 32)), 32);
    }
    v128.store(out, g);
    out += 12;
  }
}
