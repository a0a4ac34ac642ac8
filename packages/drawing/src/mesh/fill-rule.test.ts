import { createRng } from '@opposable/tensor-checks';
import { insideOut, sphere } from '../test-support/meshes.js';
import type { Camera } from '../types.js';
import { renderMesh } from './render-mesh.js';

const PIXELS: Camera = { kind: 'weak-perspective', scale: 1, translation: [0, 0] };
const SIZE = 24;

/** Sign of the side of a → b on which (x + ε, y + ε²) lies: what "left and top edges belong" means for tiny ε. */
function sideOf(a: readonly number[], b: readonly number[], x: number, y: number): number {
  const dx = b[0]! - a[0]!;
  const dy = b[1]! - a[1]!;
  return Math.sign(dx * (y - a[1]!) - dy * (x - a[0]!)) || Math.sign(-dy) || Math.sign(dx);
}

function covers(corners: readonly (readonly number[])[], x: number, y: number): boolean {
  const sides = [0, 1, 2].map((k) => sideOf(corners[k]!, corners[(k + 1) % 3]!, x, y));
  return sides[0] === sides[1] && sides[1] === sides[2];
}

const area = ([a, b, c]: readonly (readonly number[])[]) =>
  (b![0]! - a![0]!) * (c![1]! - a![1]!) - (b![1]! - a![1]!) * (c![0]! - a![0]!);

describe('the fill rule', () => {
  it('covers exactly the pixels whose centre lies inside, or on a left or top edge', () => {
    const rng = createRng(1);
    let covered = 0;
    for (let round = 0; round < 1500; round++) {
      // every other round the corners lie on pixel centres and halves, so that many centres lie on edges
      const grid = [256, 2, 1][round % 3]!;
      const coordinate = () => rng.integer(-4 * grid, (SIZE + 4) * grid) / grid;
      const corners = Array.from({ length: 3 }, () => [coordinate(), coordinate()]);
      const vertices = corners.flatMap(([x, y]) => [x!, y!, rng.uniform()]);
      const { mask } = renderMesh({ vertices, faces: [0, 1, 2] }, PIXELS, { width: SIZE, height: SIZE });
      for (let y = 0; y < SIZE; y++) {
        for (let x = 0; x < SIZE; x++) {
          const expected = area(corners) !== 0 && covers(corners, x, y);
          if (expected) covered++;
          if ((mask.data[y * SIZE + x] === 255) !== expected)
            throw new Error(`${JSON.stringify(corners)} at ${x}, ${y}`);
        }
      }
    }
    expect(covered).toBeGreaterThan(50000);
  });

  it('gives every pixel of a random triangulation to exactly one face', () => {
    const rng = createRng(2);
    for (let round = 0; round < 30; round++) {
      const cells = 7;
      const vertices: number[] = [];
      for (let j = 0; j <= cells; j++) {
        for (let i = 0; i <= cells; i++) {
          const inner = i > 0 && j > 0 && i < cells && j < cells;
          const jitter = () => (inner ? rng.uniform(-0.24, 0.24) : 0);
          vertices.push(((i + jitter()) / cells) * 40 - 8, ((j + jitter()) / cells) * 40 - 8, rng.uniform());
        }
      }
      const faces: number[] = [];
      for (let j = 0; j < cells; j++) {
        for (let i = 0; i < cells; i++) {
          const [a, b, c, d] = [j * 8 + i, j * 8 + i + 1, j * 8 + i + 8, j * 8 + i + 9];
          // either diagonal, either orientation
          if (rng.uniform() < 0.5) faces.push(a, b, c, d, c, b);
          else faces.push(a, c, d, b, a, d);
        }
      }
      const times = new Uint8Array(SIZE * SIZE);
      for (let f = 0; f < faces.length; f += 3) {
        const { mask } = renderMesh({ vertices, faces: faces.slice(f, f + 3) }, PIXELS, { width: SIZE, height: SIZE });
        mask.data.forEach((value, pixel) => (times[pixel]! += value / 255));
      }
      expect([...new Set(times)]).toEqual([1]);
    }
  });

  it('draws front and back of a closed surface on the same pixels, under both cameras', () => {
    const rng = createRng(3);
    for (let round = 0; round < 20; round++) {
      const center = [rng.uniform(-0.3, 0.3), rng.uniform(-0.3, 0.3), 5];
      const cameras: Camera[] = [
        { kind: 'weak-perspective', scale: rng.uniform(10, 60), translation: [32, 32] },
        { kind: 'perspective', intrinsics: [rng.uniform(60, 250), 0, 31.5, 0, 200, 31.5, 0, 0, 1] },
      ];
      for (const camera of cameras) {
        const options = { width: 64, height: 64 } as const;
        const mesh = sphere(1, center);
        const back = renderMesh(mesh, camera, { ...options, culling: 'back' });
        const front = renderMesh(mesh, camera, { ...options, culling: 'front' });
        expect(Buffer.compare(back.mask.data, front.mask.data)).toBe(0);
        expect(back.mask.data.some((value) => value === 255)).toBe(true);
        const turned = renderMesh(insideOut(mesh), camera, { ...options, culling: 'front' });
        expect(turned.faceIds).toEqual(back.faceIds);
        // the outer side is the nearer one; at the outline both are one edge, moved by up to half a step of the snapping
        const excess = back.depth.map((depth, i) => (depth === Infinity ? 0 : depth - front.depth[i]!));
        expect(Math.max(...excess)).toBeLessThan(1e-4);
      }
    }
  });

  it('skips faces without area and keeps the first of two faces in the same place', () => {
    const vertices = [1, 1, 0, 9, 1, 0, 1, 9, 0, 5, 5, 0];
    const flat = renderMesh({ vertices, faces: [0, 0, 1, 1, 2, 3, 0, 1, 1] }, PIXELS, { width: 12, height: 12 });
    expect(flat.faceIds.every((face) => face === -1)).toBe(true);
    const twice = renderMesh({ vertices, faces: [0, 1, 2, 0, 1, 2, 2, 1, 0] }, PIXELS, { width: 12, height: 12 });
    expect([...new Set(twice.faceIds)].sort()).toEqual([-1, 0]);
  });
});
