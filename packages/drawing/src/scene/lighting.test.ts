import { createRng } from '@opposable/tensor-checks';
import { linearToSrgb, srgbToLinear } from '../srgb.js';
import { castRay } from '../test-support/cast-rays.js';
import { sphere } from '../test-support/meshes.js';
import type { Camera } from '../types.js';
import { createSceneRenderer } from './create-scene-renderer.js';
import { keypointVisibility } from './keypoint-visibility.js';
import type { SceneLight, SceneMesh } from './types.js';

const renderer = createSceneRenderer();
const S = 64;
const weak: Camera = { kind: 'weak-perspective', scale: 28, translation: [31.5, 31.5] };
const size = { width: S, height: S };

/** A fine unit sphere at z = 4 with exact normals. */
function ball(material: SceneMesh['material'], albedo = 1): SceneMesh {
  const { vertices, faces } = sphere(1, [0, 0, 4], 160, 80);
  const normals = Array.from(vertices, (value, i) => value - (i % 3 === 2 ? 4 : 0));
  return { vertices, faces, normals, colors: normals.map(() => albedo), colorSpace: 'linear', material };
}

/** Largest difference, in bytes, between the picture and a formula of the normal of a perfect sphere, inside 0.97 of its outline. */
function compare(light: readonly SceneLight[], mesh: SceneMesh, formula: (n: number[]) => number[], ambient = 0) {
  const { color } = renderer.render({ meshes: [mesh], lights: light, ambient }, weak, { ...size, outputs: ['color'] });
  let worst = 0;
  let compared = 0;
  for (let i = 0; i < S * S; i++) {
    const [x, y] = [((i % S) - 31.5) / 28, (Math.floor(i / S) - 31.5) / 28];
    if (x * x + y * y > 0.97 ** 2) continue;
    formula([x, y, -Math.sqrt(1 - x * x - y * y)]).forEach((value, c) => {
      const byte = 255 * linearToSrgb(Math.min(1, Math.max(0, value)));
      worst = Math.max(worst, Math.abs(byte - color.data[3 * i + c]!));
      compared++;
    });
  }
  expect(compared).toBeGreaterThan(5000);
  return worst;
}

const dot = (p: readonly number[], q: readonly number[]) => p[0]! * q[0]! + p[1]! * q[1]! + p[2]! * q[2]!;
const unit = (p: readonly number[]) => p.map((value) => value / Math.sqrt(dot(p, p)));

