import type { PlainArray } from '@opposable/array-files';
import { FINGER_NAMES } from '@opposable/keypoint-order';
import type { FloatArray } from '@opposable/skinning/host';
import { ManoModelError } from '@opposable/tensor-checks';
import { hasManoTopology } from '../conventions/mano-topology.js';
import { HAND_POSE_COUNT, validateManoModel } from '../conventions/validate-mano-model.js';
import type { HandLandmarks, ManoModel, Side } from '../types.js';

/** An array as files hold it; `PlainArray` of `@opposable/array-files` is one. */
export type ModelArray = Pick<PlainArray, 'shape' | 'data'>;

export interface ManoModelOptions {
  /** The arrays of MANO's files do not say it. */
  readonly side: Side;
  /** Which mesh this is. Default 'mano' for 778 vertices and 1538 faces, otherwise 'unnamed'. */
  readonly topology?: string | undefined;
  /** Landmarks of the mesh; default those in `landmarks_fingertips` and `landmarks_palm`, if there. */
  readonly landmarks?: HandLandmarks | undefined;
}

/** Fields that a model must have, named as in MANO's files, and those that this project adds. */
export const MANO_FIELDS = {
  v_template: ['V', 3],
  shapedirs: ['V', 3, 'S'],
  posedirs: ['V', 3, 135],
  J_regressor: [16, 'V'],
  weights: ['V', 16],
  kintree_table: [2, 16],
  f: ['F', 3],
  hands_components: ['C', HAND_POSE_COUNT],
  hands_mean: [HAND_POSE_COUNT],
} as const satisfies Record<string, readonly (string | number)[]>;

/** The name of a mesh that is not MANO's where nobody has given it one. */
const UNNAMED_TOPOLOGY = 'unnamed';

/** Optional fields: landmarks of the mesh and its colours. */
export const OPTIONAL_MANO_FIELDS = {
  /** thumb, index, middle, ring, pinky */
  landmarks_fingertips: [5],
  landmarks_palm: ['N'],
  /** sRGB in 0–1 */
  vertex_colors: ['V', 3],
} as const satisfies Record<string, readonly (string | number)[]>;

/** Arrays by the names of MANO's files. */
export type ModelArrays = Readonly<Record<string, ModelArray | undefined>>;

function fail(message: string, expected?: unknown, actual?: unknown): never {
  throw new ManoModelError(`manoModelFromArrays: ${message}`, { expected, actual });
}

function field(
  arrays: ModelArrays,
  name: string,
  pattern: readonly (string | number)[],
  sizes: Map<string, number>,
): ModelArray {
  const array = Object.hasOwn(arrays, name) ? arrays[name] : undefined;
  if (array === undefined) {
    fail(`expected the fields ${Object.keys(MANO_FIELDS).join(', ')}, '${name}' is missing.`, name);
  }
  const { shape, data } = array;
  const fits =
    shape.length === pattern.length &&
    pattern.every((size, i) => shape[i] === (typeof size === 'number' ? size : (sizes.get(size) ?? shape[i])));
  const count = shape.reduce((product, size) => product * size, 1);
  if (!fits || data.length !== count) {
    const named = pattern.map((size) => (typeof size === 'string' && sizes.has(size) ? sizes.get(size) : size));
    fail(
      `expected ${name} of shape [${named.join(', ')}], got [${shape.join(', ')}]${data.length === count ? '' : ` with ${data.length} numbers`}.`,
      pattern,
      shape,
    );
  }
  pattern.forEach((size, i) => typeof size === 'string' && sizes.set(size, shape[i]!));
  return array;
}

/** float32 and float64 stay as they are; every other number becomes float64. */
function floats({ data }: ModelArray): FloatArray {
  if (data instanceof Float32Array || data instanceof Float64Array) return data;
  return Float64Array.from(data as ArrayLike<number | bigint>, Number);
}

function integers({ data }: ModelArray, name: string): number[] {
  const values = Array.from(data as ArrayLike<number | bigint>, Number);
  const bad = values.findIndex((value) => !Number.isInteger(value));
  if (bad >= 0) fail(`expected whole numbers in ${name}, got ${values[bad]} at ${bad}.`, 'integer', values[bad]);
  return values;
}

