import { ConfigError } from '@opposable/tensor-checks';
import type { ManoModel } from '../types.js';

/** Vertices and triangles of MANO's mesh. */
export const MANO_VERTEX_COUNT = 778;
export const MANO_FACE_COUNT = 1538;

/** Parent of each of the 16 joints: wrist, then three each of index, middle, pinky, ring, thumb. */
export const MANO_PARENTS: readonly number[] = [-1, 0, 1, 2, 0, 4, 5, 0, 7, 8, 0, 10, 11, 0, 13, 14];

/** Whether MANO's vertex ids mean something on this mesh, judged by its numbers of vertices and triangles. */
export function hasManoTopology(model: Pick<ManoModel, 'vertexCount' | 'faces'>): boolean {
  return model.vertexCount === MANO_VERTEX_COUNT && model.faces.length === 3 * MANO_FACE_COUNT;
}

/**
 * Refuses whatever names MANO's vertices on a mesh that is not MANO's.
 *
 * @throws ConfigError with the mesh's own size and what to use instead
 */
export function assertManoTopology(model: ManoModel, operation: string, what: string): void {
  if (hasManoTopology(model)) return;
  throw new ConfigError(
    `${operation}: ${what} names vertices of MANO's mesh (${MANO_VERTEX_COUNT} vertices, ${MANO_FACE_COUNT} faces), ` +
      `got the mesh '${model.topology}' with ${model.vertexCount} vertices and ${model.faces.length / 3} faces; ` +
      `use 'landmarks' or give the vertices.`,
    {
      expected: [MANO_VERTEX_COUNT, MANO_FACE_COUNT],
      actual: [model.vertexCount, model.faces.length / 3],
    },
  );
}
