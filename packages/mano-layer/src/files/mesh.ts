import { ConfigError, ShapeError } from '@opposable/tensor-checks';

/** A triangle mesh as plain numbers. */
export interface Mesh {
  /** [V, 3] */
  readonly vertices: ArrayLike<number>;
  /** [F, 3] vertex indices, counter-clockwise seen from outside. */
  readonly faces: ArrayLike<number>;
  /** [V, 3] sRGB in 0–1. */
  readonly colors?: ArrayLike<number> | undefined;
}

export interface MeshFileOptions {
  /**
   * Axes of the vertices. 'image': x right, y down, z away, as `decodeHandParameters` and cameras have them; y and z are
   * negated for the file, whose viewers show y up. 'y-up': written as they are.
   */
  readonly frame: 'image' | 'y-up';
  /** Name of the object in the file. Default 'hand'. */
  readonly name?: string | undefined;
}

/** A coordinate with eight significant digits, as text files hold it; never −0. */
export const formatCoordinate = (value: number): string => String(Number(value.toPrecision(8)) + 0);

/** A mesh that was checked, in the axes of files: x right, y up, z towards the viewer. */
export interface DisplayMesh {
  readonly vertices: Float64Array;
  readonly faces: Uint32Array;
  readonly colors: Float64Array | undefined;
}

/** @throws ConfigError if a frame is neither 'image' nor 'y-up' */
export function assertFrame(frame: MeshFileOptions['frame'], operation: string): void {
  if (frame === 'image' || frame === 'y-up') return;
  throw new ConfigError(`${operation}: expected frame to be image or y-up, got ${String(frame)}.`, {
    expected: ['image', 'y-up'],
    actual: frame,
  });
}

/**
 * Checks a mesh and turns it to display axes. Negating y and z is a half turn about x, so triangles keep their side.
 *
 * @throws ShapeError for lengths that are not multiples of 3 or do not fit; ConfigError for numbers that are not finite,
 *   faces that name no vertex, or an unknown frame
 */
export function displayMesh(mesh: Mesh, { frame }: MeshFileOptions, operation: string): DisplayMesh {
  assertFrame(frame, operation);
  for (const name of ['vertices', 'faces'] as const) {
    if (mesh[name].length === 0 || mesh[name].length % 3 !== 0) {
      throw new ShapeError(`${operation}: expected ${name} of shape [N, 3], got ${mesh[name].length} numbers.`, {
        expected: ['N', 3],
        actual: mesh[name].length,
      });
    }
  }
  const sign = frame === 'image' ? -1 : 1;
  const vertices = Float64Array.from(mesh.vertices, (value, i) => (i % 3 === 0 ? value : sign * value));
  assertFinite(vertices, operation, 'vertices');
  const vertexCount = vertices.length / 3;
  const faces = Uint32Array.from(mesh.faces);
  for (let i = 0; i < faces.length; i++) {
    const index = mesh.faces[i]!;
    if (index !== faces[i] || index >= vertexCount) {
      throw new ConfigError(
        `${operation}: expected faces to name vertices 0 to ${vertexCount - 1}, got ${index} in face ${Math.floor(i / 3)}.`,
        { expected: vertexCount - 1, actual: index },
      );
    }
  }
  if (mesh.colors === undefined) return { vertices, faces, colors: undefined };
  if (mesh.colors.length !== vertices.length) {
    throw new ShapeError(`${operation}: expected ${vertices.length} numbers of colors, got ${mesh.colors.length}.`, {
      expected: [vertexCount, 3],
      actual: mesh.colors.length,
    });
  }
  const colors = Float64Array.from(mesh.colors, (value) => Math.min(1, Math.max(0, value)));
  assertFinite(colors, operation, 'colors');
  return { vertices, faces, colors };
}

function assertFinite(values: Float64Array, operation: string, name: string): void {
  const bad = values.findIndex((value) => !Number.isFinite(value));
  if (bad < 0) return;
  throw new ConfigError(`${operation}: expected finite ${name}, got ${values[bad]} at vertex ${Math.floor(bad / 3)}.`, {
    expected: 'finite',
    actual: values[bad],
  });
}
