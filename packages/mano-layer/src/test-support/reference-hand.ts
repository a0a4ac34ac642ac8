import type { ManoModel } from '../types.js';
import { PARENTS } from './synthetic-hand.js';

export type Matrix = readonly number[];

/** Rodrigues' formula, I + sin θ K + (1 − cos θ) K², row-major. */
export function rodrigues(axisAngle: ArrayLike<number>): number[] {
  const angle = Math.hypot(axisAngle[0]!, axisAngle[1]!, axisAngle[2]!);
  const identity = [1, 0, 0, 0, 1, 0, 0, 0, 1];
  if (angle === 0) return identity;
  const [x, y, z] = [0, 1, 2].map((i) => axisAngle[i]! / angle) as [number, number, number];
  const k = [0, -z, y, z, 0, -x, -y, x, 0];
  const kk = multiply(k, k);
  return identity.map((value, i) => value + Math.sin(angle) * k[i]! + (1 - Math.cos(angle)) * kk[i]!);
}

export function multiply(a: Matrix, b: Matrix): number[] {
  return Array.from({ length: 9 }, (_, i) => {
    const [row, column] = [Math.floor(i / 3), i % 3];
    return [0, 1, 2].reduce((sum, k) => sum + a[row * 3 + k]! * b[k * 3 + column]!, 0);
  });
}

export function apply(matrix: Matrix, point: ArrayLike<number>): number[] {
  return [0, 1, 2].map((i) => [0, 1, 2].reduce((sum, k) => sum + matrix[i * 3 + k]! * point[k]!, 0));
}

/** Axis-angle numbers of all 16 joints as 16 matrices. */
export function rotationsOf(axisAngles: ArrayLike<number>): number[][] {
  return Array.from({ length: 16 }, (_, j) =>
    rodrigues([axisAngles[j * 3]!, axisAngles[j * 3 + 1]!, axisAngles[j * 3 + 2]!]),
  );
}

/** The posed hand as points, step by step from the formulas of the model, in float64. */
export function referenceHand(
  model: ManoModel,
  betas: ArrayLike<number>,
  rotations: readonly Matrix[],
): { vertices: number[][]; joints: number[][] } {
  const { vertexCount: V, shapeCount: S } = model;
  const shaped = Array.from({ length: V }, (_, v) =>
    [0, 1, 2].map((i) => {
      let value = model.vTemplate[v * 3 + i]!;
      for (let s = 0; s < S; s++) value += betas[s]! * model.shapeDirs[(v * 3 + i) * S + s]!;
      return value;
    }),
  );
  const rest = Array.from({ length: 16 }, (_, j) =>
    [0, 1, 2].map((i) => shaped.reduce((sum, point, v) => sum + model.jRegressor[j * V + v]! * point[i]!, 0)),
  );
  const feature = rotations.slice(1).flatMap((matrix) => matrix.map((value, i) => value - (i % 4 === 0 ? 1 : 0)));
  const posed = shaped.map((point, v) =>
    point.map((value, i) =>
      feature.reduce((sum, element, p) => sum + element * model.poseDirs[(v * 3 + i) * 135 + p]!, value),
    ),
  );
  const turn: number[][] = [];
  const joints: number[][] = [];
  PARENTS.forEach((parent, j) => {
    turn.push(parent < 0 ? [...rotations[j]!] : multiply(turn[parent]!, rotations[j]!));
    const bone = parent < 0 ? rest[j]! : rest[j]!.map((value, i) => value - rest[parent]![i]!);
    joints.push(parent < 0 ? bone : apply(turn[parent]!, bone).map((value, i) => value + joints[parent]![i]!));
  });
  const vertices = posed.map((point, v) => {
    const sum = [0, 0, 0];
    for (let j = 0; j < 16; j++) {
      const weight = model.lbsWeights[v * 16 + j]!;
      const moved = apply(
        turn[j]!,
        point.map((value, i) => value - rest[j]![i]!),
      );
      for (let i = 0; i < 3; i++) sum[i]! += weight * (moved[i]! + joints[j]![i]!);
    }
    return sum;
  });
  return { vertices, joints };
}

/** Largest absolute difference of two flat arrays; infinite if their lengths differ. */
export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Infinity;
  let largest = 0;
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs(a[i]! - b[i]!);
    if (!(difference <= largest)) largest = difference; // NaN is kept
  }
  return largest;
}
