export { loadManoModel, type LoadManoModelOptions } from './load-mano-model.js';
export {
  MANO_FIELDS,
  manoModelFromArrays,
  type ManoModelOptions,
  type ModelArray,
  type ModelArrays,
  OPTIONAL_MANO_FIELDS,
} from './mano-model-from-arrays.js';
export { manoModelToArrays } from './mano-model-to-arrays.js';
export type { Mesh, MeshFileOptions } from './mesh.js';
export { looksLikeGlb, readGlb } from './read-glb.js';
export { looksLikeMesh, type MeshFile, readMesh } from './read-mesh.js';
export { readObj } from './read-obj.js';
export { readPly } from './read-ply.js';
export { vertexNormals } from './vertex-normals.js';
export { writeGlb } from './write-glb.js';
export { HAND_FILE_FORMATS, type HandFileFormat, writeHand, type WriteHandOptions } from './write-hand.js';
export { type ObjOptions, writeObj } from './write-obj.js';
export { type PlyOptions, writePly } from './write-ply.js';
export { type SkinnedGlbOptions, writeSkinnedGlb } from './write-skinned-glb.js';
