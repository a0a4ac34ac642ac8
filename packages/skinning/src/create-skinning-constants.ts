import * as tf from '@tensorflow/tfjs-core';
import { ShapeError } from '@opposable/tensor-checks';
import { prepareModel } from './host/prepare-model.js';
import type { FloatArray, ParametricModel } from './host/types.js';
import { validateParametricModel } from './host/validate-parametric-model.js';
import { type ConstantMatrix, constantMatrix } from './constant-matrix.js';
import { jointLevels } from './joint-levels.js';

/** Points of the posed surface that are linear combinations of its vertices, such as fingertips. */
export interface PointRegressor {
  /** N, the number of points. */
  readonly pointCount: number;
  /** [N, V] */
  readonly weights: FloatArray;
}

export interface SkinningConstantsOptions {
  /** Points to be computed beside the joints. Default none. */
  readonly pointRegressor?: PointRegressor | undefined;
}

/** Constants of all vertices, or of the few that the points need. */
export interface SurfaceConstants {
  readonly vertexCount: number;
  /** Three of [1 + S + 9·J, V]: from 1, betas and all rotations to x, y and z of the vertices before skinning. */
  readonly basis: readonly ConstantMatrix[];
  /** [J, V], joints in level order. */
  readonly weights: ConstantMatrix;
  /** [V, N] */
  readonly points: ConstantMatrix | undefined;
}

/** One depth of the kinematic tree with n joints; x stands for (1, betas, all rotations). */
export interface LevelConstants {
  readonly jointCount: number;
  /** x → [n, 4, 4] local transforms; [3, 4] for the root. */
  readonly locals: ConstantMatrix;
  /** [12·p, 12·n] picks every joint's parent among the p joints of the level above; undefined where they correspond. */
  readonly parents: ConstantMatrix | undefined;
}

/** The tensors of one model, made once by {@link createSkinningConstants}. */
export interface SkinningConstants {
  readonly vertexCount: number;
  readonly jointCount: number;
  readonly shapeCount: number;
  /** N of the point regressor, 0 without one. */
  readonly pointCount: number;
  readonly levels: readonly LevelConstants[];
  /** x → [J, 4, 4] translations by −J_j, joints in level order. */
  readonly restInverse: ConstantMatrix;
  /** [12·J, 3·J]: from the transforms in level order to the posed joints in model order. */
  readonly jointPositions: ConstantMatrix;
  readonly surface: SurfaceConstants;
  /** The surface reduced to the vertices that the point regressor uses. */
  readonly pointSurface: SurfaceConstants | undefined;
  /** Frees every tensor; may be called more than once. The constants cannot be used afterwards. */
  dispose(): void;
}

/** Writes column `column` of a [K, columns] matrix for a coordinate that is linear in 1 and betas. */
type ShapeColumn = (
  into: Float64Array,
  column: number,
  columns: number,
  joint: number,
  axis: number,
  sign: number,
) => void;

function shapeColumns(model: ParametricModel): ShapeColumn {
  const { jointTemplate, jointRows } = prepareModel(model);
  const { jointCount, shapeCount } = model;
  return (into, column, columns, joint, axis, sign) => {
    into[column]! += sign * jointTemplate[joint * 3 + axis]!;
    for (let s = 0; s < shapeCount; s++) {
      into[(1 + s) * columns + column]! += sign * jointRows[(s * jointCount + joint) * 3 + axis]!;
    }
  };
}

function levelConstants(model: ParametricModel, level: readonly number[], above: readonly number[]): LevelConstants {
  const { shapeCount, jointCount, parents } = model;
  const isRoot = above.length === 0;
  const size = isRoot ? 12 : 16;
  const columns = size * level.length;
  const locals = new Float64Array((1 + shapeCount + 9 * jointCount) * columns);
  const addRest = shapeColumns(model);
  level.forEach((joint, place) => {
    for (let axis = 0; axis < 3; axis++) {
      const row = place * size + axis * 4;
      for (let k = 0; k < 3; k++) locals[(1 + shapeCount + joint * 9 + axis * 3 + k) * columns + row + k] = 1;
      addRest(locals, row + 3, columns, joint, axis, 1);
      if (!isRoot) addRest(locals, row + 3, columns, parents[joint]!, axis, -1);
    }
    if (!isRoot) locals[place * size + 15] = 1;
  });
  const corresponds = level.length === above.length && level.every((joint, place) => parents[joint] === above[place]);
  let picked: ConstantMatrix | undefined;
  if (!isRoot && !corresponds) {
    const pick = new Float32Array(12 * above.length * 12 * level.length);
    level.forEach((joint, place) => {
      const from = above.indexOf(parents[joint]!);
      for (let k = 0; k < 12; k++) pick[(from * 12 + k) * 12 * level.length + place * 12 + k] = 1;
    });
    picked = constantMatrix(pick, 12 * above.length, 12 * level.length);
  }
  return {
    jointCount: level.length,
    locals: constantMatrix(locals, 1 + shapeCount + 9 * jointCount, columns),
    parents: picked,
  };
}

