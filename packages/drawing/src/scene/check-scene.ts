import { ConfigError, ShapeError } from '@opposable/tensor-checks';
import { assertChannels, assertFinite, assertImageSize } from '../image-checks.js';
import type { Camera, RgbImage } from '../types.js';
import type { RenderSceneOptions, SceneMesh, SceneOutput, ShadowOptions } from './types.js';

/** Largest number of samples along one side. */
const MAX_SAMPLES = 8192;

const OUTPUTS: readonly SceneOutput[] = [
  'color',
  'mask',
  'objectMasks',
  'depth',
  'normals',
  'parts',
  'objects',
  'faces',
  'vertices',
  'barycentrics',
];

function assertRange(value: number, low: number, high: number, operation: string, what: string): void {
  if (!(value >= low && value <= high)) {
    throw new ConfigError(`${operation}: expected ${what} in ${low} … ${high}, got ${value}.`, {
      expected: [low, high],
      actual: value,
    });
  }
}

function assertLength(values: ArrayLike<number> | undefined, expected: number, operation: string, what: string): void {
  if (values !== undefined && values.length !== expected) {
    throw new ShapeError(`${operation}: expected ${what} with ${expected} numbers, got ${values.length}.`, {
      expected,
      actual: values.length,
    });
  }
}

function checkFaces(faces: ArrayLike<number>, count: number, operation: string): void {
  for (let i = 0; i < faces.length; i++) {
    const vertex = faces[i]!;
    if (vertex >= 0 && vertex < count && (vertex | 0) === vertex) continue;
    throw new ShapeError(`${operation}: expected faces to name vertices 0 … ${count - 1}, got ${vertex}.`, {
      expected: [0, count - 1],
      actual: vertex,
    });
  }
}

/** Checks one mesh of a scene. */
export function checkMesh(mesh: SceneMesh, operation: string): void {
  for (const [name, values] of Object.entries({ vertices: mesh.vertices, faces: mesh.faces })) {
    if (values.length % 3 !== 0) {
      throw new ShapeError(`${operation}: expected ${name} as flat [N, 3], got ${values.length} numbers.`, {
        expected: 'a multiple of 3',
        actual: values.length,
      });
    }
  }
  const count = mesh.vertices.length / 3;
  assertFinite(mesh.vertices, operation, 'vertices');
  const perVertex = { colors: mesh.colors, normals: mesh.normals, coordinates: mesh.coordinates };
  for (const [name, values] of Object.entries(perVertex)) {
    if (values === undefined) continue;
    if (values.length !== count * 3) {
      throw new ShapeError(
        `${operation}: expected ${name} with ${count * 3} numbers like the vertices, got ${values.length}.`,
        { expected: count * 3, actual: values.length },
      );
    }
    assertFinite(values, operation, name);
  }
  assertLength(mesh.uvs, count * 2, operation, 'uvs');
  if (mesh.uvs !== undefined) assertFinite(mesh.uvs, operation, 'uvs');
  assertLength(mesh.parts, count, operation, 'parts');
  if (mesh.parts !== undefined) {
    for (let i = 0; i < count; i++) {
      const part = mesh.parts[i]!;
      if (!(Number.isInteger(part) && part >= 0 && part < 32767)) {
        throw new ConfigError(`${operation}: expected parts as integers in 0 … 32766, got ${part} at index ${i}.`, {
          expected: [0, 32766],
          actual: part,
        });
      }
    }
  }
  checkFaces(mesh.faces, count, operation);
  const { texture, material } = mesh;
  if (texture !== undefined) {
    assertImageSize(texture.width, texture.height, operation);
    const pixels = texture.width * texture.height;
    if (texture.data.length !== pixels * 3 && texture.data.length !== pixels * 4) {
      throw new ShapeError(
        `${operation}: expected a texture with ${texture.width} · ${texture.height} · 3 or 4 bytes, got ${texture.data.length}.`,
        { expected: [pixels * 3, pixels * 4], actual: texture.data.length },
      );
    }
    if (mesh.uvs === undefined) {
      throw new ConfigError(`${operation}: expected uvs for a mesh with a texture, got none.`, {
        expected: count * 2,
        actual: undefined,
      });
    }
  }
  if (material?.diffuse !== undefined) assertRange(material.diffuse, 0, 1e6, operation, 'diffuse');
  if (material?.specular !== undefined) assertRange(material.specular, 0, 1, operation, 'specular');
  if (material?.roughness !== undefined) assertRange(material.roughness, 0.05, 1, operation, 'roughness');
  material?.wrap?.forEach((value) => assertRange(value, 0, 1, operation, 'wrap'));
}

