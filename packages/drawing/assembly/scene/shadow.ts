/** Texels of a row that two registers hold. */
const WIDEST: i32 = 8;

/** Light of the first `lanes` columns, each times 1, the outermost times what the window covers of them, in this order. */
function acrossColumns(lit: f32, columns: v128, from: i32, side: i32, restX: f32): f32 {
  for (let lane = 0; lane < 4 && from + lane < side; lane++) {
    const own =
      lane == 0
        ? f32x4.extract_lane(columns, 0)
        : lane == 1
          ? f32x4.extract_lane(columns, 1)
          : lane == 2
            ? f32x4.extract_lane(columns, 2)
            : f32x4.extract_lane(columns, 3);
    const tx = from + lane;
    lit += own * (tx == 0 ? <f32>1 - restX : tx == side - 1 ? restX : 1);
  }
  return lit;
}

/** See look-up-shadow.ts. */
export function shadow(
  fragments: usize,
  ids: usize,
  transform: usize,
  map: usize,
  out: usize,
  count: i32,
  capacity: i32,
  size: i32,
  softness: i32,
  lift: f32,
  offset: f32,
  dim: f32,
  dark: f32,
): void {
  const pitch: usize = usize(capacity) << 2;
  const m0 = load<f32>(transform);
  const m1 = load<f32>(transform, 4);
  const m2 = load<f32>(transform, 8);
  const m3 = load<f32>(transform, 12);
  const m4 = load<f32>(transform, 16);
  const m5 = load<f32>(transform, 20);
  const m6 = load<f32>(transform, 24);
  const m7 = load<f32>(transform, 28);
  const m8 = load<f32>(transform, 32);
  const m9 = load<f32>(transform, 36);
  const m10 = load<f32>(transform, 40);
  const m11 = load<f32>(transform, 44);
  const side = 2 * softness + 2;
  const whole = f32((side - 1) * (side - 1));
  for (let i = 0; i < count; i++) {
    const f = fragments + (usize(i) << 2);
    const nx = load<f32>(f);
    const ny = load<f32>(f + pitch);
    const nz = load<f32>(f + 2 * pitch);
    const nn = nx * nx + ny * ny + nz * nz;
    let inverse: f32 = nn > 0 ? <f32>1 / sqrt<f32>(nn) : 0;
    if ((load<i32>(ids + 4 * i) & 1) == 1) inverse = -inverse;
    if ((nx * m8 + ny * m9 + nz * m10) * inverse <= dark) {
      store<f32>(out + (usize(i) << 2), 0);
      continue;
    }
    const along = offset * inverse;
    const x = load<f32>(f + 8 * pitch) + nx * along;
    const y = load<f32>(f + 9 * pitch) + ny * along;
    const z = load<f32>(f + 10 * pitch) + nz * along;
    const column = m0 * x + m1 * y + m2 * z + m3;
    const line = m4 * x + m5 * y + m6 * z + m7;
    const q = m8 * x + m9 * y + m10 * z + m11 + lift;
    const leftF = floor<f32>(column);
    const topF = floor<f32>(line);
    const restX = column - leftF;
    const restY = line - topF;
    let lit: f32 = 0;
    // a place may lie far outside of the map, where nothing casts a shadow
    const far = !(abs<f32>(column) < 16384 && abs<f32>(line) < 16384);
    const left = far ? -16384 : i32(leftF);
    const top = far ? -16384 : i32(topF);
    const startX = left - softness;
    const startY = top - softness;
    if (side <= WIDEST && startX >= 0 && startY >= 0 && startX + WIDEST <= size && startY + side <= size) {
      const q4 = f32x4.splat(q);
      let texels = map + (usize(startY * size + startX) << 2);
      const pitchOfMap = usize(size) << 2;
      let first = v128.and(f32x4.ge(q4, v128.load(texels)), f32x4.splat(<f32>1 - restY));
      let second = v128.and(f32x4.ge(q4, v128.load(texels, 16)), f32x4.splat(<f32>1 - restY));
      const one4 = f32x4.splat(1);
      for (let ty = 2; ty < side; ty++) {
        texels += pitchOfMap;
        first = f32x4.add(first, v128.and(f32x4.ge(q4, v128.load(texels)), one4));
        second = f32x4.add(second, v128.and(f32x4.ge(q4, v128.load(texels, 16)), one4));
      }
      texels += pitchOfMap;
      first = f32x4.add(first, v128.and(f32x4.ge(q4, v128.load(texels)), f32x4.splat(restY)));
      second = f32x4.add(second, v128.and(f32x4.ge(q4, v128.load(texels, 16)), f32x4.splat(restY)));
      lit = acrossColumns(acrossColumns(0, first, 0, side, restX), second, 4, side, restX);
    } else {
      for (let tx = 0; tx < side; tx++) {
        const texelX = startX + tx;
        let columnLit: f32 = 0;
        for (let ty = 0; ty < side; ty++) {
          const texelY = startY + ty;
          const inside = texelX >= 0 && texelX < size && texelY >= 0 && texelY < size;
          if (inside && q < load<f32>(map + (usize(texelY * size + texelX) << 2))) continue;
          columnLit += ty == 0 ? <f32>1 - restY : ty == side - 1 ? restY : 1;
        }
        lit += columnLit * (tx == 0 ? <f32>1 - restX : tx == side - 1 ? restX : 1);
      }
    }
    store<f32>(out + (usize(i) << 2), <f32>1 - (<f32>1 - lit / whole) * dim);
  }
}