describe('light on a sphere', () => {
  it('of a lamp is the cosine, wrapped where the material wraps', () => {
    const direction = [0.5, 0.3, 0.8] as const;
    const towards = unit(direction).map((value) => -value);
    const lamp: SceneLight = { kind: 'directional', direction, intensity: [0.9, 0.6, 0.3] };
    const lambert = (n: number[]) => [0.9, 0.6, 0.3].map((i) => 0.05 + i * Math.max(0, dot(n, towards)));
    expect(compare([lamp], ball({}), lambert, 0.05)).toBeLessThan(1.6);
    const wrap = [0.5, 0.2, 0] as const;
    const wrapped = (n: number[]) =>
      [0.9, 0.6, 0.3].map((i, c) => i * Math.max(0, (dot(n, towards) + wrap[c]!) / (1 + wrap[c]!)));
    expect(compare([lamp], ball({ wrap }), wrapped)).toBeLessThan(1.6);
  });

  it('of harmonics is the cosine-weighted mean of their radiance over the half space', () => {
    const rng = createRng(9);
    const coefficients = Array.from({ length: 27 }, (_, i) => (i < 3 ? 1.4 : rng.uniform(-0.25, 0.25)));
    const radiance = ([x, y, z]: number[]) => {
      const basis = [
        0.282095,
        0.488603 * y!,
        0.488603 * z!,
        0.488603 * x!,
        1.092548 * x! * y!,
        1.092548 * y! * z!,
        0.315392 * (3 * z! * z! - 1),
        1.092548 * x! * z!,
        0.546274 * (x! * x! - y! * y!),
      ];
      return [0, 1, 2].map((c) => basis.reduce((sum, value, k) => sum + value * coefficients[3 * k + c]!, 0));
    };
    // the integral as a sum over directions spread evenly on the sphere (a Fibonacci spiral)
    const count = 4000;
    const directions = Array.from({ length: count }, (_, i) => {
      const z = 1 - (2 * i + 1) / count;
      const angle = i * Math.PI * (3 - Math.sqrt(5));
      return [Math.sqrt(1 - z * z) * Math.cos(angle), Math.sqrt(1 - z * z) * Math.sin(angle), z];
    });
    const arriving = directions.map((direction) => radiance(direction));
    const irradiance = (n: number[]) => {
      const sum = [0, 0, 0];
      directions.forEach((direction, i) => {
        const cosine = dot(n, direction);
        if (cosine > 0) for (let c = 0; c < 3; c++) sum[c]! += (cosine * arriving[i]![c]! * 4) / count;
      });
      return sum;
    };
    const lights: SceneLight[] = [{ kind: 'spherical-harmonics', coefficients }];
    expect(compare(lights, ball({}), irradiance)).toBeLessThan(1.8);
  });

  it('shines as the microfacet formula says', () => {
    const direction = [0.4, 0.5, 1] as const;
    const l = unit(direction).map((value) => -value);
    const v = [0, 0, -1];
    const h = unit(l.map((value, k) => value + v[k]!));
    const lamp: SceneLight = { kind: 'directional', direction, intensity: 0.5 };
    for (const [specular, roughness] of [
      [0.04, 0.4],
      [0.2, 0.7],
      [1, 1],
    ] as const) {
      const alpha = roughness ** 2;
      const shine = (n: number[]) => {
        const [nl, nv, nh, vh] = [dot(n, l), dot(n, v), dot(n, h), dot(v, h)].map((value) => Math.max(0, value));
        const d = alpha ** 2 / (Math.PI * (nh! ** 2 * (alpha ** 2 - 1) + 1) ** 2);
        const g = 0.5 / (nl! * (nv! * (1 - alpha) + alpha) + nv! * (nl! * (1 - alpha) + alpha));
        const f = specular + (1 - specular) * (1 - vh!) ** 5;
        const value = 0.5 * nl! * (0.3 + (nl! > 0 ? Math.PI * d * g * f : 0));
        return [value, value, value];
      };
      expect(compare([lamp], ball({ specular, roughness }, 0.3), shine)).toBeLessThan(2.1);
    }
  });
});