function restInverse(model: ParametricModel, order: readonly number[]): ConstantMatrix {
  const { shapeCount, jointCount } = model;
  const columns = 16 * jointCount;
  const values = new Float64Array((1 + shapeCount + 9 * jointCount) * columns);
  const addRest = shapeColumns(model);
  order.forEach((joint, place) => {
    for (let axis = 0; axis < 3; axis++) addRest(values, place * 16 + axis * 4 + 3, columns, joint, axis, -1);
    for (let diagonal = 0; diagonal < 4; diagonal++) values[place * 16 + diagonal * 5] = 1;
  });
  return constantMatrix(values, 1 + shapeCount + 9 * jointCount, columns);
}

function jointPositions(order: readonly number[]): ConstantMatrix {
  const jointCount = order.length;
  const values = new Float32Array(12 * jointCount * 3 * jointCount);
  order.forEach((joint, place) => {
    for (let axis = 0; axis < 3; axis++) values[(place * 12 + axis * 4 + 3) * 3 * jointCount + joint * 3 + axis] = 1;
  });
  return constantMatrix(values, 12 * jointCount, 3 * jointCount);
}

/** The identity of the pose feature R − I is folded into the template, so that the input is R itself. */
function surfaceConstants(
  model: ParametricModel,
  order: readonly number[],
  vertices: ArrayLike<number>,
  regressor: PointRegressor | undefined,
): SurfaceConstants {
  const { shapeCount: S, jointCount: J, vTemplate, shapeDirs, poseDirs, lbsWeights } = model;
  const P = 9 * (J - 1);
  const V = vertices.length;
  const rowCount = 1 + S + 9 * J;
  const weights = new Float32Array(J * V);
  for (let place = 0; place < V; place++) {
    order.forEach((joint, row) => (weights[row * V + place] = lbsWeights[vertices[place]! * J + joint]!));
  }
  const basis = [0, 1, 2].map((axis) => {
    const plane = new Float32Array(rowCount * V);
    for (let place = 0; place < V; place++) {
      const from = vertices[place]! * 3 + axis;
      let rest = vTemplate[from]!;
      for (let p = 0; p < P; p++) {
        const direction = poseDirs[from * P + p]!;
        plane[(1 + S + 9 + p) * V + place] = direction;
        if (p % 9 === 0 || p % 9 === 4 || p % 9 === 8) rest -= direction;
      }
      plane[place] = rest;
      for (let s = 0; s < S; s++) plane[(1 + s) * V + place] = shapeDirs[from * S + s]!;
    }
    return constantMatrix(plane, rowCount, V);
  });
  let points: ConstantMatrix | undefined;
  if (regressor !== undefined) {
    const N = regressor.pointCount;
    const values = new Float32Array(V * N);
    for (let n = 0; n < N; n++) {
      for (let place = 0; place < V; place++) {
        values[place * N + n] = regressor.weights[n * model.vertexCount + vertices[place]!]!;
      }
    }
    points = constantMatrix(values, V, N);
  }
  return { vertexCount: V, basis, weights: constantMatrix(weights, J, V), points };
}

/** Indices of the vertices that any point uses. */
function usedVertices({ pointCount, weights }: PointRegressor, vertexCount: number): number[] {
  const used: number[] = [];
  for (let v = 0; v < vertexCount; v++) {
    for (let n = 0; n < pointCount; n++) {
      if (weights[n * vertexCount + v] !== 0) {
        used.push(v);
        break;
      }
    }
  }
  return used;
}

/**
 * Makes the tensors that {@link linearBlendSkinning} needs, once per model, on the current backend.
 *
 * For 16 joints, 10 coefficients and 1159 vertices they take 4.6 MB (each matrix is kept with its transpose).
 *
 * @param model a parametric model; it is checked
 * @param options points of the surface to be computed beside the joints
 * @returns the constants; the caller disposes of them
 * @throws ManoModelError if the model contradicts itself, ShapeError if the point regressor does not fit it
 */
export function createSkinningConstants(
  model: ParametricModel,
  options: SkinningConstantsOptions = {},
): SkinningConstants {
  validateParametricModel(model);
  const { vertexCount, jointCount, shapeCount } = model;
  const { pointRegressor } = options;
  if (pointRegressor !== undefined && pointRegressor.weights.length !== pointRegressor.pointCount * vertexCount) {
    throw new ShapeError(
      `createSkinningConstants: expected pointRegressor.weights of length ${pointRegressor.pointCount * vertexCount} ` +
        `([${pointRegressor.pointCount}, ${vertexCount}]), got ${pointRegressor.weights.length}.`,
      { expected: [pointRegressor.pointCount, vertexCount], actual: [pointRegressor.weights.length] },
    );
  }
  const tree = jointLevels(model.parents);
  const order = tree.flat();
  const levels = tree.map((level, depth) => levelConstants(model, level, tree[depth - 1] ?? []));
  const constants = {
    levels,
    restInverse: restInverse(model, order),
    jointPositions: jointPositions(order),
    surface: surfaceConstants(
      model,
      order,
      Array.from({ length: vertexCount }, (_, v) => v),
      pointRegressor,
    ),
    pointSurface:
      pointRegressor && surfaceConstants(model, order, usedVertices(pointRegressor, vertexCount), pointRegressor),
  };
  let disposed = false;
  return {
    vertexCount,
    jointCount,
    shapeCount,
    pointCount: pointRegressor?.pointCount ?? 0,
    ...constants,
    dispose() {
      if (disposed) return;
      disposed = true;
      tf.dispose(constants as unknown as tf.TensorContainer);
    },
  };
}
