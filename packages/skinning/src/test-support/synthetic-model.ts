import type { Rng } from '@opposable/tensor-checks';
import type { ParametricModel } from '../host/types.js';

/** MANO's tree: wrist, then three joints per finger. */
export const HAND_PARENTS = [-1, 0, 1, 2, 0, 4, 5, 0, 7, 8, 0, 10, 11, 0, 13, 14];
/** SMPL's tree: up to nine joints in a row. */
export const BODY_PARENTS = [-1, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 9, 12, 13, 14, 16, 17, 18, 19, 20, 21];

export interface SyntheticModelOptions {
  readonly vertexCount: number;
  readonly shapeCount: number;
  /** A parent before its children, −1 first. */
  readonly parents: readonly number[];
  /** Share of the pose correctives that are not zero. Default 1. */
  readonly correctiveDensity?: number;
  /** Joints that hold on to one vertex. Default 4. */
  readonly weightsPerVertex?: number;
  /** Precision of the arrays. Default Float64Array. */
  readonly arrayType?: typeof Float32Array | typeof Float64Array;
  readonly rng: Rng;
}

/** A random tree of `jointCount` joints. */
export function randomParents(jointCount: number, rng: Rng): number[] {
  return Array.from({ length: jointCount }, (_, j) => (j === 0 ? -1 : rng.integer(0, j - 1)));
}

/** A random model of hand-like size in the schema of the SMPL family: valid, and nothing like anybody. */
export function syntheticModel(options: SyntheticModelOptions): ParametricModel {
  const { vertexCount, shapeCount, parents, rng } = options;
  const { correctiveDensity = 1, weightsPerVertex = 4, arrayType: Numbers = Float64Array } = options;
  const jointCount = parents.length;
  const features = 9 * (jointCount - 1);
  const fill = (length: number, draw: () => number) => new Numbers(length).map(draw);
  const vTemplate = fill(vertexCount * 3, () => rng.uniform(-0.1, 0.1));
  const shapeDirs = fill(vertexCount * 3 * shapeCount, () => rng.normal(0, 0.003));
  const poseDirs = fill(vertexCount * 3 * features, () =>
    rng.uniform() < correctiveDensity ? rng.normal(0, 0.001) : 0,
  );
  const jRegressor = new Numbers(jointCount * vertexCount);
  for (let j = 0; j < jointCount; j++) spread(jRegressor, j * vertexCount, vertexCount, 6, rng);
  const lbsWeights = new Numbers(vertexCount * jointCount);
  for (let v = 0; v < vertexCount; v++) spread(lbsWeights, v * jointCount, jointCount, weightsPerVertex, rng);
  return {
    vertexCount,
    jointCount,
    shapeCount,
    vTemplate,
    shapeDirs,
    poseDirs,
    jRegressor,
    lbsWeights,
    parents: Int32Array.from(parents),
    faces: Uint32Array.from({ length: 3 * vertexCount }, () => rng.integer(0, vertexCount - 1)),
  };
}

/** Writes at most `count` random positive numbers that sum to 1 into a row of zeros. */
function spread(target: Float32Array | Float64Array, start: number, length: number, count: number, rng: Rng): void {
  const places = rng.permutation(length).slice(0, count);
  const shares = Array.from(places, () => rng.uniform(0.05, 1));
  const total = shares.reduce((sum, share) => sum + share, 0);
  places.forEach((place, i) => (target[start + place] = shares[i]! / total));
}

/** [J, 3, 3] random rotations; about uniform in axis, angle up to `largestAngle`. */
export function randomRotations(jointCount: number, rng: Rng, largestAngle = Math.PI): Float64Array {
  const rotations = new Float64Array(jointCount * 9);
  for (let j = 0; j < jointCount; j++) {
    const axis = [rng.normal(), rng.normal(), rng.normal()];
    rotations.set(rotationAbout(axis, rng.uniform(-largestAngle, largestAngle)), j * 9);
  }
  return rotations;
}

/** Row-major matrix of the rotation about an axis of any length. */
export function rotationAbout(axis: readonly number[], angle: number): number[] {
  const length = Math.hypot(...axis);
  const [x, y, z] = axis.map((component) => component / length) as [number, number, number];
  const c = Math.cos(angle);
  const s = Math.sin(angle);
  const d = 1 - c;
  return [
    ...[c + x * x * d, x * y * d - z * s, x * z * d + y * s],
    ...[y * x * d + z * s, c + y * y * d, y * z * d - x * s],
    ...[z * x * d - y * s, z * y * d + x * s, c + z * z * d],
  ];
}
