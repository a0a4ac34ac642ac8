/** n·n by products and sums in this order, as everywhere. */
function dot(ax: v128, ay: v128, az: v128, bx: v128, by: v128, bz: v128): v128 {
  return f32x4.add(f32x4.add(f32x4.mul(ax, bx), f32x4.mul(ay, by)), f32x4.mul(az, bz));
}

/** a where positive, else 0. */
function positive(a: v128): v128 {
  return v128.and(a, f32x4.gt(a, f32x4.splat(0)));
}

/** 1/√a where a is positive, else 0. */
function inverseLength(a: v128): v128 {
  return v128.and(f32x4.div(f32x4.splat(1), f32x4.sqrt(a)), f32x4.gt(a, f32x4.splat(0)));
}

/** One channel of irradiance / π. */
function irradianceOf(
  e: usize,
  nx: v128,
  ny: v128,
  nz: v128,
  xy: v128,
  yz: v128,
  zz: v128,
  xz: v128,
  xxyy: v128,
): v128 {
  let sum = v128.load_splat<f32>(e);
  sum = f32x4.add(sum, f32x4.mul(v128.load_splat<f32>(e, 12), ny));
  sum = f32x4.add(sum, f32x4.mul(v128.load_splat<f32>(e, 24), nz));
  sum = f32x4.add(sum, f32x4.mul(v128.load_splat<f32>(e, 36), nx));
  sum = f32x4.add(sum, f32x4.mul(v128.load_splat<f32>(e, 48), xy));
  sum = f32x4.add(sum, f32x4.mul(v128.load_splat<f32>(e, 60), yz));
  sum = f32x4.add(sum, f32x4.mul(v128.load_splat<f32>(e, 72), zz));
  sum = f32x4.add(sum, f32x4.mul(v128.load_splat<f32>(e, 84), xz));
  sum = f32x4.add(sum, f32x4.mul(v128.load_splat<f32>(e, 96), xxyy));
  return positive(sum);
}

function wrapped(nl: v128, wrap: v128): v128 {
  return positive(f32x4.div(f32x4.add(nl, wrap), f32x4.add(f32x4.splat(1), wrap)));
}

