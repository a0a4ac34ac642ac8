import { readFile } from 'node:fs/promises';
import { type MeshFile, readMesh } from '@opposable/mano-layer/files';
import { FileFormatError } from '@opposable/tensor-checks';

/** Endings of the files that are read. */
export const MESH_ENDINGS = ['.obj', '.ply'] as const;

/** Reads an OBJ or PLY file. @throws FileFormatError naming the file and what is wrong with it */
export async function readColoredMesh(path: string): Promise<MeshFile> {
  const bytes = await readFile(path);
  try {
    return readMesh(bytes);
  } catch (cause) {
    throw new FileFormatError(`${path}: ${(cause as Error).message}`, { expected: MESH_ENDINGS, actual: path, cause });
  }
}
