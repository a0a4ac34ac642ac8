// Dead end, measured with V = 1159 and 135 correctives: one CSR row per vertex coordinate took 0.71 ms a pose where the
// nine products per (joint, coordinate) block below take 0.21 ms; CSR wins (0.035 against 0.050 ms) only when the zeros
// are scattered within the matrices of a joint, as in random test models.
import { type JointShape, jointShape } from './joint-shape.js';
import type { FloatArray, ParametricModel } from './types.js';

/** Pose correctives of one joint: only the vertex coordinates that it moves. */
export interface CorrectiveBlock {
  /** Indices into the flat [V · 3] vertices. */
  readonly coordinates: Uint32Array;
  /** Nine numbers per entry of `coordinates`, one per element of R_j − I. */
  readonly values: FloatArray;
}

/**
 * A model laid out for fast evaluation on the host: zeros left out, shape directions in rows, joints folded into the
 * shape space. Made by {@link prepareModel}; its fields may change between versions.
 */
export interface PreparedModel extends JointShape {
  readonly model: ParametricModel;
  /** [S, V · 3] shape directions, one row per coefficient. */
  readonly shapeRows: FloatArray;
  /** [J − 1] correctives of joints 1 … J − 1. */
  readonly correctives: readonly CorrectiveBlock[];
  /** [V + 1] start of each vertex in `weightJoints` and `weightValues`. */
  readonly weightStarts: Uint32Array;
  readonly weightJoints: Uint32Array;
  readonly weightValues: Float64Array;
}

const preparedModels = new WeakMap<ParametricModel, PreparedModel>();

function likeArray(source: FloatArray, length: number): FloatArray {
  return source instanceof Float32Array ? new Float32Array(length) : new Float64Array(length);
}

function shapeRowsOf({ shapeDirs, vertexCount, shapeCount }: ParametricModel): FloatArray {
  const coordinates = vertexCount * 3;
  const rows = likeArray(shapeDirs, shapeCount * coordinates);
  for (let c = 0; c < coordinates; c++) {
    for (let s = 0; s < shapeCount; s++) rows[s * coordinates + c] = shapeDirs[c * shapeCount + s]!;
  }
  return rows;
}

function correctivesOf(model: ParametricModel): CorrectiveBlock[] {
  const { vertexCount, jointCount, poseDirs } = model;
  const featureCount = 9 * (jointCount - 1);
  return Array.from({ length: jointCount - 1 }, (_, block) => {
    const coordinates: number[] = [];
    for (let c = 0; c < vertexCount * 3; c++) {
      const start = c * featureCount + block * 9;
      for (let k = 0; k < 9; k++) {
        if (poseDirs[start + k] !== 0) {
          coordinates.push(c);
          break;
        }
      }
    }
    const values = likeArray(poseDirs, coordinates.length * 9);
    coordinates.forEach((c, row) => {
      const start = c * featureCount + block * 9;
      values.set(poseDirs.subarray(start, start + 9), row * 9);
    });
    return { coordinates: Uint32Array.from(coordinates), values };
  });
}

function sparseWeightsOf({ vertexCount, jointCount, lbsWeights }: ParametricModel) {
  const weightStarts = new Uint32Array(vertexCount + 1);
  const joints: number[] = [];
  const values: number[] = [];
  for (let v = 0; v < vertexCount; v++) {
    for (let j = 0; j < jointCount; j++) {
      const weight = lbsWeights[v * jointCount + j]!;
      if (weight === 0) continue;
      joints.push(j);
      values.push(weight);
    }
    weightStarts[v + 1] = joints.length;
  }
  return { weightStarts, weightJoints: Uint32Array.from(joints), weightValues: Float64Array.from(values) };
}

/**
 * Lays a model out for fast evaluation; the result is remembered, so that a second call costs nothing.
 *
 * The model's arrays must not be written to afterwards. Nothing is checked here: see `validateParametricModel`.
 *
 * @param model a parametric model
 * @returns the same model with zeros left out
 */
export function prepareModel(model: ParametricModel): PreparedModel {
  const known = preparedModels.get(model);
  if (known !== undefined) return known;
  const prepared: PreparedModel = {
    model,
    shapeRows: shapeRowsOf(model),
    ...jointShape(model),
    correctives: correctivesOf(model),
    ...sparseWeightsOf(model),
  };
  preparedModels.set(model, prepared);
  return prepared;
}
