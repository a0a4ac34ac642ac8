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
  const side = 2 * softness + 1;
  const whole = f32(side * side);
  for (let i = 0; i < count; i++) {
    const f = fragments + (usize(i) << 2);
    const nx = load<f32>(f);
    const ny = load<f32>(f + pitch);
    const nz = load<f32>(f + 2 * pitch);
    const nn = nx * nx + ny * ny + nz * nz;
    let along: f32 = nn > 0 ? offset / sqrt<f32>(nn) : 0;
    if ((load<i32>(ids + 4 * i) & 1) == 1) along = -along;
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
    if (softness == 1 && startX >= 0 && startY >= 0 && startX + 3 < size && startY + 3 < size) {
      const weights = f32x4.replace_lane(f32x4.replace_lane(f32x4.splat(1), 0, <f32>1 - restX), 3, restX);
      const q4 = f32x4.splat(q);
      let texels = map + (usize(startY * size + startX) << 2);
      for (let ty = 0; ty < 4; ty++) {
        const open = v128.and(f32x4.ge(q4, v128.load(texels)), weights);
        const rowLit =
          f32x4.extract_lane(open, 0) +
          f32x4.extract_lane(open, 1) +
          f32x4.extract_lane(open, 2) +
          f32x4.extract_lane(open, 3);
        lit += rowLit * (ty == 0 ? <f32>1 - restY : ty == 3 ? restY : 1);
        texels += usize(size) << 2;
      }
    } else {
      for (let ty = 0; ty <= side; ty++) {
        const wy: f32 = ty == 0 ? <f32>1 - restY : ty == side ? restY : 1;
        const texelY = startY + ty;
        let rowLit: f32 = 0;
        for (let tx = 0; tx <= side; tx++) {
          const wx: f32 = tx == 0 ? <f32>1 - restX : tx == side ? restX : 1;
          const texelX = startX + tx;
          const inside = texelX >= 0 && texelX < size && texelY >= 0 && texelY < size;
          if (!inside || q >= load<f32>(map + (usize(texelY * size + texelX) << 2))) rowLit += wx;
        }
        lit += rowLit * wy;
      }
    }
    store<f32>(out + (usize(i) << 2), <f32>1 - (<f32>1 - lit / whole) * dim);
  }
}
