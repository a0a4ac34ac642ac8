import type { Span } from '../kernels.js';
import { ATTRIBUTES, type WorkspaceArrays } from '../workspace.js';

/** Interleaves what the vertices of a mesh have, in the order of `ATTRIBUTES`; zeros for what it has not. */
export function gatherAttributes(
  { positions, normals, colors, coordinates, uvs, attributes }: WorkspaceArrays,
  { from, to }: Span,
  diffuse: number,
  has: { readonly normals: boolean; readonly coordinates: boolean; readonly uvs: boolean },
): void {
  for (let v = from; v < to; v++) {
    const at = v * ATTRIBUTES;
    const i = 3 * v;
    attributes[at] = has.normals ? normals[i]! : 0;
    attributes[at + 1] = has.normals ? normals[i + 1]! : 0;
    attributes[at + 2] = has.normals ? normals[i + 2]! : 0;
    attributes[at + 3] = has.uvs ? uvs[2 * v]! : 0;
    attributes[at + 4] = diffuse * colors[i]!;
    attributes[at + 5] = diffuse * colors[i + 1]!;
    attributes[at + 6] = diffuse * colors[i + 2]!;
    attributes[at + 7] = has.uvs ? uvs[2 * v + 1]! : 0;
    attributes[at + 8] = positions[i]!;
    attributes[at + 9] = positions[i + 1]!;
    attributes[at + 10] = positions[i + 2]!;
    attributes[at + 11] = 0;
    attributes[at + 12] = has.coordinates ? coordinates[i]! : 0;
    attributes[at + 13] = has.coordinates ? coordinates[i + 1]! : 0;
    attributes[at + 14] = has.coordinates ? coordinates[i + 2]! : 0;
    attributes[at + 15] = 0;
  }
}
