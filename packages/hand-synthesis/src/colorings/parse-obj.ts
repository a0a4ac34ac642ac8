import { FileFormatError } from '@opposable/tensor-checks';
import type { ColoredMesh } from './types.js';

function fail(line: number, message: string): FileFormatError {
  return new FileFormatError(`parseObj: line ${line}: ${message}.`, { expected: 'v x y z [r g b] and f a b c …' });
}

function numbersOf(fields: readonly string[], line: number): number[] {
  return fields.map((field) => {
    const value = Number(field);
    if (!Number.isFinite(value)) throw fail(line, `expected finite numbers, got '${field}'`);
    return value;
  });
}

/**
 * Vertices, their colours and faces of a Wavefront OBJ file. Colours stand behind the coordinates, `v x y z r g b`, as
 * most scanners write them: 0 … 1, or 0 … 255 where any is above 1. Normals, texture coordinates and groups are left out.
 *
 * @throws FileFormatError naming the line
 */
export function parseObj(text: string): ColoredMesh {
  const vertices: number[] = [];
  const colors: number[] = [];
  const faces: number[] = [];
  let colored = 0;
  let number = 0;
  for (const raw of text.split('\n')) {
    number++;
    const [kind, ...fields] = raw.trim().split(/\s+/);
    if (kind === 'v') {
      const values = numbersOf(fields, number);
      if (values.length !== 3 && values.length !== 4 && values.length !== 6 && values.length !== 7) {
        throw fail(number, `expected a vertex of 3 coordinates, or 3 and 3 colours, got ${values.length} numbers`);
      }
      vertices.push(values[0]!, values[1]!, values[2]!);
      if (values.length >= 6) {
        colors.push(values.at(-3)!, values.at(-2)!, values.at(-1)!);
        colored++;
      }
    } else if (kind === 'f') {
      if (fields.length < 3) throw fail(number, `expected a face of at least 3 corners, got ${fields.length}`);
      const corners = fields.map((field) => {
        const index = Number(field.split('/')[0]);
        const vertex = index < 0 ? vertices.length / 3 + index : index - 1;
        if (!Number.isInteger(index) || index === 0 || vertex < 0) throw fail(number, `'${field}' names no vertex`);
        return vertex;
      });
      for (let k = 2; k < corners.length; k++) faces.push(corners[0]!, corners[k - 1]!, corners[k]!);
    }
  }
  const count = vertices.length / 3;
  if (count === 0) throw fail(number, 'expected at least one vertex, found none');
  const outside = faces.find((vertex) => vertex >= count);
  if (outside !== undefined) throw fail(number, `a face names vertex ${outside + 1} of ${count}`);
  if (colored !== 0 && colored !== count) throw fail(number, `${colored} of ${count} vertices have colours`);
  const scale = colors.some((value) => value > 1) ? 255 : 1;
  return {
    vertices: Float64Array.from(vertices),
    faces: Uint32Array.from(faces),
    colors: colored === 0 ? undefined : Float64Array.from(colors, (value) => Math.min(1, Math.max(0, value / scale))),
  };
}
