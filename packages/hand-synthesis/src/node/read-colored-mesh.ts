import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { FileFormatError } from '@opposable/tensor-checks';
import { parseObj } from '../colorings/parse-obj.js';
import { parsePly } from '../colorings/parse-ply.js';
import type { ColoredMesh } from '../colorings/types.js';

/** Endings of the files that are read. */
export const MESH_ENDINGS = ['.obj', '.ply'] as const;

/** Reads an OBJ or PLY file. @throws FileFormatError naming the file and what is wrong with it */
export async function readColoredMesh(path: string): Promise<ColoredMesh> {
  const bytes = await readFile(path);
  try {
    return extname(path).toLowerCase() === '.ply' ? parsePly(bytes) : parseObj(bytes.toString('utf8'));
  } catch (cause) {
    throw new FileFormatError(`${path}: ${(cause as Error).message}`, { expected: MESH_ENDINGS, actual: path, cause });
  }
}
