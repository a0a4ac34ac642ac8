import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { isPlainArray, type PlainArray } from '@opposable/array-files';
import type { SceneMesh } from '@opposable/drawing';
import { looksLikeGlb, looksLikeMesh, readGlb, readMesh } from '@opposable/mano-layer/files';
import { loadOpenHand } from '@opposable/open-hand';
import { FileFormatError } from '@opposable/tensor-checks';
import { readInput } from './read-input.js';

/** A mesh to look at: x right, y down, z away. */
export interface NamedMesh {
  readonly name: string;
  readonly mesh: SceneMesh;
}

/** Files and models have y up and z towards the viewer: a half turn about x. */
function fromYUp(vertices: ArrayLike<number>): Float64Array {
  return Float64Array.from(vertices, (value, i) => (i % 3 === 0 ? value : -value));
}

/** For each row of skinning weights the joint with the largest. */
function strongest(weights: ArrayLike<number>, rows: number): Int16Array {
  const joints = weights.length / rows;
  return Int16Array.from({ length: rows }, (_, v) => {
    let best = 0;
    for (let j = 1; j < joints; j++) if (weights[v * joints + j]! > weights[v * joints + best]!) best = j;
    return best;
  });
}

function tableOf(value: unknown, columns: number | undefined): PlainArray | undefined {
  if (!isPlainArray(value) || value.shape.length !== 2) return undefined;
  return columns === undefined || value.shape[1] === columns ? value : undefined;
}

/** The template of a model of the SMPL family, its parts by skinning weight. */
function modelMesh(contents: unknown, path: string): SceneMesh {
  const fields = (typeof contents === 'object' && contents !== null ? contents : {}) as Record<string, unknown>;
  const template = tableOf(fields['v_template'], 3);
  const faces = tableOf(fields['f'], 3) ?? tableOf(fields['faces'], 3);
  if (template === undefined || faces === undefined) {
    throw new FileFormatError(
      `${path}: expected a GLB, OBJ or PLY file, or a model with v_template [V, 3] and f [F, 3], found neither.`,
      { expected: ['GLB', 'OBJ', 'PLY', 'v_template and f'], actual: Object.keys(fields) },
    );
  }
  const rows = template.shape[0]!;
  const weights = tableOf(fields['weights'], undefined);
  const colors = tableOf(fields['vertex_colors'], 3);
  return {
    vertices: fromYUp(Float64Array.from(template.data as ArrayLike<number>, Number)),
    faces: Int32Array.from(faces.data as ArrayLike<number>, Number),
    parts:
      weights?.shape[0] === rows
        ? strongest(Float64Array.from(weights.data as ArrayLike<number>, Number), rows)
        : undefined,
    colors: colors?.shape[0] === rows ? Float64Array.from(colors.data as ArrayLike<number>, Number) : undefined,
  };
}

/**
 * The mesh of a GLB, OBJ or PLY file, of any model file that `inspect` reads, or of the open hand.
 *
 * @param given a path, or 'open-hand'
 */
export async function loadMesh(given: string): Promise<NamedMesh> {
  if (given === 'open-hand') {
    const { vTemplate, faces, vertexColors, lbsWeights, vertexCount } = loadOpenHand('right');
    const parts = strongest(lbsWeights, vertexCount);
    return { name: given, mesh: { vertices: fromYUp(vTemplate), faces, colors: vertexColors, parts } };
  }
  const name = basename(given);
  const bytes: Uint8Array | undefined = await readFile(given).catch(() => undefined);
  if (bytes !== undefined && (looksLikeGlb(bytes) || looksLikeMesh(bytes))) {
    try {
      const { vertices, faces, colors } = looksLikeGlb(bytes) ? await readGlb(bytes) : readMesh(bytes);
      return { name, mesh: { vertices: fromYUp(vertices), faces, colors } };
    } catch (cause) {
      if (!(cause instanceof FileFormatError)) throw cause;
      throw new FileFormatError(`${given}: ${cause.message.replace(/^read\w+: /, '')}`, { actual: given });
    }
  }
  const { contents, path } = await readInput(given);
  return { name, mesh: modelMesh(contents, path) };
}
