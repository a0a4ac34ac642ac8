import * as tf from '@tensorflow/tfjs-core';
import { jointShape } from './host/joint-shape.js';
import type { ParametricModel } from './host/types.js';
import { type ConstantMatrix, constantMatrix } from './constant-matrix.js';
import { jointLevels } from './joint-levels.js';
import { type PointTerms, verticesOfPoints } from './point-terms.js';
import type { PoseBasis } from './pose-basis.js';

/** Constants of the vertices that are given out, or of the few that the points need. */
export interface SurfaceConstants {
  readonly vertexCount: number;
  /** Three of [1 + S + 9·J, V]: from 1, betas and all rotations to x, y and z of the vertices before skinning. */
  readonly basis: readonly ConstantMatrix[];
  /** [J, V], joints in level order. */
  readonly weights: ConstantMatrix;
}

/** Points as combinations of the posed joints and of the vertices of a surface; undefined where none take part. */
export interface PointConstants {
  /** [3·J, 3·N] */
  readonly fromJoints: ConstantMatrix | undefined;
  /** [V, N] over the surface that is given out; undefined too where it lacks a vertex of the points */
  readonly fromSurface: ConstantMatrix | undefined;
  /** [V, N] over the surface of the points */
  readonly fromPointSurface: ConstantMatrix | undefined;
}

/** One depth of the kinematic tree with n joints; x stands for (1, betas, all rotations). */
export interface LevelConstants {
  readonly jointCount: number;
  /** x → [n, 4, 4] local transforms; [3, 4] for the root. */
  readonly locals: ConstantMatrix;
  /** [12·p, 12·n] picks every joint's parent among the p joints of the level above; undefined where they correspond. */
  readonly parents: ConstantMatrix | undefined;
}

/** The tensors of the composed operations. */
export interface ComposedConstants {
  readonly levels: readonly LevelConstants[];
  /** x → [J, 4, 4] translations by −J_j, joints in level order. */
  readonly restInverse: ConstantMatrix;
  /** [12·J, 3·J]: from the transforms in level order to the posed joints in model order. */
  readonly jointPositions: ConstantMatrix;
  readonly surface: SurfaceConstants | undefined;
  /** The vertices that points and centre are made of, undefined where they are made of joints only. */
  readonly pointSurface: SurfaceConstants | undefined;
  readonly points: PointConstants | undefined;
  readonly center: PointConstants | undefined;
  readonly pose: { readonly components: ConstantMatrix | undefined; readonly mean: tf.Tensor1D | undefined };
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
  const { jointTemplate, jointRows } = jointShape(model);
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
  return { vertexCount: V, basis, weights: constantMatrix(weights, J, V) };
}

interface PointPlaces {
  readonly jointCount: number;
  /** Ids of the vertices of each surface; `outputs` undefined where points are made of others. */
  readonly outputs: ArrayLike<number> | undefined;
  readonly used: readonly number[];
}

/** [V, N]: the share of each vertex of a surface in each point. */
function vertexShares(points: readonly PointTerms[], ids: ArrayLike<number>): ConstantMatrix {
  const places = new Map(Array.from(ids, (id, place) => [id, place]));
  const shares = new Float32Array(ids.length * points.length);
  points.forEach((terms, n) => {
    for (const { vertex, weight } of terms) {
      if (vertex !== undefined) shares[places.get(vertex)! * points.length + n]! += weight;
    }
  });
  return constantMatrix(shares, ids.length, points.length);
}

/** [3·J, 3·N]: the share of each joint in each point. */
function jointShares(points: readonly PointTerms[], jointCount: number): ConstantMatrix {
  const columns = 3 * points.length;
  const shares = new Float32Array(3 * jointCount * columns);
  points.forEach((terms, n) => {
    for (const { joint, weight } of terms) {
      if (joint === undefined) continue;
      for (let i = 0; i < 3; i++) shares[(joint * 3 + i) * columns + n * 3 + i]! += weight;
    }
  });
  return constantMatrix(shares, 3 * jointCount, columns);
}

function pointConstants(points: readonly PointTerms[], { jointCount, outputs, used }: PointPlaces): PointConstants {
  const takes = (part: 'joint' | 'vertex') => points.some((terms) => terms.some((term) => term[part] !== undefined));
  return {
    fromJoints: takes('joint') ? jointShares(points, jointCount) : undefined,
    fromSurface: takes('vertex') && outputs !== undefined ? vertexShares(points, outputs) : undefined,
    fromPointSurface: takes('vertex') ? vertexShares(points, used) : undefined,
  };
}

/** What of a model is to be computed. */
export interface ComposedRequest {
  /** Ids of the vertices that are given out. */
  readonly outputs: ArrayLike<number>;
  readonly points: readonly PointTerms[];
  readonly center: PointTerms | undefined;
  readonly poseBasis: PoseBasis;
}

/** Makes the tensors of the composed operations; whoever calls keeps and disposes of them. */
export function composedConstants(model: ParametricModel, request: ComposedRequest): ComposedConstants {
  const { outputs, points, center, poseBasis } = request;
  const tree = jointLevels(model.parents);
  const order = tree.flat();
  const used = verticesOfPoints(center === undefined ? points : [...points, center]);
  const given = new Set(Array.from(outputs));
  const isGiven = used.every((vertex) => given.has(vertex));
  const places = { jointCount: model.jointCount, outputs: isGiven ? outputs : undefined, used };
  const { components, mean } = poseBasis;
  const poseLength = 3 * (model.jointCount - 1);
  return {
    levels: tree.map((level, depth) => levelConstants(model, level, tree[depth - 1] ?? [])),
    restInverse: restInverse(model, order),
    jointPositions: jointPositions(order),
    surface: outputs.length > 0 ? surfaceConstants(model, order, outputs) : undefined,
    pointSurface: used.length > 0 ? surfaceConstants(model, order, used) : undefined,
    points: points.length > 0 ? pointConstants(points, places) : undefined,
    center: center && pointConstants([center], places),
    pose: {
      components: components && constantMatrix(components, components.length / poseLength, poseLength),
      mean: mean && tf.tensor1d(Float32Array.from(mean)),
    },
  };
}