/** Checks the options of a shadow. */
export function checkShadow(options: ShadowOptions, operation: string): void {
  const { size = 256, softness = 1, bias = 0, normalOffset = 0, strength = 1 } = options;
  if (!(Number.isInteger(size) && size >= 16 && size <= 4096)) {
    throw new ConfigError(`${operation}: expected the size of a shadow map as an integer in 16 … 4096, got ${size}.`, {
      expected: [16, 4096],
      actual: size,
    });
  }
  if (!(Number.isInteger(softness) && softness >= 0 && softness <= 8)) {
    throw new ConfigError(`${operation}: expected the softness of a shadow as an integer in 0 … 8, got ${softness}.`, {
      expected: [0, 8],
      actual: softness,
    });
  }
  assertRange(bias, 0, 1000, operation, 'the bias of a shadow');
  assertRange(normalOffset, 0, 1000, operation, 'the normalOffset of a shadow');
  assertRange(strength, 0, 1, operation, 'the strength of a shadow');
}

/** Checks a camera. */
export function checkCamera(camera: Camera, operation: string): void {
  if (camera.kind === 'perspective') {
    if (camera.intrinsics.length !== 9) {
      throw new ShapeError(`${operation}: expected intrinsics of 9 numbers, got ${camera.intrinsics.length}.`, {
        expected: 9,
        actual: camera.intrinsics.length,
      });
    }
    assertFinite(camera.intrinsics, operation, 'intrinsics');
  } else if (camera.kind === 'weak-perspective') {
    assertFinite([camera.scale, ...camera.translation], operation, 'the camera');
  } else {
    throw new ConfigError(
      `${operation}: expected a camera of kind perspective or weak-perspective, got ${(camera as Camera).kind}.`,
      { expected: ['perspective', 'weak-perspective'], actual: (camera as Camera).kind },
    );
  }
}

/** Checks sizes, samples, outputs and background. */
export function checkOptions(
  options: RenderSceneOptions,
  antialias: number,
  near: number,
  outputs: readonly SceneOutput[],
  operation: string,
): void {
  const { width, height, background } = options;
  assertImageSize(width, height, operation);
  if (
    !Number.isInteger(antialias) ||
    antialias < 1 ||
    antialias > 8 ||
    Math.max(width, height) * antialias > MAX_SAMPLES
  ) {
    throw new ConfigError(
      `${operation}: expected antialias as an integer in 1 … 8 with at most ${MAX_SAMPLES} samples along a side, got ${antialias} at ${width} × ${height}.`,
      { expected: { antialias: '1 … 8', samples: MAX_SAMPLES }, actual: { antialias, width, height } },
    );
  }
  if (!(near > 0 && near < Infinity)) {
    throw new ConfigError(`${operation}: expected near as a positive number, got ${near}.`, {
      expected: 'a positive number',
      actual: near,
    });
  }
  const unknown = outputs.find((output) => !OUTPUTS.includes(output));
  if (unknown !== undefined) {
    throw new ConfigError(`${operation}: expected outputs among ${OUTPUTS.join(', ')}, got ${String(unknown)}.`, {
      expected: OUTPUTS,
      actual: unknown,
    });
  }
  if (background !== undefined && 'data' in background) checkBackground(background, width, height, operation);
}

function checkBackground(background: RgbImage, width: number, height: number, operation: string): void {
  assertChannels(background, 3, operation, 'background');
  if (background.width !== width || background.height !== height) {
    throw new ShapeError(
      `${operation}: expected a background of ${width} × ${height} pixels, got ${background.width} × ${background.height}.`,
      { expected: [width, height], actual: [background.width, background.height] },
    );
  }
}
