import { readObj } from './read-obj.js';
import { readPly } from './read-ply.js';

/** What a mesh file holds. */
export interface MeshFile {
  /** [V, 3] in the file's unit and axes */
  readonly vertices: Float64Array;
  /** [F, 3] triangles */
  readonly faces: Int32Array;
  /** [V, 3] sRGB in 0 … 1, where every vertex has a colour */
  readonly colors: Float64Array | undefined;
}

const isPly = (bytes: Uint8Array): boolean => /^ply\r?\n/.test(new TextDecoder('latin1').decode(bytes.subarray(0, 6)));

/** Whether bytes begin as a PLY file or hold a line `v x y z` near their start, as OBJ files do. */
export function looksLikeMesh(bytes: Uint8Array): boolean {
  if (isPly(bytes)) return true;
  const text = new TextDecoder('latin1').decode(bytes.subarray(0, 65536));
  return !text.includes('\0') && /^v[ \t]+[-+.\d]/m.test(text);
}

/**
 * A PLY or OBJ file, told apart by its first bytes.
 *
 * @throws FileFormatError as {@link readPly} and {@link readObj}
 */
export function readMesh(bytes: Uint8Array): MeshFile {
  return isPly(bytes) ? readPly(bytes) : readObj(bytes);
}