/** Parents from the kinematic table: row 0 the parents, row 1 the joints' own numbers. The root's parent may wrap round. */
function parentsOf(table: ModelArray): Int32Array {
  const values = integers(table, 'kintree_table');
  const count = values.length / 2;
  const stray = values.slice(count).findIndex((id, j) => id !== j);
  if (stray >= 0) {
    fail(`expected row 1 of kintree_table to count the joints, got ${values[count + stray]} at ${stray}.`, stray);
  }
  const isWrapped = (parent: number) => parent === 2 ** 32 - 1 || parent >= 2 ** 63;
  return Int32Array.from(values.slice(0, count), (parent) => (isWrapped(parent) ? -1 : parent));
}

function landmarksOf(arrays: ModelArrays, sizes: Map<string, number>): HandLandmarks | undefined {
  const hasTips = arrays['landmarks_fingertips'] !== undefined;
  if (!hasTips && arrays['landmarks_palm'] === undefined) return undefined;
  const read = (name: keyof typeof OPTIONAL_MANO_FIELDS) =>
    integers(field(arrays, name, OPTIONAL_MANO_FIELDS[name], sizes), name);
  const tips = read('landmarks_fingertips');
  return {
    fingertips: Object.fromEntries(FINGER_NAMES.map((finger, n) => [finger, tips[n]!])) as HandLandmarks['fingertips'],
    palm: read('landmarks_palm'),
  };
}

/**
 * A hand model from arrays that are named as in MANO's files.
 *
 * Accepted numbers: floating point and integers of any width. `J`, `hands_coeffs` and every other field is ignored. The
 * arrays are used as they are, not copied, where they are float32 or float64.
 *
 * @param arrays v_template [V, 3], shapedirs [V, 3, S], posedirs [V, 3, 135], J_regressor [16, V], weights [V, 16],
 *   kintree_table [2, 16], f [F, 3], hands_components [C, 45], hands_mean [45]; optional landmarks_fingertips [5],
 *   landmarks_palm [N], vertex_colors [V, 3]
 * @param options side, and a name for the mesh where it is not MANO's
 * @returns a checked model
 * @throws ManoModelError that names the missing or wrong field, what it holds and what is accepted
 */
export function manoModelFromArrays(arrays: ModelArrays, options: ManoModelOptions): ManoModel {
  const sizes = new Map<string, number>();
  const read = (name: keyof typeof MANO_FIELDS) => field(arrays, name, MANO_FIELDS[name], sizes);
  const vTemplate = floats(read('v_template'));
  const shapeDirs = floats(read('shapedirs'));
  const poseDirs = floats(read('posedirs'));
  const jRegressor = floats(read('J_regressor'));
  const lbsWeights = floats(read('weights'));
  const parents = parentsOf(read('kintree_table'));
  const faceIds = integers(read('f'), 'f');
  const vertexCount = sizes.get('V')!;
  const badFace = faceIds.findIndex((id) => id < 0 || id >= vertexCount);
  if (badFace >= 0) {
    fail(
      `expected f to name vertices 0 to ${vertexCount - 1}, got ${faceIds[badFace]} in face ${Math.floor(badFace / 3)}.`,
    );
  }
  const faces = Uint32Array.from(faceIds);
  const topology = options.topology ?? (hasManoTopology({ vertexCount, faces }) ? 'mano' : UNNAMED_TOPOLOGY);
  return validateManoModel({
    topology,
    side: options.side,
    vertexCount,
    jointCount: parents.length,
    shapeCount: sizes.get('S')!,
    vTemplate,
    shapeDirs,
    poseDirs,
    jRegressor,
    lbsWeights,
    parents,
    faces,
    handsComponents: floats(read('hands_components')),
    handsMean: floats(read('hands_mean')),
    landmarks: options.landmarks ?? landmarksOf(arrays, sizes),
    vertexColors:
      arrays['vertex_colors'] === undefined
        ? undefined
        : floats(field(arrays, 'vertex_colors', OPTIONAL_MANO_FIELDS.vertex_colors, sizes)),
  });
}
