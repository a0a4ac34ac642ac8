// Notes. Corners that lie within 64 samples of each other, nearly all of a mesh, have edge functions below 2^31: four samples at a
// time in i32. Others take one sample at a time in f64, exact to 2^53. Both are exact, so which one runs changes no sample.

const SNAP: i32 = 256;
/** Largest extent of a triangle in steps of the snapping for which every edge function fits in 32 bits. */
const SMALL: i32 = 16384;

function ceilSamples(snapped: i32): i32 {
  return (snapped + SNAP - 1) >> 8;
}

function bias(dx: i32, dy: i32): i32 {
  return dy < 0 || (dy == 0 && dx > 0) ? 0 : 1;
}

/** One triangle into a block of samples; `visible` 0 draws depth alone. See rasterize-triangle.ts for the rule. */
function triangle(
  screen: usize,
  snapped: usize,
  planes: usize,
  nearness: usize,
  visible: usize,
  columns: i32,
  stride: i32,
  rowStart: i32,
  rowEnd: i32,
  first: i32,
  second: i32,
  third: i32,
  id: i32,
): void {
  const a = first;
  const b = (id & 1) == 0 ? third : second;
  const c = (id & 1) == 0 ? second : third;
  const ax = load<i32>(snapped + 8 * a);
  const ay = load<i32>(snapped + 8 * a, 4);
  const bx = load<i32>(snapped + 8 * b);
  const by = load<i32>(snapped + 8 * b, 4);
  const cx = load<i32>(snapped + 8 * c);
  const cy = load<i32>(snapped + 8 * c, 4);
  const lowX = min(ax, min(bx, cx));
  const highX = max(ax, max(bx, cx));
  const lowY = min(ay, min(by, cy));
  const highY = max(ay, max(by, cy));
  const left = max(0, ceilSamples(lowX));
  const right = min(columns - 1, highX >> 8);
  const top = max(rowStart, ceilSamples(lowY));
  const bottom = min(rowEnd - 1, highY >> 8);
  if (left > right || top > bottom) return;

  const qa = load<f64>(screen + 24 * a, 16);
  const qb = load<f64>(screen + 24 * b, 16);
  const qc = load<f64>(screen + 24 * c, 16);
  const farthest = f32(min(qa, min(qb, qc)));
  const nearest = f32(max(qa, max(qb, qc)));
  const plane = planes + 24 * (id >> 1);
  const q0 = load<f64>(plane);
  const qColumn = load<f64>(plane, 8);
  const qRow = load<f64>(plane, 16);
  const step = f32(qColumn);
  const aligned = left & ~3;

  const abx = bx - ax;
  const aby = by - ay;
  const bcx = cx - bx;
  const bcy = cy - by;
  const cax = ax - cx;
  const cay = ay - cy;
  const y = top * SNAP;
  const line = (top - rowStart) * stride;

  if (highX - lowX <= SMALL && highY - lowY <= SMALL) {
    const x = aligned * SNAP;
    const lanes = i32x4(0, 1, 2, 3);
    let rowAb = i32x4.add(
      i32x4.splat(abx * (y - ay) - aby * (x - ax) - bias(abx, aby)),
      i32x4.mul(i32x4.splat(-aby * SNAP), lanes),
    );
    let rowBc = i32x4.add(
      i32x4.splat(bcx * (y - by) - bcy * (x - bx) - bias(bcx, bcy)),
      i32x4.mul(i32x4.splat(-bcy * SNAP), lanes),
    );
    let rowCa = i32x4.add(
      i32x4.splat(cax * (y - cy) - cay * (x - cx) - bias(cax, cay)),
      i32x4.mul(i32x4.splat(-cay * SNAP), lanes),
    );
    const stepAb = i32x4.splat(-aby * SNAP * 4);
    const stepBc = i32x4.splat(-bcy * SNAP * 4);
    const stepCa = i32x4.splat(-cay * SNAP * 4);
    const downAb = i32x4.splat(abx * SNAP);
    const downBc = i32x4.splat(bcx * SNAP);
    const downCa = i32x4.splat(cax * SNAP);
    const far4 = f32x4.splat(farthest);
    const near4 = f32x4.splat(nearest);
    const step4 = f32x4.splat(step);
    const id4 = i32x4.splat(id);
    const zero = i32x4.splat(0);
    let at: usize = usize(line + aligned) << 2;
    for (let row = top; row <= bottom; row++) {
      let eAb = rowAb;
      let eBc = rowBc;
      let eCa = rowCa;
      const start4 = f32x4.splat(f32(q0 + f64(aligned) * qColumn + f64(row) * qRow));
      let index = f32x4(0, 1, 2, 3);
      let place = at;
      for (let column = aligned; column <= right; column += 4) {
        let inside = i32x4.ge_s(v128.or(v128.or(eAb, eBc), eCa), zero);
        if (v128.any_true(inside)) {
          let q = f32x4.add(start4, f32x4.mul(step4, index));
          q = f32x4.min(f32x4.max(q, far4), near4);
          const old = v128.load(nearness + place);
          inside = v128.and(inside, f32x4.gt(q, old));
          if (v128.any_true(inside)) {
            v128.store(nearness + place, v128.bitselect(q, old, inside));
            if (visible != 0) {
              v128.store(visible + place, v128.bitselect(id4, v128.load(visible + place), inside));
            }
          }
        }
        eAb = i32x4.add(eAb, stepAb);
        eBc = i32x4.add(eBc, stepBc);
        eCa = i32x4.add(eCa, stepCa);
        index = f32x4.add(index, f32x4.splat(4));
        place += 16;
      }
      rowAb = i32x4.add(rowAb, downAb);
      rowBc = i32x4.add(rowBc, downBc);
      rowCa = i32x4.add(rowCa, downCa);
      at += usize(stride) << 2;
    }
    return;
  }

  const wideX = left * SNAP;
  let rowAb = f64(abx) * f64(y - ay) - f64(aby) * f64(wideX - ax) - f64(bias(abx, aby));
  let rowBc = f64(bcx) * f64(y - by) - f64(bcy) * f64(wideX - bx) - f64(bias(bcx, bcy));
  let rowCa = f64(cax) * f64(y - cy) - f64(cay) * f64(wideX - cx) - f64(bias(cax, cay));
  const stepAb = f64(-aby) * SNAP;
  const stepBc = f64(-bcy) * SNAP;
  const stepCa = f64(-cay) * SNAP;
  let at: usize = usize(line + left) << 2;
  for (let row = top; row <= bottom; row++) {
    let eAb = rowAb;
    let eBc = rowBc;
    let eCa = rowCa;
    const start = f32(q0 + f64(aligned) * qColumn + f64(row) * qRow);
    let place = at;
    for (let column = left; column <= right; column++) {
      if (eAb >= 0 && eBc >= 0 && eCa >= 0) {
        let q = start + step * f32(column - aligned);
        q = min(max(q, farthest), nearest);
        if (q > load<f32>(nearness + place)) {
          store<f32>(nearness + place, q);
          if (visible != 0) store<i32>(visible + place, id);
        }
      }
      eAb += stepAb;
      eBc += stepBc;
      eCa += stepCa;
      place += 4;
    }
    rowAb += f64(abx) * SNAP;
    rowBc += f64(bcx) * SNAP;
    rowCa += f64(cax) * SNAP;
    at += usize(stride) << 2;
  }
}

