const SNAP: i32 = 256;
const GUARD_BAND: f64 = 16384;

/** See vertex-normals.ts. */
export function normals(
  positions: usize,
  faces: usize,
  out: usize,
  vertexFrom: i32,
  vertexTo: i32,
  faceFrom: i32,
  faceTo: i32,
): void {
  memory.fill(out + 24 * vertexFrom, 0, 24 * (vertexTo - vertexFrom));
  for (let f = faceFrom; f < faceTo; f++) {
    const corner = faces + 12 * f;
    const ia = 24 * load<i32>(corner);
    const ib = 24 * load<i32>(corner, 4);
    const ic = 24 * load<i32>(corner, 8);
    const a = positions + ia;
    const b = positions + ib;
    const c = positions + ic;
    const ax = load<f64>(a);
    const ay = load<f64>(a, 8);
    const az = load<f64>(a, 16);
    const ux = load<f64>(b) - ax;
    const uy = load<f64>(b, 8) - ay;
    const uz = load<f64>(b, 16) - az;
    const vx = load<f64>(c) - ax;
    const vy = load<f64>(c, 8) - ay;
    const vz = load<f64>(c, 16) - az;
    const nx = uy * vz - uz * vy;
    const ny = uz * vx - ux * vz;
    const nz = ux * vy - uy * vx;
    add(out + ia, nx, ny, nz);
    add(out + ib, nx, ny, nz);
    add(out + ic, nx, ny, nz);
  }
  for (let v = vertexFrom; v < vertexTo; v++) {
    const place = out + 24 * v;
    const x = load<f64>(place);
    const y = load<f64>(place, 8);
    const z = load<f64>(place, 16);
    const length = sqrt(x * x + y * y + z * z);
    if (!(length > 0)) continue;
    store<f64>(place, x / length);
    store<f64>(place, y / length, 8);
    store<f64>(place, z / length, 16);
  }
}

function add(place: usize, x: f64, y: f64, z: f64): void {
  store<f64>(place, load<f64>(place) + x);
  store<f64>(place, load<f64>(place, 8) + y, 8);
  store<f64>(place, load<f64>(place, 16) + z, 16);
}

/** See gather-attributes.ts; what has address 0 is zeros. */
export function gather(
  positions: usize,
  normals: usize,
  colors: usize,
  coordinates: usize,
  uvs: usize,
  attributes: usize,
  from: i32,
  to: i32,
  diffuse: f64,
): void {
  for (let v = from; v < to; v++) {
    const out = attributes + 64 * v;
    const i = 24 * v;
    let u: f32 = 0;
    let w: f32 = 0;
    if (uvs != 0) {
      u = f32(load<f64>(uvs + 16 * v));
      w = f32(load<f64>(uvs + 16 * v, 8));
    }
    if (normals != 0) {
      store<f32>(out, f32(load<f64>(normals + i)));
      store<f32>(out, f32(load<f64>(normals + i, 8)), 4);
      store<f32>(out, f32(load<f64>(normals + i, 16)), 8);
      store<f32>(out, u, 12);
    } else v128.store(out, f32x4.replace_lane(f32x4.splat(0), 3, u));
    store<f32>(out, f32(diffuse * load<f64>(colors + i)), 16);
    store<f32>(out, f32(diffuse * load<f64>(colors + i, 8)), 20);
    store<f32>(out, f32(diffuse * load<f64>(colors + i, 16)), 24);
    store<f32>(out, w, 28);
    store<f32>(out, f32(load<f64>(positions + i)), 32);
    store<f32>(out, f32(load<f64>(positions + i, 8)), 36);
    store<f32>(out, f32(load<f64>(positions + i, 16)), 40);
    store<f32>(out, 0, 44);
    if (coordinates != 0) {
      store<f32>(out, f32(load<f64>(coordinates + i)), 48);
      store<f32>(out, f32(load<f64>(coordinates + i, 8)), 52);
      store<f32>(out, f32(load<f64>(coordinates + i, 16)), 56);
      store<f32>(out, 0, 60);
    } else v128.store(out, f32x4.splat(0), 48);
  }
}

/** See projectVertices in screen-vertices.ts. */
export function project(
  positions: usize,
  count: i32,
  matrix: usize,
  perspective: i32,
  near: f64,
  screen: usize,
  snapped: usize,
  outside: usize,
): i32 {
  const m0 = load<f64>(matrix);
  const m1 = load<f64>(matrix, 8);
  const m2 = load<f64>(matrix, 16);
  const m3 = load<f64>(matrix, 24);
  const m5 = load<f64>(matrix, 40);
  const m6 = load<f64>(matrix, 48);
  const m7 = load<f64>(matrix, 56);
  let any = 0;
  for (let v = 0; v < count; v++) {
    const x = load<f64>(positions + 24 * v);
    const y = load<f64>(positions + 24 * v, 8);
    const z = load<f64>(positions + 24 * v, 16);
    const nearness = perspective != 0 ? 1 / z : -z;
    const column = perspective != 0 ? (m0 * x + m1 * y) * nearness + m2 : m0 * x + m3;
    const row = perspective != 0 ? m5 * y * nearness + m6 : m5 * y + m7;
    const inside = z >= near && abs(column) <= GUARD_BAND && abs(row) <= GUARD_BAND;
    store<u8>(outside + v, inside ? 0 : 1);
    if (!inside) {
      any = 1;
      continue;
    }
    store<f64>(screen + 24 * v, column);
    store<f64>(screen + 24 * v, row, 8);
    store<f64>(screen + 24 * v, nearness, 16);
    store<i32>(snapped + 8 * v, i32(floor(column * SNAP + 0.5)));
    store<i32>(snapped + 8 * v, i32(floor(row * SNAP + 0.5)), 4);
  }
  return any;
}

