import { createRng, type Rng } from '@opposable/tensor-checks';
import { castRay, type Hit } from '../test-support/cast-rays.js';
import { sphere } from '../test-support/meshes.js';
import type { Camera } from '../types.js';
import { createSceneRenderer } from './create-scene-renderer.js';
import type { Scene, SceneMesh } from './types.js';

const KERNELS = ['wasm', 'typescript'] as const;
const W = 40;
const H = 36;

function triangleSoup(rng: Rng, faces: number, depth: number): SceneMesh {
  const vertices = Array.from({ length: faces }, () => {
    const centre = [rng.uniform(-1, 1), rng.uniform(-1, 1), rng.uniform(-1, 1)];
    return Array.from({ length: 9 }, (_, k) => centre[k % 3]! + rng.uniform(-0.6, 0.6) + (k % 3 === 2 ? depth : 0));
  }).flat();
  return { vertices, faces: Array.from({ length: faces * 3 }, (_, i) => i) };
}

const weak: Camera = { kind: 'weak-perspective', scale: 14, translation: [19.3, 17.8] };
const perspective: Camera = { kind: 'perspective', intrinsics: [52, 3, 19.3, 0, 55, 17.8, 0, 0, 1] };

describe.each(KERNELS)('a scene drawn by %s', (kernels) => {
  const renderer = createSceneRenderer({ kernels });

  it('shows at each sample the face that a ray meets first, at its depth and barycentric coordinates', () => {
    const rng = createRng(11);
    let compared = 0;
    let left = 0;
    const wrong: unknown[] = [];
    for (const camera of [weak, perspective]) {
      for (let round = 0; round < 2; round++) {
        const meshes = [triangleSoup(rng, 12, 4), sphere(0.8, [0.4, 0.2, 4], 12, 8), triangleSoup(rng, 7, 4.5)];
        const out = renderer.render({ meshes }, camera, {
          ...{ width: W, height: H },
          outputs: ['depth', 'objects', 'faces', 'barycentrics', 'vertices', 'mask'],
        });
        for (let pixel = 0; pixel < W * H; pixel++) {
          const [u, v] = [pixel % W, Math.floor(pixel / W)];
          const hits = castRay(meshes, camera, u, v);
          const hit = hits[0];
          // corners are snapped by up to 1/512 pixel: where rays so near meet other faces, either answer is right
          const seen = (list: readonly Hit[]) => list.map(({ mesh, face }) => `${mesh}:${face}`).join();
          const unclear =
            [-1, 1].some((dx) =>
              [-1, 1].some((dy) => seen(castRay(meshes, camera, u + dx / 256, v + dy / 256)) !== seen(hits)),
            ) ||
            (hits.length > 1 && hits[1]!.z - hit!.z < 1e-5);
          if (unclear) {
            left++;
            continue;
          }
          compared++;
          const found = {
            object: out.objects[pixel],
            face: out.faces[pixel],
            mask: out.mask.data[pixel],
            corner: out.vertices[pixel],
            depth: out.depth[pixel]!,
            lambda: [...out.barycentrics.subarray(3 * pixel, 3 * pixel + 3)],
          };
          if (hit === undefined) {
            const empty = { object: -1, face: -1, mask: 0, corner: -1, depth: Infinity, lambda: [0, 0, 0] };
            if (JSON.stringify(found) !== JSON.stringify(empty)) wrong.push(found);
            continue;
          }
          const largest = hit.lambda.indexOf(Math.max(...hit.lambda));
          const fits =
            found.object === hit.mesh &&
            found.face === hit.face &&
            found.mask === 255 &&
            found.corner === meshes[hit.mesh]!.faces[hit.face * 3 + largest] &&
            Math.abs(found.depth - hit.z) < 1e-6 * hit.z &&
            found.lambda.every((value, k) => Math.abs(value - hit.lambda[k]!) < 1e-6);
          if (!fits) wrong.push({ found, hit });
        }
      }
    }
    expect(wrong).toEqual([]);
    expect(compared).toBeGreaterThan(4_000);
    expect(left).toBeLessThan(compared / 10);
  });

  it('has no crack and draws nothing twice where faces meet: every sample of a random triangulated sheet has one face', () => {
    const rng = createRng(5);
    for (const [camera, size] of [
      [weak, 1],
      [perspective, 1],
      [{ kind: 'weak-perspective', scale: 900, translation: [3, -40] } as const, 60], // faces beyond 64 samples: the wide path
    ] as const) {
      const cells = 6;
      const at = (i: number, j: number) => j * (cells + 1) + i;
      const vertices: number[] = [];
      for (let j = 0; j <= cells; j++) {
        for (let i = 0; i <= cells; i++) {
          const inner = i > 0 && j > 0 && i < cells && j < cells;
          const place = (k: number) => ((k + (inner ? rng.uniform(-0.4, 0.4) : 0)) / cells - 0.5) * 4;
          vertices.push(place(i), place(j), 4 + rng.uniform(-0.3, 0.3));
        }
      }
      const faces: number[] = [];
      for (let j = 0; j < cells; j++) {
        for (let i = 0; i < cells; i++) {
          faces.push(at(i, j), at(i, j + 1), at(i + 1, j), at(i + 1, j), at(i, j + 1), at(i + 1, j + 1));
        }
      }
      const times = new Uint8Array(W * H);
      for (let f = 0; f < faces.length; f += 3) {
        const { mask } = renderer.render({ meshes: [{ vertices, faces: faces.slice(f, f + 3) }] }, camera, {
          ...{ width: W, height: H, outputs: ['mask'] },
        });
        mask.data.forEach((value, pixel) => (times[pixel]! += value / 255));
      }
      const whole = renderer.render({ meshes: [{ vertices, faces }] }, camera, {
        ...{ width: W, height: H, outputs: ['mask'] },
      });
      expect(Math.max(...times)).toBe(1);
      expect([...times].map((count) => count * 255)).toEqual([...whole.mask.data]);
      expect(times.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(size === 1 ? 1000 : 600);
    }
  });

  it('covers pixels by their area: the mean error of n × n samples falls with n', () => {
    const rng = createRng(8);
    const errors = [1, 2, 4].map((antialias) => {
      let sum = 0;
      let worst = 0;
      for (let round = 0; round < 40; round++) {
        const angle = rng.uniform(0, 2 * Math.PI);
        const offset = rng.uniform(-0.5, 0.5);
        // a half plane through pixel (10, 10): n·(p − centre) < offset
        const [nx, ny] = [Math.cos(angle), Math.sin(angle)];
        const point = (along: number, out: number) => [
          10 + nx * (offset - out) - ny * along,
          10 + ny * (offset - out) + nx * along,
          1,
        ];
        const vertices = [...point(-200, 0), ...point(200, 0), ...point(0, 200)];
        const { mask } = renderer.render(
          { meshes: [{ vertices, faces: [0, 1, 2] }] },
          { kind: 'weak-perspective', scale: 1, translation: [0, 0] },
          { width: 21, height: 21, antialias, outputs: ['mask'] },
        );
        // exact area of the pixel on the inner side, from a polygon cut
        const corners = [-0.5, 0.5].flatMap((y) => (y < 0 ? [-0.5, 0.5] : [0.5, -0.5]).map((x) => [x, y]));
        const kept: number[][] = [];
        corners.forEach((p, k) => {
          const q = corners[(k + 1) % 4]!;
          const [dp, dq] = [offset - nx * p[0]! - ny * p[1]!, offset - nx * q[0]! - ny * q[1]!];
          if (dp >= 0) kept.push(p);
          if (dp >= 0 !== dq >= 0) kept.push(p.map((value, axis) => value + (dp / (dp - dq)) * (q[axis]! - value)));
        });
        const area = Math.abs(
          kept.reduce((total, p, k) => {
            const q = kept[(k + 1) % kept.length]!;
            return total + (p[0]! * q[1]! - p[1]! * q[0]!) / 2;
          }, 0),
        );
        const error = Math.abs(mask.data[10 * 21 + 10]! / 255 - area);
        sum += error / 40;
        worst = Math.max(worst, error);
      }
      return { mean: sum, worst };
    });
    expect(errors[0]!.mean).toBeLessThan(0.3);
    expect(errors[1]!.mean).toBeLessThan(errors[0]!.mean / 1.8);
    expect(errors[2]!.mean).toBeLessThan(errors[1]!.mean / 1.6);
    expect(errors[2]!.worst).toBeLessThan(0.15);
  });

  it('keeps parts and coverage of each object apart', () => {
    const parts = [7, 7, 9, 9];
    const square = (x: number, z: number): SceneMesh => ({
      ...{ vertices: [x, 0, z, x + 10, 0, z, x + 10, 10, z, x, 10, z], faces: [0, 3, 2, 0, 2, 1] },
      parts,
    });
    const scene = { meshes: [square(0.25, 2), square(5.25, 1)] };
    const camera: Camera = { kind: 'weak-perspective', scale: 1, translation: [0, 0] };
    const options = {
      ...{ width: 20, height: 10, antialias: 4 },
      outputs: ['objectMasks', 'objects', 'parts', 'mask'],
    } as const;
    const { objectMasks, objects, parts: seen, mask } = renderer.render(scene, camera, options);
    const row = (data: ArrayLike<number>) => Array.from({ length: 20 }, (_, x) => data[5 * 20 + x]!);
    // a pixel reaches from x − 0.5 to x + 0.5: pixel 0 is covered from 0.25, pixel 5 changes at 5.25, 15 ends at 15.25
    expect(row(objectMasks[0]!.data)).toEqual([64, 255, 255, 255, 255, 191, ...Array<number>(14).fill(0)]);
    expect(row(objectMasks[1]!.data)).toEqual([0, 0, 0, 0, 0, 64, ...Array<number>(9).fill(255), 191, 0, 0, 0, 0]);
    expect(row(mask.data).slice(0, 7)).toEqual([64, 255, 255, 255, 255, 255, 255]);
    expect(row(objects).slice(3, 8)).toEqual([0, 0, 1, 1, 1]);
    expect(new Set(seen)).toEqual(new Set([-1, 7, 9]));
    expect(seen[1 * 20 + 10]).toBe(7);
    expect(seen[9 * 20 + 10]).toBe(9);
  });

  it('gives the same bytes again, also in arrays of an earlier result and after other scenes', () => {
    const rng = createRng(3);
    const scene = { meshes: [triangleSoup(rng, 30, 4), sphere(1, [0, 0, 4])] };
    const options = {
      ...{ width: W, height: H, antialias: 3 },
      outputs: ['color', 'mask', 'objectMasks', 'depth', 'normals', 'parts', 'objects', 'faces', 'barycentrics'],
    } as const;
    const first = renderer.render(scene, perspective, options);
    const other = renderer.render({ meshes: [sphere(2, [0, 0, 6], 90, 60)] }, weak, { ...options, antialias: 2 });
    const again = renderer.render(scene, perspective, { ...options, into: other });
    expect(again).toEqual(first);
    expect(again.depth).toBe(other.depth);
    expect(again.color).toBe(other.color);
    expect(createSceneRenderer({ kernels }).render(scene, perspective, options)).toEqual(first);
  });

  it('draws a floor that begins behind the viewer up to the horizon, and nothing that lies behind', () => {
    const camera: Camera = { kind: 'perspective', intrinsics: [80, 0, 20, 0, 90, 16, 0, 0, 1] };
    const floor = { vertices: [-900, 1, -50, 900, 1, -50, 0, 1, 1e5], faces: [0, 1, 2] };
    const out = renderer.render({ meshes: [floor] }, camera, {
      width: W,
      height: H,
      outputs: ['depth', 'barycentrics'],
    });
    for (let v = 0; v < H; v++) {
      const z = out.depth[v * W + 20]!;
      if (v <= 16) expect(z).toBe(Infinity);
      else expect(Math.abs(z * ((v - 16) / 90) - 1)).toBeLessThan(1e-5);
    }
    const behind = { vertices: [0, 0, -1, 1, 0, -1, 0, 1, -2], faces: [0, 1, 2] };
    const none = renderer.render({ meshes: [behind] }, camera, { width: W, height: H, outputs: ['mask'] });
    expect(none.mask.data.every((value) => value === 0)).toBe(true);
  });

  it('draws faces of any size and skips those without area', () => {
    const huge = { vertices: [-1e30, -1e30, 2, 3e30, -1e30, 2, -1e30, 3e30, 2], faces: [0, 2, 1] };
    const degenerate = { vertices: [0, 0, 1, 1, 1, 1, 2, 2, 1, 0, 0, 1], faces: [0, 1, 2, 0, 0, 1, 0, 3, 0] };
    const { mask, depth } = renderer.render({ meshes: [degenerate, huge] }, weak, { width: W, height: H });
    expect(mask.data.every((value) => value === 255)).toBe(true);
    expect(depth.every((z) => z === 2)).toBe(true);
    const none = renderer.render({ meshes: [degenerate] }, weak, { width: W, height: H });
    expect(none.mask.data.every((value) => value === 0)).toBe(true);
    expect(renderer.render({ meshes: [] }, weak, { width: 2, height: 2 }).color.data).toEqual(new Uint8Array(12));
  });
});

describe('both kernels', () => {
  it('give the same bytes for random scenes with everything in them', () => {
    const rng = createRng(21);
    const native = createSceneRenderer({ kernels: 'wasm' });
    const plain = createSceneRenderer({ kernels: 'typescript' });
    for (let round = 0; round < 12; round++) {
      const number = (low: number, high: number) => rng.uniform(low, high);
      const soup = triangleSoup(rng, 25, number(3, 5));
      const ball = sphere(number(0.4, 1.2), [number(-0.5, 0.5), number(-0.5, 0.5), number(3, 5)]);
      const colors = Array.from(ball.vertices, () => number(0, 1));
      const uvs = Array.from({ length: (soup.vertices.length / 3) * 2 }, () => number(-1, 2));
      const scene: Scene = {
        meshes: [
          { ...ball, colors, material: { specular: 0.04, roughness: number(0.05, 1), wrap: [0.3, 0.1, 0] as const } },
          {
            ...soup,
            uvs,
            texture: { width: 5, height: 3, data: Uint8Array.from({ length: 60 }, () => rng.integer(0, 255)) },
            surface: ({
              count,
              red,
              nx,
              cx,
            }: {
              count: number;
              red: Float32Array;
              nx: Float32Array;
              cx: Float32Array;
            }) => {
              for (let i = 0; i < count; i++) {
                red[i]! *= 0.5 + cx[i]!;
                nx[i]! += 0.2;
              }
            },
            coordinates: soup.vertices,
          },
        ],
        lights: [
          {
            kind: 'directional',
            direction: [number(-1, 1), number(-1, 1), 1],
            intensity: [0.9, 0.7, 0.5],
            shadow: { size: 100 + 4 * round, softness: round % 3, strength: 0.9 },
          },
          { kind: 'directional', direction: [number(-1, 1), 1, number(-1, 1)], intensity: 0.4, shadow: true },
          { kind: 'point', position: [number(-2, 2), number(-2, 2), 1], intensity: 0.5 },
          { kind: 'spherical-harmonics', coefficients: Array.from({ length: 27 }, () => number(-0.3, 0.4)) },
        ],
      };
      const options = {
        ...{ width: 61, height: 47, antialias: 1 + (round % 4), background: [90, 20, 200] as const },
        outputs: ['color', 'mask', 'objectMasks', 'depth', 'normals', 'objects', 'faces', 'vertices', 'barycentrics'],
      } as const;
      const camera = round % 2 === 0 ? weak : perspective;
      const a = native.render(scene, camera, options);
      const b = plain.render(scene, camera, options);
      expect(a.mask.data.some((value) => value > 0)).toBe(true);
      for (const name of options.outputs) expect([name, a[name]]).toEqual([name, b[name]]);
    }
    expect(native.kernels).toBe('wasm');
    expect(plain.kernels).toBe('typescript');
  });
});
