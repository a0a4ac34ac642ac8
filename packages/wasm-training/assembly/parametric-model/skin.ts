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
 * Skins the vertices `from` … `to` − 1 of a block for four items: out = scale · (Σ w · A · (v, 1) + offset).
 *
 * Every pointer points at the lane of the first item.
 *
 * @param posed [24] rows
 * @param transforms [J, 12] rows
 * @param offset [3] rows
 * @param points [R, 3] rows, to which the vertices are added that are part of a point, without offset and scale
 * @param out [24] rows
 */
export function skin4(
  table: usize,
  values: usize,
  from: i32,
  to: i32,
  posed: usize,
  transforms: usize,
  offset: usize,
  scale: f32,
  points: usize,
  out: usize,
): void {
  const starts = weightStartsOf(table);
  const joints = weightJointsOf(table);
  const weights = weightsOf(table, values);
  const termStarts = vertexTermStartsOf(table);
  for (let v = from; v < to; v++) {
    const at = starts + ((<usize>v) << 2);
    let e = (<usize>load<i32>(at)) << 2;
    const end = (<usize>load<i32>(at, 4)) << 2;
    let a = transforms + <usize>load<i32>(joints + e) * (12 * GROUP_ROW);
    let w = v128.load32_splat(weights + e);
    let t00 = f32x4.mul(w, v128.load(a));
    let t01 = f32x4.mul(w, v128.load(a, GROUP_ROW));
    let t02 = f32x4.mul(w, v128.load(a, 2 * GROUP_ROW));
    let t03 = f32x4.mul(w, v128.load(a, 3 * GROUP_ROW));
    let t10 = f32x4.mul(w, v128.load(a, 4 * GROUP_ROW));
    let t11 = f32x4.mul(w, v128.load(a, 5 * GROUP_ROW));
    let t12 = f32x4.mul(w, v128.load(a, 6 * GROUP_ROW));
    let t13 = f32x4.mul(w, v128.load(a, 7 * GROUP_ROW));
    let t20 = f32x4.mul(w, v128.load(a, 8 * GROUP_ROW));
    let t21 = f32x4.mul(w, v128.load(a, 9 * GROUP_ROW));
    let t22 = f32x4.mul(w, v128.load(a, 10 * GROUP_ROW));
    let t23 = f32x4.mul(w, v128.load(a, 11 * GROUP_ROW));
    for (e += 4; e < end; e += 4) {
      a = transforms + <usize>load<i32>(joints + e) * (12 * GROUP_ROW);
      w = v128.load32_splat(weights + e);
      t00 = multiplyAdd(w, v128.load(a), t00);
      t01 = multiplyAdd(w, v128.load(a, GROUP_ROW), t01);
      t02 = multiplyAdd(w, v128.load(a, 2 * GROUP_ROW), t02);
      t03 = multiplyAdd(w, v128.load(a, 3 * GROUP_ROW), t03);
      t10 = multiplyAdd(w, v128.load(a, 4 * GROUP_ROW), t10);
      t11 = multiplyAdd(w, v128.load(a, 5 * GROUP_ROW), t11);
      t12 = multiplyAdd(w, v128.load(a, 6 * GROUP_ROW), t12);
      t13 = multiplyAdd(w, v128.load(a, 7 * GROUP_ROW), t13);
      t20 = multiplyAdd(w, v128.load(a, 8 * GROUP_ROW), t20);
      t21 = multiplyAdd(w, v128.load(a, 9 * GROUP_ROW), t21);
      t22 = multiplyAdd(w, v128.load(a, 10 * GROUP_ROW), t22);
      t23 = multiplyAdd(w, v128.load(a, 11 * GROUP_ROW), t23);
    }
    const x = v128.load(posed);
    const y = v128.load(posed, GROUP_ROW);
    const z = v128.load(posed, 2 * GROUP_ROW);
    posed += 3 * GROUP_ROW;
    t03 = multiplyAdd(t02, z, multiplyAdd(t01, y, multiplyAdd(t00, x, t03)));
    t13 = multiplyAdd(t12, z, multiplyAdd(t11, y, multiplyAdd(t10, x, t13)));
    t23 = multiplyAdd(t22, z, multiplyAdd(t21, y, multiplyAdd(t20, x, t23)));
    const unit = f32x4.splat(scale);
    v128.store(out, f32x4.mul(unit, f32x4.add(t03, v128.load(offset))));
    v128.store(out, f32x4.mul(unit, f32x4.add(t13, v128.load(offset, GROUP_ROW))), GROUP_ROW);
    v128.store(out, f32x4.mul(unit, f32x4.add(t23, v128.load(offset, 2 * GROUP_ROW))), 2 * GROUP_ROW);
    out += 3 * GROUP_ROW;
    let term = load<i32>(termStarts + ((<usize>v) << 2));
    const lastTerm = load<i32>(termStarts + ((<usize>v) << 2), 4);
    for (; term < lastTerm; term++) {
      const place = (<usize>term) << 2;
      const share = v128.load32_splat(vertexTermWeightsOf(table, values) + place);
      const point = points + <usize>load<i32>(vertexTermRowsOf(table) + place) * 3 * GROUP_ROW;
      v128.store(point, multiplyAdd(share, t03, v128.load(point)));
      v128.store(point, multiplyAdd(share, t13, v128.load(point, GROUP_ROW)), GROUP_ROW);
      v128.store(point, multiplyAdd(share, t23, v128.load(point, 2 * GROUP_ROW)), 2 * GROUP_ROW);
    }
  }
}

