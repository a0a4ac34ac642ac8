// The renderer as it was before scenes came: per-vertex light, one shading a sample, TypeScript alone. Compiled, without its checks;
// kept to measure the present one against it in the same run. Nothing but the benchmark uses it.

function srgbToLinear(value) {
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}
function linearToSrgb(value) {
  return value <= 0.0031308 ? value * 12.92 : 1.055 * value ** (1 / 2.4) - 0.055;
}
const LINEAR_OF_BYTE = Float64Array.from({ length: 256 }, (_, byte) => srgbToLinear(byte / 255));
const LINEAR_STEPS = 65535;
const BYTE_OF_LINEAR = Uint8Array.from({ length: LINEAR_STEPS + 1 }, (_, i) =>
  Math.round(255 * linearToSrgb(i / LINEAR_STEPS)),
);
const FINE_STEPS = 4096;
const FINE_LINEAR = Float64Array.from({ length: FINE_STEPS + 2 }, (_, i) => srgbToLinear(i / FINE_STEPS));
function srgbToLinearFast(value) {
  const position = value <= 0 ? 0 : value >= 1 ? FINE_STEPS : value * FINE_STEPS;
  const index = position | 0;
  const low = FINE_LINEAR[index];
  return low + (position - index) * (FINE_LINEAR[index + 1] - low);
}
function createImage(width, height, color = [0, 0, 0]) {
  const data = new Uint8Array(width * height * 3);
  if (color[0] === color[1] && color[1] === color[2]) data.fill(color[0]);
  else for (let i = 0; i < data.length; i += 3) data.set(color, i);
  return { width, height, data };
}
const SCREEN_STRIDE = 5;
function createRenderBuffers() {
  return {
    vertices: new Float64Array(0),
    faces: new Int32Array(0),
    screen: new Float64Array(0),
    outside: new Uint8Array(0),
    normals: new Float64Array(0),
    front: new Float64Array(0),
    back: new Float64Array(0),
    nearness: new Float32Array(0),
    visible: new Int32Array(0),
  };
}
function fillRenderBuffers(buffers, vertices, faces, samples) {
  if (buffers.vertices.length !== vertices.length) {
    const count = vertices.length / 3;
    buffers.vertices = new Float64Array(vertices.length);
    buffers.normals = new Float64Array(vertices.length);
    buffers.front = new Float64Array(vertices.length);
    buffers.back = new Float64Array(vertices.length);
    buffers.screen = new Float64Array(count * SCREEN_STRIDE);
    buffers.outside = new Uint8Array(count);
  }
  if (buffers.faces.length !== faces.length) buffers.faces = new Int32Array(faces.length);
  if (buffers.visible.length !== samples) {
    buffers.nearness = new Float32Array(samples);
    buffers.visible = new Int32Array(samples);
  }
  buffers.vertices.set(vertices);
  buffers.faces.set(faces);
  buffers.nearness.fill(-Infinity);
  buffers.visible.fill(-1);
}
const SNAP = 1024;
const GUARD_BAND = 16384;
function sampleProjection(camera, antialias, near) {
  const shift = 0.5 * antialias - 0.5; // pixel centre u lies at sample (u + 0.5) · n − 0.5
  if (camera.kind === 'weak-perspective') {
    const scale = camera.scale * antialias;
    const [u, v] = camera.translation;
    return {
      // prettier-ignore
      matrix: Float64Array.of(scale, 0, 0, u * antialias + shift, 0, scale, 0, v * antialias + shift, 0, 0, 0, 1),
      perspective: false,
      near: -Infinity,
    };
  }
  const k = Array.from(camera.intrinsics);
  return {
    // prettier-ignore
    matrix: Float64Array.of(k[0] * antialias, k[1] * antialias, k[2] * antialias + shift, 0, 0, k[4] * antialias, k[5] * antialias + shift, 0, 0, 0, 1, 0),
    perspective: true,
    near,
  };
}
function projectToSamples(buffers, projection) {
  const { vertices, screen, outside } = buffers;
  const { matrix: m, perspective, near } = projection;
  const m0 = m[0];
  const m1 = m[1];
  const m2 = m[2];
  const m3 = m[3];
  const m5 = m[5];
  const m6 = m[6];
  const m7 = m[7];
  for (let i = 0, o = 0, v = 0; i < vertices.length; i += 3, o += SCREEN_STRIDE, v++) {
    const x = vertices[i];
    const y = vertices[i + 1];
    const z = vertices[i + 2];
    const nearness = perspective ? 1 / z : -z;
    const column = perspective ? (m0 * x + m1 * y) * nearness + m2 : m0 * x + m3;
    const row = perspective ? m5 * y * nearness + m6 : m5 * y + m7;
    screen[o] = column;
    screen[o + 1] = row;
    screen[o + 2] = nearness;
    screen[o + 3] = Math.floor(column * SNAP + 0.5);
    screen[o + 4] = Math.floor(row * SNAP + 0.5);
    outside[v] = z >= near && Math.abs(column) <= GUARD_BAND && Math.abs(row) <= GUARD_BAND ? 0 : 1;
  }
}
const GUARD_PLANES = [
  ([column, , w]) => column + GUARD_BAND * w,
  ([column, , w]) => GUARD_BAND * w - column,
  ([, row, w]) => row + GUARD_BAND * w,
  ([, row, w]) => GUARD_BAND * w - row,
];
function clipByPlane(polygon, distance) {
  const kept = [];
  polygon.forEach((a, i) => {
    const b = polygon[(i + 1) % polygon.length];
    const da = distance(a);
    const db = distance(b);
    if (da >= 0) kept.push(a);
    if (da >= 0 !== db >= 0) {
      // always from the kept to the cut vertex: the two faces at an edge get the same point, so no gap opens
      const [inner, outer, t] = da >= 0 ? [a, b, da / (da - db)] : [b, a, db / (db - da)];
      kept.push(inner.map((value, k) => value + t * (outer[k] - value)));
    }
  });
  return kept;
}
function clipTriangle(corners, projection) {
  const { matrix: m, perspective, near } = projection;
  const lift = (i) => {
    const [x, y, z] = [corners[i], corners[i + 1], corners[i + 2]];
    const row = (r) => m[r] * x + m[r + 1] * y + m[r + 2] * z + m[r + 3];
    return [row(0), row(4), row(8), z];
  };
  let polygon = [lift(0), lift(3), lift(6)];
  const planes = perspective ? [([, , , z]) => z - near, ...GUARD_PLANES] : GUARD_PLANES;
  for (const plane of planes) polygon = clipByPlane(polygon, plane);
  const out = new Float64Array((polygon.length < 3 ? 0 : polygon.length) * SCREEN_STRIDE);
  if (out.length === 0) return out;
  polygon.forEach(([columnW, rowW, w, z], p) => {
    const column = columnW / w;
    const row = rowW / w;
    const snap = (value) => Math.floor(value * SNAP + 0.5);
    out.set([column, row, perspective ? 1 / z : -z, snap(column), snap(row)], p * SCREEN_STRIDE);
  });
  return out;
}
function rasterizeTriangle(target, screen, a, b, c, face) {
  const ax = screen[a + 3];
  const ay = screen[a + 4];
  let bx = screen[b + 3];
  let by = screen[b + 4];
  let cx = screen[c + 3];
  let cy = screen[c + 4];
  const area = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax);
  if (area === 0) return;
  // rows grow downwards, so a counter-clockwise outline has a negative area
  const inner = area > 0 ? 1 : 0;
  if (target.skipped !== 0 && (target.skipped === 1) === (inner === 0)) return;
  if (inner === 0) {
    let swapped = bx;
    bx = cx;
    cx = swapped;
    swapped = by;
    by = cy;
    cy = swapped;
  }
  const left = Math.max(0, Math.ceil(Math.min(ax, bx, cx) / SNAP));
  const right = Math.min(target.columns - 1, Math.floor(Math.max(ax, bx, cx) / SNAP));
  const top = Math.max(0, Math.ceil(Math.min(ay, by, cy) / SNAP));
  const bottom = Math.min(target.rows - 1, Math.floor(Math.max(ay, by, cy) / SNAP));
  if (left > right || top > bottom) return;
  // nearness as a plane over the unsnapped outline
  const u = screen[a];
  const v = screen[a + 1];
  const q = screen[a + 2];
  const bu = screen[b] - u;
  const bv = screen[b + 1] - v;
  const bq = screen[b + 2] - q;
  const cu = screen[c] - u;
  const cv = screen[c + 1] - v;
  const cq = screen[c + 2] - q;
  const determinant = bu * cv - cu * bv;
  const dqColumn = determinant === 0 ? 0 : (bq * cv - cq * bv) / determinant;
  const dqRow = determinant === 0 ? 0 : (cq * bu - bq * cu) / determinant;
  const farthest = q + Math.min(0, bq, cq); // slivers extrapolate wildly, so stay within the corners
  const nearest = q + Math.max(0, bq, cq);
  const { columns, nearness, visible } = target;
  const id = face * 2 + inner;
  const abx = bx - ax;
  const aby = by - ay;
  const bcx = cx - bx;
  const bcy = cy - by;
  const cax = ax - cx;
  const cay = ay - cy;
  const x = left * SNAP;
  const y = top * SNAP;
  let rowAb = abx * (y - ay) - aby * (x - ax) - (aby < 0 || (aby === 0 && abx > 0) ? 0 : 1);
  let rowBc = bcx * (y - by) - bcy * (x - bx) - (bcy < 0 || (bcy === 0 && bcx > 0) ? 0 : 1);
  let rowCa = cax * (y - cy) - cay * (x - cx) - (cay < 0 || (cay === 0 && cax > 0) ? 0 : 1);
  const stepAb = -aby * SNAP;
  const stepBc = -bcy * SNAP;
  const stepCa = -cay * SNAP;
  for (let row = top; row <= bottom; row++) {
    let eAb = rowAb;
    let eBc = rowBc;
    let eCa = rowCa;
    const rowStart = row * columns;
    const rowNearness = q + (row - v) * dqRow - u * dqColumn;
    for (let column = left; column <= right; column++) {
      if (eAb >= 0 && eBc >= 0 && eCa >= 0) {
        let value = rowNearness + column * dqColumn;
        if (value < farthest) value = farthest;
        else if (value > nearest) value = nearest;
        value = Math.fround(value);
        const index = rowStart + column;
        if (value > nearness[index]) {
          nearness[index] = value;
          visible[index] = id;
        }
      }
      eAb += stepAb;
      eBc += stepBc;
      eCa += stepCa;
    }
    rowAb += abx * SNAP;
    rowBc += bcx * SNAP;
    rowCa += cax * SNAP;
  }
}
function vertexNormals(vertices, faces, out = new Float64Array(vertices.length)) {
  out.fill(0);
  for (let f = 0; f < faces.length; f += 3) {
    const a = faces[f] * 3;
    const b = faces[f + 1] * 3;
    const c = faces[f + 2] * 3;
    const ux = vertices[b] - vertices[a];
    const uy = vertices[b + 1] - vertices[a + 1];
    const uz = vertices[b + 2] - vertices[a + 2];
    const vx = vertices[c] - vertices[a];
    const vy = vertices[c + 1] - vertices[a + 1];
    const vz = vertices[c + 2] - vertices[a + 2];
    const nx = uy * vz - uz * vy;
    const ny = uz * vx - ux * vz;
    const nz = ux * vy - uy * vx;
    out[a] += nx;
    out[a + 1] += ny;
    out[a + 2] += nz;
    out[b] += nx;
    out[b + 1] += ny;
    out[b + 2] += nz;
    out[c] += nx;
    out[c + 1] += ny;
    out[c + 2] += nz;
  }
  for (let i = 0; i < vertices.length; i += 3) {
    const length = Math.sqrt(out[i] ** 2 + out[i + 1] ** 2 + out[i + 2] ** 2);
    if (length > 0) {
      out[i] /= length;
      out[i + 1] /= length;
      out[i + 2] /= length;
    }
  }
  return out;
}
const DEFAULT_ALBEDO = 0.8;
const rgbOf = (intensity) => (typeof intensity === 'number' ? [intensity, intensity, intensity] : intensity);
function unit([x, y, z]) {
  const length = Math.sqrt(x * x + y * y + z * z);
  if (!(length > 0 && length < Infinity)) {
    throw new Error('renderMesh: bad argument.');
  }
  return [x / length, y / length, z / length];
}
function lightVertices(buffers, mesh, lighting) {
  const { vertices, normals, front, back } = buffers;
  const { colors, colorSpace } = mesh;
  if (colors === undefined) front.fill(srgbToLinearFast(DEFAULT_ALBEDO));
  else if (colorSpace === 'linear') front.set(colors);
  else for (let i = 0; i < front.length; i++) front[i] = srgbToLinearFast(colors[i]);
  back.set(front);
  if (lighting === undefined) return;
  const [ambientR, ambientG, ambientB] = rgbOf(lighting.ambient);
  const strengths = lighting.lights.map((light) => rgbOf(light.intensity));
  const travels = lighting.lights.map((light) =>
    light.kind === 'directional' ? unit(light.direction) : light.position,
  );
  for (let i = 0; i < vertices.length; i += 3) {
    let outerR = ambientR;
    let outerG = ambientG;
    let outerB = ambientB;
    let innerR = ambientR;
    let innerG = ambientG;
    let innerB = ambientB;
    for (let l = 0; l < travels.length; l++) {
      let [x, y, z] = travels[l];
      if (lighting.lights[l].kind === 'point') {
        x = vertices[i] - x;
        y = vertices[i + 1] - y;
        z = vertices[i + 2] - z;
        const length = Math.sqrt(x * x + y * y + z * z);
        if (length === 0) continue;
        x /= length;
        y /= length;
        z /= length;
      }
      const facing = -(normals[i] * x + normals[i + 1] * y + normals[i + 2] * z);
      const [r, g, b] = strengths[l];
      if (facing > 0) {
        outerR += r * facing;
        outerG += g * facing;
        outerB += b * facing;
      } else {
        innerR -= r * facing;
        innerG -= g * facing;
        innerB -= b * facing;
      }
    }
    back[i] = front[i] * innerR;
    back[i + 1] = front[i + 1] * innerG;
    back[i + 2] = front[i + 2] * innerB;
    front[i] = front[i] * outerR;
    front[i + 1] = front[i + 1] * outerG;
    front[i + 2] = front[i + 2] * outerB;
  }
}
function barycentrics(buffers, projection, face, column, row, out) {
  const { faces, screen, outside } = buffers;
  const a = faces[face * 3];
  const b = faces[face * 3 + 1];
  const c = faces[face * 3 + 2];
  let wa;
  let wb;
  let wc;
  if (outside[a] + outside[b] + outside[c] === 0) {
    const ao = a * SCREEN_STRIDE;
    const bo = b * SCREEN_STRIDE;
    const co = c * SCREEN_STRIDE;
    const ax = screen[ao] - column;
    const ay = screen[ao + 1] - row;
    const bx = screen[bo] - column;
    const by = screen[bo + 1] - row;
    const cx = screen[co] - column;
    const cy = screen[co + 1] - row;
    wa = bx * cy - by * cx;
    wb = cx * ay - cy * ax;
    wc = ax * by - ay * bx;
    if (projection.perspective) {
      wa *= screen[ao + 2];
      wb *= screen[bo + 2];
      wc *= screen[co + 2];
    }
  } else {
    const [ha, hb, hc] = [a, b, c].map((vertex) => homogeneous(buffers.vertices, vertex * 3, projection.matrix));
    wa = tripleProduct(column, row, hb, hc);
    wb = tripleProduct(column, row, hc, ha);
    wc = tripleProduct(column, row, ha, hb);
  }
  if (wa + wb + wc < 0) {
    wa = -wa;
    wb = -wb;
    wc = -wc;
  }
  if (wa < 0) wa = 0;
  if (wb < 0) wb = 0;
  if (wc < 0) wc = 0;
  const sum = wa + wb + wc;
  const scale = sum > 0 ? 1 / sum : 0;
  out[0] = sum > 0 ? wa * scale : 1;
  out[1] = wb * scale;
  out[2] = wc * scale;
}
function homogeneous(vertices, i, m) {
  const [x, y, z] = [vertices[i], vertices[i + 1], vertices[i + 2]];
  return [0, 4, 8].map((r) => m[r] * x + m[r + 1] * y + m[r + 2] * z + m[r + 3]);
}
const tripleProduct = (column, row, p, q) =>
  column * (p[1] * q[2] - p[2] * q[1]) + row * (p[2] * q[0] - p[0] * q[2]) + (p[0] * q[1] - p[1] * q[0]);
