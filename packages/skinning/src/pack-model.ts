// The layout is read by the kernels of @opposable/wasm-training (assembly/parametric-model/layout.ts) and of
// @opposable/webgpu-kernels (src/parametric-model/wgsl/layout.ts), which say the same names.
import { jointShape } from './host/joint-shape.js';
import type { FloatArray, ParametricModel } from './host/types.js';
import { inverseLists } from './inverse-lists.js';
import type { PointTerms } from './point-terms.js';
import type { PoseBasis } from './pose-basis.js';

/** Vertices of a block. */
const BLOCK = 8;
/** Coordinates of a block. */
const ROWS = 3 * BLOCK;
const VERSION = 1;

export interface PackRequest {
  /** Ids of the vertices that are given out. */
  readonly outputs: ArrayLike<number>;
  readonly points: readonly PointTerms[];
  readonly center: PointTerms | undefined;
  readonly scale: number;
  readonly poseBasis: PoseBasis;
}

/** A model in two arrays, laid out for the fused kernels. */
export interface PackedArrays {
  /** 32 places of a header, then lists; the header has sizes, and where each list begins in `table` or `values`. */
  readonly table: Int32Array;
  readonly values: Float32Array;
  /** Floats of one prepared identity: rest vertices in whole blocks, then rest joints. */
  readonly identitySize: number;
  /** Points, and one more for a centre. */
  readonly rowCount: number;
  /** How many terms of those name a vertex. */
  readonly vertexTermCount: number;
}

/** Appends arrays to one list and says where each begins. */
class Parts {
  readonly parts: ArrayLike<number>[] = [];
  length = 0;
  add(part: ArrayLike<number>): number {
    const start = this.length;
    this.parts.push(part);
    this.length += part.length;
    return start;
  }
  writeTo<A extends Int32Array | Float32Array>(array: A): A {
    let at = 0;
    for (const part of this.parts) {
      array.set(part, at);
      at += part.length;
    }
    return array;
  }
}

/** Lists of different lengths behind each other: entry i is `items[starts[i] … starts[i + 1] − 1]`. */
class Lists {
  readonly starts: number[] = [0];
  readonly items: number[] = [];
  readonly weights: number[] = [];
  add(item: number, weight: number): void {
    this.items.push(item);
    this.weights.push(weight);
  }
  end(): void {
    this.starts.push(this.items.length);
  }
}

/** used[offset + k] = 1 wherever source[start + k] is not zero. */
function markUsed(source: FloatArray, start: number, count: number, used: Uint8Array, offset: number): void {
  for (let k = 0; k < count; k++) if (source[start + k] !== 0) used[offset + k] = 1;
}

/** The features list[from … to − 1] of one coordinate, whose numbers begin at source[start], into a column of a block. */
function copyColumn(
  source: FloatArray,
  start: number,
  list: Int32Array,
  from: number,
  to: number,
  target: Float32Array,
  column: number,
): void {
  for (let k = from; k < to; k++) target[column + ROWS * k] = source[start + list[k]!]!;
}

/**
 * The linear basis of the rest vertices: per block of eight vertices a list of the features that move any of them (first shape
 * coefficients, then elements of R − I), filled up to a multiple of four with the feature that is always zero, and with it
 * [features][24] numbers.
 */
function packBasis(
  { shapeCount: S, jointCount: J, shapeDirs, poseDirs }: ParametricModel,
  vertices: readonly number[],
) {
  const P = 9 * (J - 1);
  const blockCount = Math.ceil(vertices.length / BLOCK);
  const starts = new Int32Array(blockCount + 1);
  const shapes = new Int32Array(blockCount);
  const counts = new Int32Array(blockCount);
  const lists: Int32Array[] = [];
  const used = new Uint8Array(S + P);
  for (let block = 0; block < blockCount; block++) {
    used.fill(0);
    const ids = vertices.slice(block * BLOCK, (block + 1) * BLOCK);
    for (const id of ids) {
      for (let c = 3 * id; c < 3 * id + 3; c++) {
        markUsed(shapeDirs, c * S, S, used, 0);
        markUsed(poseDirs, c * P, P, used, S);
      }
    }
    const features: number[] = [];
    for (let f = 0; f < S + P; f++) if (used[f] === 1) features.push(f);
    counts[block] = features.length;
    shapes[block] = features.filter((feature) => feature < S).length;
    while (features.length % 4 !== 0) features.push(S + P);
    lists.push(Int32Array.from(features));
    starts[block + 1] = starts[block]! + features.length;
  }
  const basis = new Float32Array(ROWS * starts[blockCount]!);
  lists.forEach((list, block) => {
    const shape = shapes[block]!;
    const count = counts[block]!;
    for (let place = 0; place < BLOCK && block * BLOCK + place < vertices.length; place++) {
      for (let axis = 0; axis < 3; axis++) {
        const row = 3 * place + axis;
        const c = 3 * vertices[block * BLOCK + place]! + axis;
        const to = ROWS * starts[block]! + row;
        copyColumn(shapeDirs, c * S, list, 0, shape, basis, to);
        copyColumn(poseDirs, c * P - S, list, shape, count, basis, to);
      }
    }
  });
  return { blockCount, starts, shapes, counts, lists, basis };
}

