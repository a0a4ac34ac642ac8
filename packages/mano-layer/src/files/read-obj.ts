import { FileFormatError } from '@opposable/tensor-checks';
import type { MeshFile } from './read-mesh.js';

const number = (word: string | undefined, line: number): number => {
  const value = Number(word);
  if (word === undefined || word === '' || !Number.isFinite(value)) {
    throw new FileFormatError(`readObj: expected a number on line ${line}, got ${word ?? 'nothing'}.`, {
      expected: 'a number',
      actual: word,
    });
  }
  return value;
};

/**
 * A Wavefront OBJ file: `v x y z` with or without `r g b` behind it, `f` with any number of corners (cut into triangles from the
 * first), indices from 1 or negative from the end. Normals, texture coordinates, groups and materials are passed over.
 *
 * @param bytes the file
 * @throws FileFormatError naming the line that cannot be read
 */
export function readObj(bytes: Uint8Array): MeshFile {
  const vertices: number[] = [];
  const colors: number[] = [];
  const faces: number[] = [];
  const lines = new TextDecoder().decode(bytes).split('\n');
  lines.forEach((text, at) => {
    const [keyword, ...words] = text.trim().split(/\s+/);
    const line = at + 1;
    if (keyword === 'v') {
      for (let k = 0; k < 3; k++) vertices.push(number(words[k], line));
      if (words.length >= 6) for (let k = 3; k < 6; k++) colors.push(number(words[k], line));
    } else if (keyword === 'f') {
      const count = vertices.length / 3;
      const corners = words.map((word) => {
        const index = number(word.split('/')[0], line);
        const vertex = index < 0 ? count + index : index - 1;
        if (!(Number.isInteger(vertex) && vertex >= 0)) {
          throw new FileFormatError(`readObj: expected a vertex from 1 on line ${line}, got ${word}.`, {
            actual: word,
          });
        }
        return vertex;
      });
      if (corners.length < 3) {
        throw new FileFormatError(
          `readObj: expected a face of at least 3 corners on line ${line}, got ${corners.length}.`,
          {
            expected: '≥ 3',
            actual: corners.length,
          },
        );
      }
      for (let k = 2; k < corners.length; k++) faces.push(corners[0]!, corners[k - 1]!, corners[k]!);
    }
  });
  const count = vertices.length / 3;
  if (count === 0) throw new FileFormatError('readObj: expected vertices, found none.', { actual: 0 });
  const beyond = faces.find((vertex) => vertex >= count);
  if (beyond !== undefined) {
    throw new FileFormatError(`readObj: expected faces to name vertices 1 … ${count}, got ${beyond + 1}.`, {
      expected: [1, count],
      actual: beyond + 1,
    });
  }
  return {
    vertices: Float64Array.from(vertices),
    faces: Int32Array.from(faces),
    colors: colors.length === vertices.length ? unitColors(colors) : undefined,
  };
}

/** Some programs write 0 … 255, most 0 … 1. */
function unitColors(colors: readonly number[]): Float64Array {
  const scale = colors.some((value) => value > 1) ? 1 / 255 : 1;
  return Float64Array.from(colors, (value) => Math.min(1, Math.max(0, value * scale)));
}