/** Four fragments at a time; rows have room for a whole number of fours. See light-fragments.ts. */
export function light(
  fragments: usize,
  ids: usize,
  lights: usize,
  irradiance: usize,
  count: i32,
  capacity: i32,
  lightCount: i32,
  perspective: i32,
  harmonics: i32,
  specular: i32,
  wrap: i32,
): void {
  const pitch: usize = usize(capacity) << 2;
  const one = f32x4.splat(1);
  const zero = f32x4.splat(0);
  for (let i = 0; i < count; i += 4) {
    const f = fragments + (usize(i) << 2);
    let nx = v128.load(f);
    let ny = v128.load(f + pitch);
    let nz = v128.load(f + 2 * pitch);
    let inverse = inverseLength(dot(nx, ny, nz, nx, ny, nz));
    // the side is the lowest bit of the id: moved up to the sign
    inverse = v128.xor(inverse, i32x4.shl(v128.load(ids + (usize(i) << 2)), 31));
    nx = f32x4.mul(nx, inverse);
    ny = f32x4.mul(ny, inverse);
    nz = f32x4.mul(nz, inverse);

    let r: v128;
    let g: v128;
    let b: v128;
    if (harmonics != 0) {
      const xy = f32x4.mul(nx, ny);
      const yz = f32x4.mul(ny, nz);
      const xz = f32x4.mul(nx, nz);
      const zz = f32x4.sub(f32x4.mul(f32x4.mul(f32x4.splat(3), nz), nz), one);
      const xxyy = f32x4.sub(f32x4.mul(nx, nx), f32x4.mul(ny, ny));
      r = irradianceOf(irradiance, nx, ny, nz, xy, yz, zz, xz, xxyy);
      g = irradianceOf(irradiance + 4, nx, ny, nz, xy, yz, zz, xz, xxyy);
      b = irradianceOf(irradiance + 8, nx, ny, nz, xy, yz, zz, xz, xxyy);
    } else {
      r = v128.load_splat<f32>(irradiance);
      g = v128.load_splat<f32>(irradiance, 4);
      b = v128.load_splat<f32>(irradiance, 8);
    }

    const x = v128.load(f + 8 * pitch);
    const y = v128.load(f + 9 * pitch);
    const z = v128.load(f + 10 * pitch);
    let vx = zero;
    let vy = zero;
    let vz = f32x4.splat(-1);
    if (specular != 0 && perspective != 0) {
      const scale = f32x4.div(f32x4.splat(-1), f32x4.sqrt(dot(x, y, z, x, y, z)));
      vx = f32x4.mul(x, scale);
      vy = f32x4.mul(y, scale);
      vz = f32x4.mul(z, scale);
    }
    let shineR = zero;
    let shineG = zero;
    let shineB = zero;
    for (let l = 0; l < lightCount; l++) {
      const table = lights + (usize(l) << 5);
      let lx = v128.load_splat<f32>(table);
      let ly = v128.load_splat<f32>(table, 4);
      let lz = v128.load_splat<f32>(table, 8);
      if (load<f32>(table, 12) == 1) {
        lx = f32x4.sub(lx, x);
        ly = f32x4.sub(ly, y);
        lz = f32x4.sub(lz, z);
        const scale = inverseLength(dot(lx, ly, lz, lx, ly, lz));
        lx = f32x4.mul(lx, scale);
        ly = f32x4.mul(ly, scale);
        lz = f32x4.mul(lz, scale);
      }
      const row = load<f32>(table, 28);
      const visibility = row < 0 ? one : v128.load(f + usize(i32(row)) * pitch);
      const lightR = f32x4.mul(v128.load_splat<f32>(table, 16), visibility);
      const lightG = f32x4.mul(v128.load_splat<f32>(table, 20), visibility);
      const lightB = f32x4.mul(v128.load_splat<f32>(table, 24), visibility);
      const nl = dot(nx, ny, nz, lx, ly, lz);
      const facing = positive(nl);
      if (wrap != 0) {
        r = f32x4.add(r, f32x4.mul(lightR, wrapped(nl, v128.load(f + 18 * pitch))));
        g = f32x4.add(g, f32x4.mul(lightG, wrapped(nl, v128.load(f + 19 * pitch))));
        b = f32x4.add(b, f32x4.mul(lightB, wrapped(nl, v128.load(f + 20 * pitch))));
      } else {
        r = f32x4.add(r, f32x4.mul(lightR, facing));
        g = f32x4.add(g, f32x4.mul(lightG, facing));
        b = f32x4.add(b, f32x4.mul(lightB, facing));
      }
      if (specular == 0) continue;
      let hx = f32x4.add(lx, vx);
      let hy = f32x4.add(ly, vy);
      let hz = f32x4.add(lz, vz);
      const scale = inverseLength(dot(hx, hy, hz, hx, hy, hz));
      hx = f32x4.mul(hx, scale);
      hy = f32x4.mul(hy, scale);
      hz = f32x4.mul(hz, scale);
      const nv = positive(dot(nx, ny, nz, vx, vy, vz));
      const nh = positive(dot(nx, ny, nz, hx, hy, hz));
      const vh = positive(dot(vx, vy, vz, hx, hy, hz));
      const roughness = v128.load(f + 17 * pitch);
      const alpha = f32x4.max(f32x4.mul(roughness, roughness), f32x4.splat(0.0025));
      const alpha2 = f32x4.mul(alpha, alpha);
      const dd = f32x4.add(f32x4.mul(f32x4.mul(nh, nh), f32x4.sub(alpha2, one)), one);
      const distribution = f32x4.div(f32x4.mul(alpha2, f32x4.splat(0.3183098861837907)), f32x4.mul(dd, dd));
      const rest = f32x4.sub(one, alpha);
      const smithL = f32x4.mul(facing, f32x4.add(f32x4.mul(nv, rest), alpha));
      const smithV = f32x4.mul(nv, f32x4.add(f32x4.mul(facing, rest), alpha));
      const smith = f32x4.add(smithL, smithV);
      const geometry = v128.and(f32x4.div(f32x4.splat(0.5), smith), f32x4.gt(smith, zero));
      const away = f32x4.sub(one, vh);
      const away2 = f32x4.mul(away, away);
      const away5 = f32x4.mul(f32x4.mul(away2, away2), away);
      const f0 = v128.load(f + 16 * pitch);
      const fresnel = v128.and(f32x4.add(f0, f32x4.mul(f32x4.sub(one, f0), away5)), f32x4.gt(f0, zero));
      const lobe = f32x4.mul(
        f32x4.mul(f32x4.mul(distribution, geometry), fresnel),
        f32x4.mul(facing, f32x4.splat(3.141592653589793)),
      );
      shineR = f32x4.add(shineR, f32x4.mul(lightR, lobe));
      shineG = f32x4.add(shineG, f32x4.mul(lightG, lobe));
      shineB = f32x4.add(shineB, f32x4.mul(lightB, lobe));
    }
    const red = f + 4 * pitch;
    const green = f + 5 * pitch;
    const blue = f + 6 * pitch;
    v128.store(red, f32x4.add(f32x4.mul(v128.load(red), r), shineR));
    v128.store(green, f32x4.add(f32x4.mul(v128.load(green), g), shineG));
    v128.store(blue, f32x4.add(f32x4.mul(v128.load(blue), b), shineB));
  }
}