/** See list-faces.ts. Areas are products of 24 bits, so i64 is as exact as f64. */
export function list(
  faces: usize,
  from: i32,
  to: i32,
  skipped: i32,
  positions: usize,
  snapped: usize,
  matrix: usize,
  perspective: i32,
  planes: usize,
  nearnessPlanes: usize,
  corners: usize,
  ids: usize,
  listed: usize,
  bandStart: usize,
  columns: i32,
  rows: i32,
  bandRows: i32,
): void {
  let columnStart = load<i32>(listed);
  let columnEnd = load<i32>(listed, 4);
  let triangles = load<i32>(listed, 8);
  const m0 = load<f64>(matrix);
  const m1 = load<f64>(matrix, 8);
  const m2 = load<f64>(matrix, 16);
  const m3 = load<f64>(matrix, 24);
  const m5 = load<f64>(matrix, 40);
  const m6 = load<f64>(matrix, 48);
  const m7 = load<f64>(matrix, 56);
  for (let face = from; face < to; face++) {
    const corner = faces + 12 * face;
    const a = load<i32>(corner);
    const b = load<i32>(corner, 4);
    const c = load<i32>(corner, 8);
    const ax = load<i32>(snapped + 8 * a);
    const ay = load<i32>(snapped + 8 * a, 4);
    const bx = load<i32>(snapped + 8 * b);
    const by = load<i32>(snapped + 8 * b, 4);
    const cx = load<i32>(snapped + 8 * c);
    const cy = load<i32>(snapped + 8 * c, 4);
    const area = i64(bx - ax) * i64(cy - ay) - i64(by - ay) * i64(cx - ax);
    if (area == 0) continue;
    const inner = i32(area > 0);
    if (inner == skipped) continue;
    const left = max(0, (min(ax, min(bx, cx)) + SNAP - 1) >> 8);
    const right = min(columns - 1, max(ax, max(bx, cx)) >> 8);
    const top = max(0, (min(ay, min(by, cy)) + SNAP - 1) >> 8);
    const bottom = min(rows - 1, max(ay, max(by, cy)) >> 8);
    if (left > right || top > bottom) continue;
    columnStart = min(columnStart, left);
    columnEnd = max(columnEnd, right + 1);
    const place = corners + 12 * triangles;
    store<i32>(place, a);
    store<i32>(place, b, 4);
    store<i32>(place, c, 8);
    store<i32>(ids + 4 * triangles, face * 2 + inner);
    triangles++;
    const lastBand = bottom / bandRows;
    for (let band = top / bandRows; band <= lastBand; band++) {
      const counted = bandStart + 4 * (band + 1);
      store<i32>(counted, load<i32>(counted) + 1);
    }

    // writeFacePlanes of screen-vertices.ts
    const pa = positions + 24 * a;
    const pb = positions + 24 * b;
    const pc = positions + 24 * c;
    const az = load<f64>(pa, 16);
    const bz = load<f64>(pb, 16);
    const cz = load<f64>(pc, 16);
    const aw = perspective != 0 ? az : 1;
    const bw = perspective != 0 ? bz : 1;
    const cw = perspective != 0 ? cz : 1;
    const au = m0 * load<f64>(pa) + m1 * load<f64>(pa, 8) + m2 * az + m3;
    const bu = m0 * load<f64>(pb) + m1 * load<f64>(pb, 8) + m2 * bz + m3;
    const cu = m0 * load<f64>(pc) + m1 * load<f64>(pc, 8) + m2 * cz + m3;
    const av = m5 * load<f64>(pa, 8) + m6 * az + m7;
    const bv = m5 * load<f64>(pb, 8) + m6 * bz + m7;
    const cv = m5 * load<f64>(pc, 8) + m6 * cz + m7;
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
    const p = planes + 72 * face;
    const q = nearnessPlanes + 24 * face;
    if (!isFinite(scale)) {
      memory.fill(p, 0, 72);
      store<f64>(p, 1);
      store<f64>(q, perspective != 0 ? 1 / az : -az);
      store<f64>(q, 0, 8);
      store<f64>(q, 0, 16);
      continue;
    }
    const fa = perspective != 0 ? 1 : -az;
    const fb = perspective != 0 ? 1 : -bz;
    const fc = perspective != 0 ? 1 : -cz;
    planeTerm(p, q, 0, aConstant * scale, bConstant * scale, cConstant * scale, fa, fb, fc);
    planeTerm(p, q, 8, aColumn * scale, bColumn * scale, cColumn * scale, fa, fb, fc);
    planeTerm(p, q, 16, aRow * scale, bRow * scale, cRow * scale, fa, fb, fc);
  }
  store<i32>(listed, columnStart);
  store<i32>(listed, columnEnd, 4);
  store<i32>(listed, triangles, 8);
}

function planeTerm(p: usize, q: usize, k: usize, a: f64, b: f64, c: f64, fa: f64, fb: f64, fc: f64): void {
  store<f64>(p + k, a);
  store<f64>(p + k, b, 24);
  store<f64>(p + k, c, 48);
  store<f64>(q + k, fa * a + fb * b + fc * c);
}