function toByte(linear) {
  return BYTE_OF_LINEAR[linear >= 1 ? LINEAR_STEPS : (linear * LINEAR_STEPS + 0.5) | 0];
}
function resolveSamples(buffers, projection, width, height, antialias, background) {
  const { faces, visible, nearness, front, back } = buffers;
  const color =
    'data' in background ? { width, height, data: background.data.slice() } : createImage(width, height, background);
  const pixels = color.data;
  const depth = new Float32Array(width * height).fill(Infinity);
  const mask = new Uint8Array(width * height);
  const vertexIds = new Int32Array(width * height).fill(-1);
  const faceIds = new Int32Array(width * height).fill(-1);
  const weights = new Float64Array(3);
  const columns = width * antialias;
  const samples = antialias * antialias;
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const pixel = row * width + column;
      let covered = 0;
      let red = 0;
      let green = 0;
      let blue = 0;
      let nearest = -Infinity;
      for (let sampleRow = row * antialias; sampleRow < (row + 1) * antialias; sampleRow++) {
        for (let sampleColumn = column * antialias; sampleColumn < (column + 1) * antialias; sampleColumn++) {
          const sample = sampleRow * columns + sampleColumn;
          const id = visible[sample];
          if (id < 0) continue;
          covered++;
          const face = id >> 1;
          barycentrics(buffers, projection, face, sampleColumn, sampleRow, weights);
          const wa = weights[0];
          const wb = weights[1];
          const wc = weights[2];
          const va = faces[face * 3];
          const vb = faces[face * 3 + 1];
          const vc = faces[face * 3 + 2];
          const side = (id & 1) === 0 ? front : back;
          red += wa * side[va * 3] + wb * side[vb * 3] + wc * side[vc * 3];
          green += wa * side[va * 3 + 1] + wb * side[vb * 3 + 1] + wc * side[vc * 3 + 1];
          blue += wa * side[va * 3 + 2] + wb * side[vb * 3 + 2] + wc * side[vc * 3 + 2];
          if (nearness[sample] > nearest) {
            nearest = nearness[sample];
            faceIds[pixel] = face;
            vertexIds[pixel] = wa >= wb && wa >= wc ? va : wb >= wc ? vb : vc;
          }
        }
      }
      if (covered === 0) continue;
      const share = (samples - covered) / samples;
      pixels[pixel * 3] = toByte(red / samples + share * LINEAR_OF_BYTE[pixels[pixel * 3]]);
      pixels[pixel * 3 + 1] = toByte(green / samples + share * LINEAR_OF_BYTE[pixels[pixel * 3 + 1]]);
      pixels[pixel * 3 + 2] = toByte(blue / samples + share * LINEAR_OF_BYTE[pixels[pixel * 3 + 2]]);
      mask[pixel] = Math.round((255 * covered) / samples);
      depth[pixel] = projection.perspective ? 1 / nearest : -nearest;
    }
  }
  return { color, depth, mask: { width, height, data: mask }, vertexIds, faceIds };
}
const RENDER_MESH_DEFAULTS = {
  background: [0, 0, 0],
  lights: [{ kind: 'directional', direction: [0.4, 0.5, 1], intensity: 0.75 }],
  ambient: 0.35,
  shading: 'smooth',
  culling: 'none',
  antialias: 1,
  near: 1e-3,
};
function rasterizeFaces(buffers, projection, target) {
  const { faces, screen, outside, vertices } = buffers;
  const corners = new Float64Array(9);
  for (let f = 0; f < faces.length; f += 3) {
    const a = faces[f];
    const b = faces[f + 1];
    const c = faces[f + 2];
    if (outside[a] + outside[b] + outside[c] === 0) {
      rasterizeTriangle(target, screen, a * SCREEN_STRIDE, b * SCREEN_STRIDE, c * SCREEN_STRIDE, f / 3);
    } else {
      for (let k = 0; k < 9; k++) corners[k] = vertices[faces[f + Math.trunc(k / 3)] * 3 + (k % 3)];
      const polygon = clipTriangle(corners, projection);
      for (let p = 2 * SCREEN_STRIDE; p < polygon.length; p += SCREEN_STRIDE) {
        rasterizeTriangle(target, polygon, 0, p - SCREEN_STRIDE, p, f / 3);
      }
    }
  }
}
function renderMesh(mesh, camera, options) {
  const { width, height } = options;
  const settings = {
    background: options.background ?? RENDER_MESH_DEFAULTS.background,
    lights: options.lights ?? RENDER_MESH_DEFAULTS.lights,
    ambient: options.ambient ?? RENDER_MESH_DEFAULTS.ambient,
    shading: options.shading ?? RENDER_MESH_DEFAULTS.shading,
    culling: options.culling ?? RENDER_MESH_DEFAULTS.culling,
    antialias: options.antialias ?? RENDER_MESH_DEFAULTS.antialias,
    near: options.near ?? RENDER_MESH_DEFAULTS.near,
  };
  const buffers = options.buffers ?? createRenderBuffers();
  const columns = width * settings.antialias;
  const rows = height * settings.antialias;
  fillRenderBuffers(buffers, mesh.vertices, mesh.faces, columns * rows);
  const projection = sampleProjection(camera, settings.antialias, settings.near);
  projectToSamples(buffers, projection);
  rasterizeFaces(buffers, projection, {
    columns,
    rows,
    nearness: buffers.nearness,
    visible: buffers.visible,
    skipped: settings.culling === 'back' ? -1 : settings.culling === 'front' ? 1 : 0,
  });
  const lit = settings.shading === 'smooth';
  if (lit && mesh.normals !== undefined) buffers.normals.set(mesh.normals);
  else if (lit) vertexNormals(buffers.vertices, buffers.faces, buffers.normals);
  lightVertices(buffers, mesh, lit ? { lights: settings.lights, ambient: settings.ambient } : undefined);
  return resolveSamples(buffers, projection, width, height, settings.antialias, settings.background);
}

export { createRenderBuffers, renderMesh };
