import type { Camera } from '../types.js';

/** What a ray meets first. */
export interface Hit {
  readonly mesh: number;
  readonly face: number;
  readonly z: number;
  readonly lambda: readonly [number, number, number];
  /** Smallest barycentric coordinate: how far from an edge of the face. */
  readonly margin: number;
}

interface Triangles {
  readonly vertices: ArrayLike<number>;
  readonly faces: ArrayLike<number>;
}

/**
 * Every face that the ray through a place of the picture meets, nearest first, by Möller and Trumbore's test in float64: written
 * for the tests, independent of the rasteriser, slow.
 */
export function castRay(meshes: readonly Triangles[], camera: Camera, u: number, v: number): Hit[] {
  let origin: number[];
  let direction: number[];
  if (camera.kind === 'weak-perspective') {
    const [tx, ty] = camera.translation;
    origin = [(u - tx) / camera.scale, (v - ty) / camera.scale, 0];
    direction = [0, 0, 1];
  } else {
    const k = camera.intrinsics;
    const y = (v - k[5]!) / k[4]!;
    origin = [0, 0, 0];
    direction = [(u - k[2]! - k[1]! * y) / k[0]!, y, 1];
  }
  const cross = (p: number[], q: number[]) => [
    p[1]! * q[2]! - p[2]! * q[1]!,
    p[2]! * q[0]! - p[0]! * q[2]!,
    p[0]! * q[1]! - p[1]! * q[0]!,
  ];
  const dot = (p: number[], q: number[]) => p[0]! * q[0]! + p[1]! * q[1]! + p[2]! * q[2]!;
  const hits: Hit[] = [];
  meshes.forEach(({ vertices, faces }, mesh) => {
    for (let f = 0; f < faces.length; f += 3) {
      const [a, b, c] = [0, 1, 2].map((k) => [0, 1, 2].map((axis) => vertices[faces[f + k]! * 3 + axis]!)) as [
        number[],
        number[],
        number[],
      ];
      const ab = b.map((value, k) => value - a[k]!);
      const ac = c.map((value, k) => value - a[k]!);
      const p = cross(direction, ac);
      const determinant = dot(ab, p);
      if (determinant === 0) continue;
      const t = origin.map((value, k) => value - a[k]!);
      const lb = dot(t, p) / determinant;
      const q = cross(t, ab);
      const lc = dot(direction, q) / determinant;
      const la = 1 - lb - lc;
      const z = origin[2]! + dot(ac, q) / determinant;
      const margin = Math.min(la, lb, lc);
      if (margin < 0 || (camera.kind === 'perspective' && z < 1e-3)) continue;
      hits.push({ mesh, face: f / 3, z, lambda: [la, lb, lc], margin });
    }
  });
  return hits.sort((p, q) => p.z - q.z);
}