export function rasterize(
  binned: usize,
  from: i32,
  to: i32,
  corners: usize,
  ids: usize,
  screen: usize,
  snapped: usize,
  planes: usize,
  nearness: usize,
  visible: usize,
  columns: i32,
  stride: i32,
  rowStart: i32,
  rowEnd: i32,
): void {
  for (let i = from; i < to; i++) {
    const t = load<i32>(binned + 4 * i);
    const corner = corners + 12 * t;
    triangle(
      screen,
      snapped,
      planes,
      nearness,
      visible,
      columns,
      stride,
      rowStart,
      rowEnd,
      load<i32>(corner),
      load<i32>(corner, 4),
      load<i32>(corner, 8),
      load<i32>(ids + 4 * t),
    );
  }
}

export function rasterizeDepth(
  ids: usize,
  count: i32,
  faces: usize,
  screen: usize,
  snapped: usize,
  planes: usize,
  nearness: usize,
  size: i32,
): void {
  for (let i = 0; i < count; i++) {
    const id = load<i32>(ids + 4 * i);
    const corner = faces + 12 * (id >> 1);
    triangle(
      screen,
      snapped,
      planes,
      nearness,
      0,
      size,
      size,
      0,
      size,
      load<i32>(corner),
      load<i32>(corner, 4),
      load<i32>(corner, 8),
      id,
    );
  }
}
