import { ConfigError, createRng, ShapeError } from '@opposable/tensor-checks';
import { linearToSrgb, srgbToLinear } from '../srgb.js';
import { sphere } from '../test-support/meshes.js';
import type { Camera } from '../types.js';
import { createRenderBuffers } from './render-buffers.js';
import { renderMesh } from './render-mesh.js';

const WEAK: Camera = { kind: 'weak-perspective', scale: 20, translation: [31.5, 31.5] };
const K = [80, 4, 30, 0, 90, 33, 0, 0, 1];
const PERSPECTIVE: Camera = { kind: 'perspective', intrinsics: K };
const SIZE = { width: 64, height: 64 };

/** The direction of the viewing ray through a pixel, with z = 1. */
const ray = (u: number, v: number): [number, number, number] => {
  const y = (v - K[5]!) / K[4]!;
  return [(u - K[2]! - K[1]! * y) / K[0]!, y, 1];
};

/** A tilted triangle z = 4 + x/2 − y/3 that fills most of the picture. */
const plane = (x: number, y: number) => [x, y, 4 + x / 2 - y / 3];
const tilted = [...plane(-2, -1.5), ...plane(2.5, -1), ...plane(-0.5, 2.5)];

describe('renderMesh', () => {
  it('gives the depth of a plane under weak perspective', () => {
    const { depth, mask } = renderMesh({ vertices: tilted, faces: [0, 1, 2] }, WEAK, SIZE);
    let compared = 0;
    depth.forEach((z, i) => {
      expect(mask.data[i] === 255).toBe(z < Infinity);
      if (z === Infinity) return;
      const x = ((i % 64) - 31.5) / 20;
      const y = (Math.floor(i / 64) - 31.5) / 20;
      expect(Math.abs(z - (4 + x / 2 - y / 3))).toBeLessThan(1e-6);
      compared++;
    });
    expect(compared).toBeGreaterThan(1000);
  });

  it('gives the depth of a plane under perspective', () => {
    const { depth } = renderMesh({ vertices: tilted, faces: [0, 1, 2] }, PERSPECTIVE, SIZE);
    let compared = 0;
    depth.forEach((z, i) => {
      if (z === Infinity) return;
      const [x, y] = ray(i % 64, Math.floor(i / 64));
      expect(Math.abs(z - 4 / (1 - x / 2 + y / 3))).toBeLessThan(2e-6);
      compared++;
    });
    expect(compared).toBeGreaterThan(500);
  });

  it('gives the depth of a sphere within the height of its facets', () => {
    const [n, m] = [200, 100];
    const mesh = sphere(1, [0.2, -0.1, 4], n, m);
    const { depth } = renderMesh(mesh, PERSPECTIVE, SIZE);
    const facet = (Math.PI / m) ** 2; // a chord lies at most angle²/8 below the sphere, twice on a diagonal
    let compared = 0;
    depth.forEach((z, i) => {
      const [x, y] = ray(i % 64, Math.floor(i / 64));
      // |t·d − c|² = 1
      const dd = x * x + y * y + 1;
      const dc = 0.2 * x - 0.1 * y + 4;
      const discriminant = dc * dc - dd * (0.04 + 0.01 + 16 - 1);
      if (z === Infinity || discriminant < 0.3) return;
      const exact = (dc - Math.sqrt(discriminant)) / dd;
      expect(z - exact).toBeGreaterThan(-1e-6);
      expect(z - exact).toBeLessThan(4 * facet);
      compared++;
    });
    expect(compared).toBeGreaterThan(1000);
  });

  it('interpolates colours along the surface, not along the picture', () => {
    const colors = [0.9, 0.1, 0.2, 0.1, 0.8, 0.3, 0.2, 0.3, 1];
    const mesh = { vertices: tilted, faces: [0, 1, 2], colors };
    const { color, depth, vertexIds } = renderMesh(mesh, PERSPECTIVE, { ...SIZE, shading: 'none' });
    let compared = 0;
    depth.forEach((z, i) => {
      if (z === Infinity) return;
      const [rx, ry] = ray(i % 64, Math.floor(i / 64));
      const exact = 4 / (1 - rx / 2 + ry / 3);
      const [x, y] = [rx * exact, ry * exact];
      // barycentric coordinates of (x, y) in the plane's own coordinates
      const cross = (ax: number, ay: number, bx: number, by: number) => ax * by - ay * bx;
      const whole = cross(4.5, 0.5, 1.5, 4);
      const b = cross(x + 2, y + 1.5, 1.5, 4) / whole;
      const c = cross(4.5, 0.5, x + 2, y + 1.5) / whole;
      const weights = [1 - b - c, b, c];
      for (let k = 0; k < 3; k++) {
        const linear = weights.reduce((sum, weight, v) => sum + weight * srgbToLinear(colors[v * 3 + k]!), 0);
        expect(Math.abs(color.data[i * 3 + k]! - 255 * linearToSrgb(linear))).toBeLessThan(0.55);
      }
      const largest = Math.max(...weights);
      if (weights.filter((weight) => weight > largest - 1e-6).length === 1) {
        expect(vertexIds[i]).toBe(weights.indexOf(largest));
      }
      compared++;
    });
    expect(compared).toBeGreaterThan(500);
  });

  it('keeps the colour of a one-coloured mesh exactly when nothing is lit, with anti-aliasing too', () => {
    const colors = Array.from({ length: 9 }, (_, i) => [7, 128, 250][i % 3]! / 255);
    for (const antialias of [1, 3]) {
      const mesh = { vertices: tilted, faces: [0, 1, 2], colors };
      const { color, mask } = renderMesh(mesh, WEAK, { ...SIZE, shading: 'none', antialias });
      mask.data.forEach((coverage, i) => {
        if (coverage === 255) expect([...color.data.slice(i * 3, i * 3 + 3)]).toEqual([7, 128, 250]);
      });
    }
  });

  it('cuts what lies nearer than the near plane: a floor under the viewer ends at the horizon', () => {
    // the plane y = 1, from behind the viewer to far away; y = v-ray · z, so z = 90 / (v − 33) below the horizon
    const vertices = [-900, 1, -50, 900, 1, -50, 0, 1, 1e5];
    const { mask, depth, faceIds } = renderMesh({ vertices, faces: [0, 1, 2] }, PERSPECTIVE, SIZE);
    for (let v = 0; v < 64; v++) {
      const expected = v > 33 ? 255 : 0;
      expect(mask.data[v * 64 + 30]).toBe(expected);
      expect(faceIds[v * 64 + 30]).toBe(expected === 255 ? 0 : -1);
      if (expected === 255) expect(Math.abs(depth[v * 64 + 30]! * ((v - 33) / 90) - 1)).toBeLessThan(1e-5);
    }
    const cut = renderMesh({ vertices, faces: [0, 1, 2] }, PERSPECTIVE, { ...SIZE, near: 9.5 });
    expect(cut.mask.data[42 * 64 + 30]).toBe(255); // z = 10
    expect(cut.mask.data[43 * 64 + 30]).toBe(0); // z = 9
    const behind = renderMesh({ vertices: [0, 0, -1, 1, 0, -1, 0, 1, -2], faces: [0, 1, 2] }, PERSPECTIVE, SIZE);
    expect(behind.mask.data.every((value) => value === 0)).toBe(true);
  });

  it('interpolates colours on faces that reach behind the viewer', () => {
    const vertices = [-90, 1, -50, 90, 1, -50, 0, 1, 100];
    const colors = [0, 0, 0, 0, 0, 0, 1, 1, 1];
    const mesh = { vertices, faces: [0, 1, 2], colors };
    const { color, depth } = renderMesh(mesh, PERSPECTIVE, { ...SIZE, shading: 'none' });
    for (let v = 36; v < 64; v++) {
      const z = depth[v * 64 + 30]!;
      expect(Math.abs(color.data[(v * 64 + 30) * 3]! - 255 * linearToSrgb((z + 50) / 150))).toBeLessThan(0.6);
    }
  });

  it('draws faces that are far larger than the picture', () => {
    const vertices = [-1e7, -1e7, 2, 3e7, -1e7, 2, -1e7, 3e7, 2];
    const { mask, depth } = renderMesh({ vertices, faces: [0, 1, 2] }, WEAK, SIZE);
    expect(mask.data.every((value) => value === 255)).toBe(true);
    expect(depth.every((z) => Math.abs(z - 2) < 1e-6)).toBe(true);
  });

  it('anti-aliases by the mean of a finer picture', () => {
    const mesh = sphere(1, [0, 0, 4]);
    const fineCamera: Camera = { kind: 'weak-perspective', scale: 40, translation: [31.5 * 2 + 0.5, 31.5 * 2 + 0.5] };
    const smooth = renderMesh(mesh, WEAK, { ...SIZE, antialias: 2, background: [90, 20, 200] });
    const fine = renderMesh(mesh, fineCamera, { width: 128, height: 128, background: [90, 20, 200] });
    for (let y = 0; y < 64; y++) {
      for (let x = 0; x < 64; x++) {
        const samples = [0, 1].flatMap((dy) => [0, 1].map((dx) => (2 * y + dy) * 128 + 2 * x + dx));
        const covered = samples.filter((sample) => fine.faceIds[sample] !== -1).length;
        expect(smooth.mask.data[y * 64 + x]).toBe(Math.round((255 * covered) / 4));
        expect(smooth.depth[y * 64 + x]).toBe(Math.min(...samples.map((sample) => fine.depth[sample]!)));
        for (let c = 0; c < 3; c++) {
          const mean = samples.reduce(
            (sum, sample) => sum + srgbToLinear(fine.color.data[sample * 3 + c]! / 255) / 4,
            0,
          );
          expect(Math.abs(smooth.color.data[(y * 64 + x) * 3 + c]! - 255 * linearToSrgb(mean))).toBeLessThan(1.2);
        }
      }
    }
  });

  it('lights with the cosine of the angle to the light, on both sides', () => {
    // a square facing the viewer, turned by 60° about y: its normal is (−sin 60°, 0, −cos 60°) or the opposite
    const [s, c] = [Math.sin(Math.PI / 3), Math.cos(Math.PI / 3)];
    const corners = [-c, -1, s + 4, c, -1, -s + 4, c, 1, -s + 4, -c, 1, s + 4];
    const options = {
      ...SIZE,
      ambient: 0.1,
      lights: [{ kind: 'directional', direction: [0, 0, 2], intensity: [0.5, 0.4, 0.3] }],
    } as const;
    const colors = Array.from({ length: 12 }, () => 1);
    for (const faces of [
      [0, 1, 2, 0, 2, 3],
      [0, 2, 1, 0, 3, 2],
    ]) {
      const { color } = renderMesh({ vertices: corners, faces, colors }, WEAK, options);
      const center = (32 * 64 + 32) * 3;
      [0.5, 0.4, 0.3].forEach((intensity, k) => {
        expect(color.data[center + k]).toBe(Math.round(255 * linearToSrgb(0.1 + intensity * c)));
      });
    }
  });

  it('takes colours in linear light where it is told so', () => {
    const colors = [0.9, 0.1, 0.2, 0.1, 0.8, 0.3, 0.2, 0.3, 1];
    const srgb = renderMesh({ vertices: tilted, faces: [0, 1, 2], colors }, WEAK, { ...SIZE, antialias: 2 });
    const linear = {
      vertices: tilted,
      faces: [0, 1, 2],
      colors: colors.map(srgbToLinear),
      colorSpace: 'linear',
    } as const;
    const difference = renderMesh(linear, WEAK, { ...SIZE, antialias: 2 }).color.data.map((value, i) =>
      Math.abs(value - srgb.color.data[i]!),
    );
    expect(Math.max(...difference)).toBeLessThanOrEqual(1);
    expect(srgb.color.data.some((value) => value > 50)).toBe(true);
  });

  it('lights from a point without falloff', () => {
    const corners = [-9, -9, 4, 9, -9, 4, 9, 9, 4, -9, 9, 4];
    const mesh = { vertices: corners, faces: [0, 3, 2, 0, 2, 1], colors: Array.from({ length: 12 }, () => 1) };
    const at = (z: number) =>
      renderMesh(mesh, WEAK, {
        ...SIZE,
        ambient: 0,
        lights: [{ kind: 'point', position: [0, 0, z], intensity: 0.9 }],
      }).color.data[(32 * 64 + 32) * 3]!;
    // lit per pixel: this one's centre lies 0.5/20 beside the axis of the light in both directions
    for (const z of [0, -6]) {
      const height = 4 - z;
      expect(at(z)).toBe(Math.round(255 * linearToSrgb((0.9 * height) / Math.hypot(height, 0.025, 0.025))));
    }
  });

  it('gives the same bytes again, also with reused working memory', () => {
    const rng = createRng(4);
    const vertices = Array.from({ length: 90 }, () => rng.uniform(-2, 2));
    const faces = Array.from({ length: 150 }, () => rng.integer(0, 29));
    const buffers = createRenderBuffers();
    const draw = (withBuffers: boolean) =>
      renderMesh({ vertices, faces }, WEAK, { ...SIZE, antialias: 2, buffers: withBuffers ? buffers : undefined });
    const first = draw(false);
    renderMesh(sphere(1, [0, 0, 4]), PERSPECTIVE, { width: 30, height: 20, buffers });
    expect(draw(true)).toEqual(first);
    expect(draw(true)).toEqual(first);
    expect(first.faceIds.some((face) => face >= 0)).toBe(true);
  });

  it('draws over a background image without changing it', () => {
    const background = { ...SIZE, data: new Uint8Array(64 * 64 * 3).map((_, i) => i % 251) };
    const before = background.data.slice();
    const { color, mask } = renderMesh({ vertices: tilted, faces: [0, 1, 2] }, WEAK, { ...SIZE, background });
    expect(background.data).toEqual(before);
    mask.data.forEach((value, i) => {
      if (value === 0) expect(color.data.slice(i * 3, i * 3 + 3)).toEqual(before.slice(i * 3, i * 3 + 3));
    });
    expect(color.data).not.toEqual(before);
  });

  it('draws nothing for a mesh without faces', () => {
    const { mask, vertexIds } = renderMesh({ vertices: [], faces: [] }, WEAK, { width: 3, height: 2 });
    expect([...mask.data]).toEqual([0, 0, 0, 0, 0, 0]);
    expect([...vertexIds]).toEqual([-1, -1, -1, -1, -1, -1]);
  });

  it('refuses what it cannot draw', () => {
    const mesh = { vertices: tilted, faces: [0, 1, 2] };
    const draw =
      (change: object, camera: Camera = WEAK, options: object = {}) =>
      () =>
        renderMesh({ ...mesh, ...change }, camera, { ...SIZE, ...options });
    expect(draw({ vertices: [0, NaN, 0] })).toThrow('renderMesh: expected vertices to be finite, got NaN at index 1.');
    expect(draw({ vertices: [0, 1] })).toThrow('renderMesh: expected vertices as flat [N, 3], got 2 numbers.');
    expect(draw({ faces: [0, 1, 3] })).toThrow('renderMesh: expected faces to name vertices 0 … 2, got 3.');
    expect(draw({ colors: [0, 0, 0] })).toThrow(ShapeError);
    expect(draw({}, { kind: 'perspective', intrinsics: [1] })).toThrow('expected intrinsics of 9 numbers, got 1');
    expect(draw({}, WEAK, { width: 0 })).toThrow(ConfigError);
    expect(draw({}, WEAK, { antialias: 1.5 })).toThrow('expected antialias as an integer in 1 … 8');
    expect(draw({}, PERSPECTIVE, { near: 0 })).toThrow('expected near as a positive number, got 0');
    expect(draw({}, WEAK, { background: { width: 1, height: 1, data: new Uint8Array(3) } })).toThrow(
      'expected a background of 64 × 64 pixels, got 1 × 1',
    );
    const dark = { kind: 'directional', direction: [0, 0, 0], intensity: 1 };
    expect(draw({}, WEAK, { lights: [dark] })).toThrow('direction other than zero');
  });
});