describe('shadows', () => {
  it('of a square over a plane lie where rays to the light meet it', () => {
    const floor: SceneMesh = { vertices: [-3, -3, 5, 3, -3, 5, 3, 3, 5, -3, 3, 5], faces: [0, 3, 2, 0, 2, 1] };
    const square: SceneMesh = {
      vertices: [-0.5, -0.5, 4, 0.5, -0.5, 4, 0.5, 0.5, 4, -0.5, 0.5, 4],
      faces: [0, 3, 2, 0, 2, 1],
    };
    const camera: Camera = { kind: 'weak-perspective', scale: 16, translation: [47.5, 47.5] };
    const draw = (shadow: SceneLight & { kind: 'directional' }) =>
      renderer.render({ meshes: [floor, square], lights: [shadow], ambient: 0.1 }, camera, {
        ...{ width: 96, height: 96, outputs: ['color', 'objects'] },
      });
    const lamp = { kind: 'directional', direction: [1, 0.5, 1], intensity: 0.8 } as const;
    const open = draw(lamp);
    const shaded = draw({ ...lamp, shadow: { size: 512, softness: 0 } });
    const texel = 6.2 / 500; // the floor fills the map
    const [dark, light] = [0.1, 0.1 + 0.8 * (2 / 3)].map((value) =>
      Math.round(255 * linearToSrgb(value * srgbToLinear(0.8))),
    );
    let [inside, outside] = [0, 0];
    for (let i = 0; i < 96 * 96; i++) {
      if (shaded.objects[i] !== 0) continue;
      // a place of the floor is dark if it lies one step of the light, (1, 0.5, 1), behind the square
      const [x, y] = [((i % 96) - 47.5) / 16 - 1, (Math.floor(i / 96) - 47.5) / 16 - 0.5];
      const reach = Math.max(Math.abs(x), Math.abs(y)) - 0.5;
      if (Math.abs(reach) < 6 * texel) continue;
      expect(open.color.data[3 * i]).toBe(light);
      expect(shaded.color.data[3 * i]).toBe(reach < 0 ? dark : light);
      if (reach < 0) inside++;
      else outside++;
    }
    expect(inside).toBeGreaterThan(100);
    expect(outside).toBeGreaterThan(5000);
    const half = draw({ ...lamp, shadow: { size: 512, strength: 0.5 } });
    const middle = 3 * (56 * 96 + 64);
    expect(half.color.data[middle]).toBe(Math.round(255 * linearToSrgb((0.1 + 0.8 * (1 / 3)) * srgbToLinear(0.8))));
  });

  it('leave a surface alone that nothing stands before: no acne on a plane under a slanting light', () => {
    const plane: SceneMesh = { vertices: [-1, -1, 5, 1, -1, 5, 1, 1, 5, -1, 1, 5], faces: [0, 3, 2, 0, 2, 1] };
    for (const direction of [
      [0, 0, 1],
      [1, 0.4, 1],
      [1.5, -1, 0.8],
    ] as const) {
      const draw = (shadow: boolean) =>
        renderer.render(
          { meshes: [plane], lights: [{ kind: 'directional', direction, intensity: 1, shadow }] },
          weak,
          size,
        ).color.data;
      expect(draw(true)).toEqual(draw(false));
    }
  });
});

describe('a texture', () => {
  it('follows perspective on a tilted plane', () => {
    // z = 4 + x; a texture whose linear value grows evenly with u
    const vertices = [-1.5, -1.5, 2.5, 1.5, -1.5, 5.5, 1.5, 1.5, 5.5, -1.5, 1.5, 2.5];
    const n = 64;
    const data = new Uint8Array(n * n * 3);
    for (let i = 0; i < n * n; i++) data.fill(Math.round(255 * linearToSrgb(((i % n) + 0.5) / n)), 3 * i, 3 * i + 3);
    const mesh: SceneMesh = {
      ...{ vertices, faces: [0, 3, 2, 0, 2, 1], uvs: [0, 0, 1, 0, 1, 1, 0, 1] },
      texture: { width: n, height: n, data },
    };
    const camera: Camera = { kind: 'perspective', intrinsics: [70, 0, 31.5, 0, 70, 31.5, 0, 0, 1] };
    const { color, mask } = renderer.render({ meshes: [mesh] }, camera, { ...size, shading: 'none' });
    let compared = 0;
    for (let i = 0; i < S * S; i++) {
      if (mask.data[i] !== 255) continue;
      const ray = ((i % S) - 31.5) / 70;
      const x = (4 * ray) / (1 - ray); // x = ray · (4 + x)
      const u = (x + 1.5) / 3;
      if (u < 0.02 || u > 0.98) continue;
      expect(Math.abs(srgbToLinear(color.data[3 * i]! / 255) - u)).toBeLessThan(0.008);
      compared++;
    }
    expect(compared).toBeGreaterThan(1000);
  });

  it('lets the colours of the vertices through where its alpha is low', () => {
    const square = { vertices: [-1, -1, 2, 1, -1, 2, 1, 1, 2, -1, 1, 2], faces: [0, 3, 2, 0, 2, 1] };
    const colors = Array.from({ length: 12 }, () => 0.5);
    const draw = (alpha: number) =>
      renderer
        .render(
          {
            meshes: [
              {
                ...{ ...square, colors, colorSpace: 'linear', uvs: [0, 0, 1, 0, 1, 1, 0, 1] },
                texture: { width: 1, height: 1, data: Uint8Array.of(255, 0, 0, alpha) },
              },
            ],
          },
          weak,
          { ...size, shading: 'none' },
        )
        .color.data.slice(3 * (32 * S + 32), 3 * (32 * S + 32) + 3);
    const byte = (value: number) => Math.round(255 * linearToSrgb(value));
    expect([...draw(0)]).toEqual([byte(0.5), byte(0.5), byte(0.5)]);
    expect([...draw(255)]).toEqual([255, 0, 0]);
    expect([...draw(51)]).toEqual([byte(0.2 + 0.8 * 0.5), byte(0.4), byte(0.4)]);
  });
});

