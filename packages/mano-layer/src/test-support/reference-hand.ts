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
  const shaped: number[][] = [];
  for (let v = 0; v < V; v++) {
    shaped.push([0, 0, 0]);
    for (let i = 0; i < 3; i++) {
      shaped[v]![i] = model.vTemplate[v * 3 + i]!;
      for (let s = 0; s < S; s++) shaped[v]![i]! += betas[s]! * model.shapeDirs[(v * 3 + i) * S + s]!;
    }
  }
  const rest: number[][] = [];
  for (let j = 0; j < 16; j++) {
    rest.push([0, 0, 0]);
    for (let v = 0; v < V; v++) {
      for (let i = 0; i < 3; i++) rest[j]![i]! += model.jRegressor[j * V + v]! * shaped[v]![i]!;
    }
  }
  const feature: number[] = [];
  for (const matrix of rotations.slice(1)) matrix.forEach((value, i) => feature.push(i % 4 === 0 ? value - 1 : value));
  const turn: number[][] = [];
  const joints: number[][] = [];
  PARENTS.forEach((parent, j) => {
    turn.push(parent < 0 ? [...rotations[j]!] : multiply(turn[parent]!, rotations[j]!));
    const bone = parent < 0 ? rest[j]! : rest[j]!.map((value, i) => value - rest[parent]![i]!);
    joints.push(parent < 0 ? bone : apply(turn[parent]!, bone).map((value, i) => value + joints[parent]![i]!));
  });
  const vertices: number[][] = [];
  for (let v = 0; v < V; v++) {
    const posed = [...shaped[v]!];
    for (let i = 0; i < 3; i++) {
      for (let p = 0; p < 135; p++) posed[i]! += feature[p]! * model.poseDirs[(v * 3 + i) * 135 + p]!;
    }
    const sum = [0, 0, 0];
    for (let j = 0; j < 16; j++) {
      const weight = model.lbsWeights[v * 16 + j]!;
      if (weight === 0) continue;
      const [x, y, z] = [posed[0]! - rest[j]![0]!, posed[1]! - rest[j]![1]!, posed[2]! - rest[j]![2]!];
      const matrix = turn[j]!;
      for (let i = 0; i < 3; i++) {
        const moved = matrix[i * 3]! * x + matrix[i * 3 + 1]! * y + matrix[i * 3 + 2]! * z;
        sum[i]! += weight * (moved + joints[j]![i]!);
      }
    }
    vertices.push(sum);
  }
  return { vertices, joints };
}

/** Largest absolute difference of two flat arrays; infinite if their lengths differ. */
export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Infinity;
  let largest = 0;
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs(a[i]! - b[i]!);
    largest = Math.max(largest, difference); // NaN stays
  }
  return largest;
}
