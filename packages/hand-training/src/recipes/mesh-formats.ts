/** Endings of mesh files. */
export const MESH_FORMATS = ['glb', 'obj', 'ply'] as const;
export type MeshFormat = (typeof MESH_FORMATS)[number];