describe('a procedural surface', () => {
  it('sees places, faces and interpolated coordinates of its mesh alone, and changes colour and normal', () => {
    const square = { vertices: [-1, -1, 2, 1, -1, 2, 1, 1, 2, -1, 1, 2], faces: [0, 3, 2, 0, 2, 1] };
    let seen = 0;
    const { color, normals } = renderer.render(
      {
        meshes: [
          { ...square, vertices: square.vertices.map((value, i) => (i % 3 === 0 ? value - 2 : value)) },
          {
            ...square,
            coordinates: square.vertices.map((value) => value * 10),
            surface: ({ count, x, y, cx, cy, face, lambdaB, lambdaC, red, green, blue, nx, nz }) => {
              for (let i = 0; i < count; i++) {
                const corners = [0, 1, 2].map((k) => square.faces[face[i]! * 3 + k]! * 3);
                const la = 1 - lambdaB[i]! - lambdaC[i]!;
                const at =
                  la * square.vertices[corners[0]!]! +
                  lambdaB[i]! * square.vertices[corners[1]!]! +
                  lambdaC[i]! * square.vertices[corners[2]!]!;
                expect(Math.abs(at - x[i]!)).toBeLessThan(1e-5);
                expect(Math.abs(cx[i]! - 10 * x[i]!) + Math.abs(cy[i]! - 10 * y[i]!)).toBeLessThan(1e-5);
                red[i] = x[i]! > 0 ? 1 : 0;
                green[i] = blue[i] = 0;
                [nx[i], nz[i]] = [-Math.SQRT1_2, -Math.SQRT1_2]; // 45° to the lamp
                seen++;
              }
            },
          },
        ],
        lights: [{ kind: 'directional', direction: [0, 0, 1], intensity: 1 }],
        ambient: 0,
      },
      weak,
      { ...size, outputs: ['color', 'normals'] },
    );
    expect(seen).toBe(56 * 56);
    const at = (x: number) => [...color.data.slice(3 * (32 * S + x), 3 * (32 * S + x) + 3)];
    expect(at(45)).toEqual([Math.round(255 * linearToSrgb(Math.SQRT1_2)), 0, 0]);
    expect(at(20)).toEqual([0, 0, 0]);
    expect(at(2)[1]).toBeGreaterThan(100);
    expect([...normals.slice(3 * (32 * S + 45), 3 * (32 * S + 45) + 3)]).toEqual([0, 0, -1]); // of the geometry
  });
});

