import type { LightCounts } from '../kernels.js';
import { FIELD, LIGHT_FIELDS, type WorkspaceArrays } from '../workspace.js';

const { fround, sqrt } = Math;

/** Smallest squared roughness: below it a highlight is smaller than a pixel and flickers. */
const LEAST_ALPHA = fround(0.0025);
const ONE_OVER_PI = fround(1 / Math.PI);

/**
 * Light from the fragment to the viewer, in place of its colour:
 *
 *   albedo · (E(n)/π + Σ I · V · max(0, (n·l + w)/(1 + w))) + Σ I · V · π · f_ggx · max(0, n·l)
 *
 * E is ambient light and spherical harmonics, V what the shadow lets through, w the wrap of the material, f_ggx the microfacet
 * lobe D·F·G/(4 n·l n·v) with α = roughness², Schlick's Fresnel and Hammon's approximation of Smith's term,
 * G/(4 n·l n·v) = 0.5 / (n·l·(n·v·(1 − α) + α) + n·v·(n·l·(1 − α) + α)) (Hammon, GDC 2017). Intensities are in units in which a
 * white surface facing a light of 1 sends 1 to the viewer. Inner sides are lit with the opposite normal.
 *
 * Every operation is rounded to float32, in the order of the native kernel.
 */
export function lightFragments(arrays: WorkspaceArrays, count: number, capacity: number, counts: LightCounts): void {
  const { fragments: f, fragmentIds, lights, irradiance: e } = arrays;
  const row = (field: number) => f.subarray(field * capacity, field * capacity + count);
  const [nxs, nys, nzs] = [row(FIELD.nx), row(FIELD.ny), row(FIELD.nz)] as const;
  const [xs, ys, zs] = [row(FIELD.x), row(FIELD.y), row(FIELD.z)] as const;
  const [reds, greens, blues] = [row(FIELD.red), row(FIELD.green), row(FIELD.blue)] as const;
  const [speculars, roughnesses] = [row(FIELD.specular), row(FIELD.roughness)] as const;
  const wraps = [row(FIELD.wrapRed), row(FIELD.wrapGreen), row(FIELD.wrapBlue)] as const;
  for (let i = 0; i < count; i++) {
    let nx = nxs[i]!;
    let ny = nys[i]!;
    let nz = nzs[i]!;
    const nn = fround(fround(fround(nx * nx) + fround(ny * ny)) + fround(nz * nz));
    let inverse = nn > 0 ? fround(1 / fround(sqrt(nn))) : 0;
    if ((fragmentIds[i]! & 1) === 1) inverse = -inverse;
    nx = fround(nx * inverse);
    ny = fround(ny * inverse);
    nz = fround(nz * inverse);

    let r = e[0]!;
    let g = e[1]!;
    let b = e[2]!;
    if (counts.harmonics) {
      const xy = fround(nx * ny);
      const yz = fround(ny * nz);
      const xz = fround(nx * nz);
      const zz = fround(fround(fround(3 * nz) * nz) - 1);
      const xxyy = fround(fround(nx * nx) - fround(ny * ny));
      for (let c = 0; c < 3; c++) {
        let sum = e[c]!;
        sum = fround(sum + fround(e[3 + c]! * ny));
        sum = fround(sum + fround(e[6 + c]! * nz));
        sum = fround(sum + fround(e[9 + c]! * nx));
        sum = fround(sum + fround(e[12 + c]! * xy));
        sum = fround(sum + fround(e[15 + c]! * yz));
        sum = fround(sum + fround(e[18 + c]! * zz));
        sum = fround(sum + fround(e[21 + c]! * xz));
        sum = fround(sum + fround(e[24 + c]! * xxyy));
        if (!(sum > 0)) sum = 0;
        if (c === 0) r = sum;
        else if (c === 1) g = sum;
        else b = sum;
      }
    }

    let vx = 0;
    let vy = 0;
    let vz = -1;
    if (counts.specular && counts.perspective) {
      const vv = fround(fround(fround(xs[i]! * xs[i]!) + fround(ys[i]! * ys[i]!)) + fround(zs[i]! * zs[i]!));
      const scale = fround(-1 / fround(sqrt(vv)));
      vx = fround(xs[i]! * scale);
      vy = fround(ys[i]! * scale);
      vz = fround(zs[i]! * scale);
    }
    let shineR = 0;
    let shineG = 0;
    let shineB = 0;
    for (let l = 0; l < counts.lights * LIGHT_FIELDS; l += LIGHT_FIELDS) {
      let lx = lights[l]!;
      let ly = lights[l + 1]!;
      let lz = lights[l + 2]!;
      if (lights[l + 3] === 1) {
        lx = fround(lx - xs[i]!);
        ly = fround(ly - ys[i]!);
        lz = fround(lz - zs[i]!);
        const ll = fround(fround(fround(lx * lx) + fround(ly * ly)) + fround(lz * lz));
        const scale = ll > 0 ? fround(1 / fround(sqrt(ll))) : 0;
        lx = fround(lx * scale);
        ly = fround(ly * scale);
        lz = fround(lz * scale);
      }
      const visibilityRow = lights[l + 7]!;
      const visibility = visibilityRow < 0 ? 1 : f[visibilityRow * capacity + i]!;
      const lightR = fround(lights[l + 4]! * visibility);
      const lightG = fround(lights[l + 5]! * visibility);
      const lightB = fround(lights[l + 6]! * visibility);
      const nl = fround(fround(fround(nx * lx) + fround(ny * ly)) + fround(nz * lz));
      const facing = nl > 0 ? nl : 0;
      if (counts.wrap) {
        const [wr, wg, wb] = [wraps[0][i]!, wraps[1][i]!, wraps[2][i]!];
        const dr = fround(fround(nl + wr) / fround(1 + wr));
        const dg = fround(fround(nl + wg) / fround(1 + wg));
        const db = fround(fround(nl + wb) / fround(1 + wb));
        r = fround(r + fround(lightR * (dr > 0 ? dr : 0)));
        g = fround(g + fround(lightG * (dg > 0 ? dg : 0)));
        b = fround(b + fround(lightB * (db > 0 ? db : 0)));
      } else {
        r = fround(r + fround(lightR * facing));
        g = fround(g + fround(lightG * facing));
        b = fround(b + fround(lightB * facing));
      }
      if (!counts.specular) continue;
      let hx = fround(lx + vx);
      let hy = fround(ly + vy);
      let hz = fround(lz + vz);
      const hh = fround(fround(fround(hx * hx) + fround(hy * hy)) + fround(hz * hz));
      const scale = hh > 0 ? fround(1 / fround(sqrt(hh))) : 0;
      hx = fround(hx * scale);
      hy = fround(hy * scale);
      hz = fround(hz * scale);
      let nv = fround(fround(fround(nx * vx) + fround(ny * vy)) + fround(nz * vz));
      nv = nv > 0 ? nv : 0;
      let nh = fround(fround(fround(nx * hx) + fround(ny * hy)) + fround(nz * hz));
      nh = nh > 0 ? nh : 0;
      let vh = fround(fround(fround(vx * hx) + fround(vy * hy)) + fround(vz * hz));
      vh = vh > 0 ? vh : 0;
      const roughness = roughnesses[i]!;
      let alpha = fround(roughness * roughness);
      alpha = alpha > LEAST_ALPHA ? alpha : LEAST_ALPHA;
      const alpha2 = fround(alpha * alpha);
      const dd = fround(fround(fround(nh * nh) * fround(alpha2 - 1)) + 1);
      const distribution = fround(fround(alpha2 * ONE_OVER_PI) / fround(dd * dd));
      const rest = fround(1 - alpha);
      const smithL = fround(facing * fround(fround(nv * rest) + alpha));
      const smithV = fround(nv * fround(fround(facing * rest) + alpha));
      const smith = fround(smithL + smithV);
      const geometry = smith > 0 ? fround(0.5 / smith) : 0;
      const away = fround(1 - vh);
      const away2 = fround(away * away);
      const away5 = fround(fround(away2 * away2) * away);
      const f0 = speculars[i]!;
      const fresnel = f0 > 0 ? fround(f0 + fround(fround(1 - f0) * away5)) : 0;
      const lobe = fround(fround(fround(distribution * geometry) * fresnel) * fround(facing * PI));
      shineR = fround(shineR + fround(lightR * lobe));
      shineG = fround(shineG + fround(lightG * lobe));
      shineB = fround(shineB + fround(lightB * lobe));
    }
    reds[i] = fround(reds[i]! * r) + shineR;
    greens[i] = fround(greens[i]! * g) + shineG;
    blues[i] = fround(blues[i]! * b) + shineB;
  }
}

const PI = fround(Math.PI);