/**
 * The same for one item, with x, y and z in the lanes; writes four floats per vertex, the fourth beyond its place.
 *
 * @param transforms [J, 4, 3]: columns of the transforms
 * @param out [8, 3] and one more float
 */
export function skin1(
  table: usize,
  values: usize,
  from: i32,
  to: i32,
  posed: usize,
  transforms: usize,
  offset: usize,
  scale: f32,
  points: usize,
  out: usize,
): void {
  const starts = weightStartsOf(table);
  const joints = weightJointsOf(table);
  const weights = weightsOf(table, values);
  const termStarts = vertexTermStartsOf(table);
  const unit = f32x4.splat(scale);
  const shift = v128.load(offset);
  for (let v = from; v < to; v++) {
    const at = starts + ((<usize>v) << 2);
    let e = (<usize>load<i32>(at)) << 2;
    const end = (<usize>load<i32>(at, 4)) << 2;
    let t0 = f32x4.splat(0);
    let t1 = t0;
    let t2 = t0;
    let t3 = t0;
    for (; e < end; e += 4) {
      const a = transforms + <usize>load<i32>(joints + e) * 48;
      const w = v128.load32_splat(weights + e);
      t0 = multiplyAdd(w, v128.load(a), t0);
      t1 = multiplyAdd(w, v128.load(a, 12), t1);
      t2 = multiplyAdd(w, v128.load(a, 24), t2);
      t3 = multiplyAdd(w, v128.load(a, 36), t3);
    }
    t3 = multiplyAdd(v128.load32_splat(posed), t0, t3);
    t3 = multiplyAdd(v128.load32_splat(posed, 4), t1, t3);
    t3 = multiplyAdd(v128.load32_splat(posed, 8), t2, t3);
    v128.store(out, f32x4.mul(unit, f32x4.add(t3, shift)));
    posed += 12;
    out += 12;
    let term = load<i32>(termStarts + ((<usize>v) << 2));
    const lastTerm = load<i32>(termStarts + ((<usize>v) << 2), 4);
    for (; term < lastTerm; term++) {
      const place = (<usize>term) << 2;
      const share = load<f32>(vertexTermWeightsOf(table, values) + place);
      const point = points + <usize>load<i32>(vertexTermRowsOf(table) + place) * 12;
      store<f32>(point, load<f32>(point) + share * f32x4.extract_lane(t3, 0));
      store<f32>(point, load<f32>(point, 4) + share * f32x4.extract_lane(t3, 1), 4);
      store<f32>(point, load<f32>(point, 8) + share * f32x4.extract_lane(t3, 2), 8);
    }
  }
}