describe('keypointVisibility', () => {
  it('is what rays from the viewer say', () => {
    const rng = createRng(31);
    const camera: Camera = { kind: 'perspective', intrinsics: [70, 0, 31.5, 0, 70, 31.5, 0, 0, 1] };
    const meshes = [sphere(0.6, [0.2, 0, 3]), sphere(0.8, [-0.4, 0.3, 4])];
    const { depth } = renderer.render({ meshes }, camera, { ...size, outputs: ['depth'] });
    const points = Array.from({ length: 400 }, () => {
      // at pixel centres, so that the ray through the pixel is the ray through the point
      const [u, v, z] = [rng.integer(-8, 71), rng.integer(-8, 71), rng.uniform(-0.5, 5.5)];
      return [((u - 31.5) / 70) * z, ((v - 31.5) / 70) * z, z, u, v] as const;
    });
    const flat = points.flatMap(([x, y, z]) => [x, y, z]);
    for (const margin of [0, 0.4]) {
      const found = keypointVisibility(flat, camera, { ...size, data: depth }, { margin });
      const wrong = points.filter(([, , z, u, v], k) => {
        const outside = z <= 0 || u < 0 || v < 0 || u >= S || v >= S;
        const [hit] = castRay(meshes, camera, u, v);
        if (hit !== undefined && (hit.margin < 1e-3 || Math.abs(z - hit.z - margin) < 1e-5)) return false;
        return found[k] !== (outside ? 0 : hit === undefined || z - hit.z <= margin ? 2 : 1);
      });
      expect(wrong).toEqual([]);
      expect(new Set(found)).toEqual(new Set([0, 1, 2]));
    }
    const margins = points.map((_, k) => (k === 0 ? 100 : 0));
    expect(keypointVisibility(flat, camera, { ...size, data: depth }, { margin: margins })[0]).not.toBe(1);
  });
});

describe('a scene that cannot be drawn', () => {
  const mesh = { vertices: [0, 0, 1, 4, 0, 1, 0, 4, 1], faces: [0, 2, 1] };
  const draw = (change: object, scene: object = {}, options: object = {}) => {
    const camera: Camera = { kind: 'weak-perspective', scale: 1, translation: [0, 0] };
    return () => renderer.render({ meshes: [{ ...mesh, ...change }], ...scene }, camera, { ...size, ...options });
  };
  const lamp = { kind: 'directional', direction: [0, 0, 1], intensity: 1 };
  it.each([
    [draw({ vertices: [0, NaN, 0] }), 'renderScene: expected vertices to be finite, got NaN at index 1.'],
    [draw({ vertices: [0, 0, Infinity] }), 'renderScene: expected vertices to be finite, got Infinity at index 2.'],
    [draw({ faces: [0, 1, 3] }), 'renderScene: expected faces to name vertices 0 … 2, got 3.'],
    [draw({ uvs: [0] }), 'renderScene: expected uvs with 6 numbers, got 1.'],
    [draw({ parts: [0, 1, -1] }), 'renderScene: expected parts as integers in 0 … 32766, got -1 at index 2.'],
    [draw({ material: { roughness: 0 } }), 'renderScene: expected roughness in 0.05 … 1, got 0.'],
    [draw({ texture: { width: 1, height: 1, data: new Uint8Array(3) } }), 'expected uvs for a mesh with a texture'],
    [
      draw({ uvs: [0, 0, 0, 0, 0, 0], texture: { width: 2, height: 1, data: new Uint8Array(3) } }),
      'expected a texture with 2 · 1 · 3 or 4 bytes, got 3.',
    ],
    [draw({}, { lights: [{ ...lamp, direction: [0, 0, 0] }] }), 'finite direction other than zero'],
    [draw({}, { lights: [{ ...lamp, intensity: NaN }] }), 'the intensity of a light to be finite, got NaN'],
    [draw({}, { lights: [{ ...lamp, shadow: { size: 7 } }] }), 'as an integer in 16 … 4096, got 7.'],
    [draw({}, { lights: Array(5).fill({ ...lamp, shadow: true }) }), 'at most 4 lights with a shadow'],
    [
      draw({}, { lights: [{ kind: 'spherical-harmonics', coefficients: [1] }] }),
      'spherical harmonics as flat [9, 3], got 1 numbers.',
    ],
    [draw({}, {}, { outputs: ['colour'] }), 'expected outputs among color, mask,'],
    [draw({}, {}, { antialias: 9 }), 'expected antialias as an integer in 1 … 8'],
  ])('says what is wrong: %#', (run, message) => {
    expect(run).toThrow(message);
  });
});
