import type { Mesh } from '../mesh/types.js';

/** A sphere of n × m quads, faces counter-clockwise seen from outside (x right, y down, z away). */
export function sphere(radius: number, [cx, cy, cz]: readonly number[], n = 48, m = 24): Mesh {
  const vertices: number[] = [0, 1, 0].map((y, k) => [cx!, cy!, cz!][k]! + radius * y);
  for (let j = 1; j < m; j++) {
    for (let i = 0; i < n; i++) {
      const polar = (Math.PI * j) / m;
      const around = (2 * Math.PI * i) / n;
      vertices.push(
        cx! + radius * Math.sin(polar) * Math.cos(around),
        cy! + radius * Math.cos(polar),
        cz! + radius * Math.sin(polar) * Math.sin(around),
      );
    }
  }
  vertices.push(cx!, cy! - radius, cz!);
  const last = vertices.length / 3 - 1;
  const at = (j: number, i: number) => 1 + (j - 1) * n + (i % n);
  const faces: number[] = [];
  for (let i = 0; i < n; i++) {
    faces.push(0, at(1, i + 1), at(1, i));
    for (let j = 1; j < m - 1; j++) {
      faces.push(at(j, i), at(j, i + 1), at(j + 1, i), at(j, i + 1), at(j + 1, i + 1), at(j + 1, i));
    }
    faces.push(at(m - 1, i), at(m - 1, i + 1), last);
  }
  return { vertices, faces };
}

/** The mesh with every face turned inside out. */
export function insideOut(mesh: Mesh): Mesh {
  const faces = Array.from(mesh.faces);
  for (let f = 0; f < faces.length; f += 3) [faces[f + 1], faces[f + 2]] = [faces[f + 2]!, faces[f + 1]!];
  return { ...mesh, faces };
}
