/** Four numbers of one attribute block to four rows of the fragments. */
function scatter(out: usize, pitch: usize, value: v128): void {
  v128.store_lane<f32>(out, value, 0);
  v128.store_lane<f32>(out + pitch, value, 1);
  v128.store_lane<f32>(out + 2 * pitch, value, 2);
  v128.store_lane<f32>(out + 3 * pitch, value, 3);
}

function blend(la: v128, lb: v128, lc: v128, a: usize, b: usize, c: usize): v128 {
  return f32x4.add(f32x4.add(f32x4.mul(la, v128.load(a)), f32x4.mul(lb, v128.load(b))), f32x4.mul(lc, v128.load(c)));
}

/** See interpolate-fragments.ts. */
export function interpolate(
  ids: usize,
  columns: usize,
  rows: usize,
  faces: usize,
  faceMesh: usize,
  planes: usize,
  attributes: usize,
  materials: usize,
  fragments: usize,
  count: i32,
  capacity: i32,
): void {
  const pitch: usize = usize(capacity) << 2;
  for (let i = 0; i < count; i++) {
    const face = load<i32>(ids + 4 * i) >> 1;
    const column = f64(load<f32>(columns + 4 * i));
    const row = f64(load<f32>(rows + 4 * i));
    const p = planes + 72 * face;
    let wa = load<f64>(p) + column * load<f64>(p, 8) + row * load<f64>(p, 16);
    let wb = load<f64>(p, 24) + column * load<f64>(p, 32) + row * load<f64>(p, 40);
    let wc = load<f64>(p, 48) + column * load<f64>(p, 56) + row * load<f64>(p, 64);
    if (!(wa > 0)) wa = 0;
    if (!(wb > 0)) wb = 0;
    if (!(wc > 0)) wc = 0;
    const sum = wa + wb + wc;
    const scale: f64 = sum > 0 ? 1 / sum : 0;
    const lb = f32(wb * scale);
    const lc = f32(wc * scale);
    const la: f32 = sum > 0 ? f32(wa * scale) : 1;
    const a = attributes + 64 * load<i32>(faces + 12 * face);
    const b = attributes + 64 * load<i32>(faces + 12 * face, 4);
    const c = attributes + 64 * load<i32>(faces + 12 * face, 8);
    const la4 = f32x4.splat(la);
    const lb4 = f32x4.splat(lb);
    const lc4 = f32x4.splat(lc);
    const out = fragments + (usize(i) << 2);
    scatter(out, pitch, blend(la4, lb4, lc4, a, b, c));
    scatter(out + 4 * pitch, pitch, blend(la4, lb4, lc4, a + 16, b + 16, c + 16));
    scatter(out + 8 * pitch, pitch, blend(la4, lb4, lc4, a + 32, b + 32, c + 32));
    scatter(out + 12 * pitch, pitch, blend(la4, lb4, lc4, a + 48, b + 48, c + 48));
    store<f32>(out + 11 * pitch, lb);
    store<f32>(out + 15 * pitch, lc);
    const m = materials + 32 * load<i32>(faceMesh + 4 * face);
    store<f32>(out + 16 * pitch, load<f32>(m, 4));
    store<f32>(out + 17 * pitch, load<f32>(m, 8));
    store<f32>(out + 18 * pitch, load<f32>(m, 12));
    store<f32>(out + 19 * pitch, load<f32>(m, 16));
    store<f32>(out + 20 * pitch, load<f32>(m, 20));
  }
}