function skinWeights({ jointCount, lbsWeights }: ParametricModel, vertices: readonly number[]): Lists {
  const lists = new Lists();
  for (const id of vertices) {
    for (let j = 0; j < jointCount; j++) {
      const weight = lbsWeights[id * jointCount + j]!;
      if (weight !== 0) lists.add(j, weight);
    }
    lists.end();
  }
  return lists;
}

/** Terms of joints by point, terms of vertices by vertex. */
function packPoints(rows: readonly PointTerms[], placeOf: ReadonlyMap<number, number>, vertexCount: number) {
  const joints = new Lists();
  const byVertex = Array.from({ length: vertexCount }, () => [] as [row: number, weight: number][]);
  rows.forEach((terms, row) => {
    for (const { joint, vertex, weight } of terms) {
      if (joint === undefined) byVertex[placeOf.get(vertex)!]!.push([row, weight]);
      else joints.add(joint, weight);
    }
    joints.end();
  });
  const vertices = new Lists();
  for (const terms of byVertex) {
    for (const [row, weight] of terms) vertices.add(row, weight);
    vertices.end();
  }
  return { joints, vertices };
}

/**
 * Lays a model out for the fused kernels: zeros left out, eight vertices at a time.
 *
 * @param model a checked model
 * @param request which vertices and points are wanted, and how the pose is given
 */
export function packModel(model: ParametricModel, request: PackRequest): PackedArrays {
  const { jointCount: J, shapeCount: S, vTemplate, parents } = model;
  const { outputs, points, center, scale, poseBasis } = request;
  const rows = center === undefined ? points : [...points, center];
  const vertices = Array.from(outputs);
  const placeOf = new Map<number, number>();
  vertices.forEach((id, place) => placeOf.set(id, place));
  for (const terms of rows) {
    for (const { vertex } of terms) {
      if (vertex === undefined || placeOf.has(vertex)) continue;
      placeOf.set(vertex, vertices.length);
      vertices.push(vertex);
    }
  }
  const { blockCount, starts, shapes, counts, lists, basis } = packBasis(model, vertices);
  const weights = skinWeights(model, vertices);
  const terms = packPoints(rows, placeOf, vertices.length);
  const template = new Float32Array(ROWS * blockCount);
  vertices.forEach((id, place) => template.set(vTemplate.subarray(3 * id, 3 * id + 3), 3 * place));
  const { jointTemplate, jointRows } = jointShape(model);
  const { components, mean } = poseBasis;
  const poseLength = 3 * (J - 1);
  const centerKind = center === undefined ? 0 : center.every(({ vertex }) => vertex === undefined) ? 1 : 2;

  const integers = new Parts();
  const numbers = new Parts();
  const header = new Int32Array(32);
  integers.add(header);
  const places = [
    ...[VERSION, vertices.length, outputs.length, J, S, blockCount, rows.length, centerKind],
    ...[components === undefined ? poseLength : components.length / poseLength, Number(components !== undefined)],
    integers.add(parents),
    integers.add(starts),
    integers.add(shapes),
    integers.add(counts),
    integers.add(Int32Array.from(lists.flatMap((list) => [...list]))),
    integers.add(weights.starts),
    integers.add(weights.items),
    integers.add(terms.joints.starts),
    integers.add(terms.joints.items),
    integers.add(terms.vertices.starts),
    integers.add(terms.vertices.items),
    numbers.add(template),
    numbers.add(basis),
    numbers.add(jointTemplate),
    numbers.add(jointRows),
    numbers.add(weights.weights),
    numbers.add(components ?? []),
    numbers.add(mean ?? new Float32Array(poseLength)),
    numbers.add(terms.joints.weights),
    numbers.add(terms.vertices.weights),
    numbers.add([scale]),
  ];
  const inverse = inverseLists({
    ...{ jointCount: J, featureCount: S + 9 * (J - 1), rowCount: rows.length },
    ...{ weights, lists, counts, vertexTerms: terms.vertices },
  });
  const inverseStarts = Object.values(inverse).map((list) => integers.add(list));
  header.set([...places, integers.add(inverseStarts)]);
  return {
    table: integers.writeTo(new Int32Array(integers.length)),
    values: numbers.writeTo(new Float32Array(numbers.length)),
    identitySize: ROWS * blockCount + 3 * J,
    rowCount: rows.length,
    vertexTermCount: terms.vertices.items.length,
  };
}
