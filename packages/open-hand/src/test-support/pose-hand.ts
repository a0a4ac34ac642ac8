import type { ManoModel } from '@opposable/mano-layer/conventions';

export type Vector = [number, number, number];
export const subtract = (a: ArrayLike<number>, b: ArrayLike<number>): Vector => [
  a[0]! - b[0]!,
  a[1]! - b[1]!,
  a[2]! - b[2]!,
];
export const dot = (a: Vector, b: Vector): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
export const cross = (a: Vector, b: Vector): Vector => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];
export const length = (a: Vector): number => Math.sqrt(dot(a, a));
export const rowOf = (array: ArrayLike<number>, i: number): Vector => [
  array[3 * i]!,
  array[3 * i + 1]!,
  array[3 * i + 2]!,
];

/** Rotation matrix of an axis-angle vector, from the series-free formula. */
export function rotationOf(v: Vector): number[] {
  const angle = length(v);
  const [x, y, z] = angle === 0 ? [0, 0, 0] : v.map((a) => a / angle);
  const [c, s, t] = [Math.cos(angle), Math.sin(angle), 1 - Math.cos(angle)];
  return [
    t * x! * x! + c,
    t * x! * y! - s * z!,
    t * x! * z! + s * y!,
    t * x! * y! + s * z!,
    t * y! * y! + c,
    t * y! * z! - s * x!,
    t * x! * z! - s * y!,
    t * y! * z! + s * x!,
    t * z! * z! + c,
  ];
}
const apply = (m: number[], v: Vector): Vector =>
  [0, 3, 6].map((r) => m[r]! * v[0] + m[r + 1]! * v[1] + m[r + 2]! * v[2]) as Vector;
const multiply = (a: number[], b: number[]): number[] =>
  a.map((_, i) => [0, 1, 2].reduce((s, k) => s + a[3 * Math.floor(i / 3) + k]! * b[3 * k + (i % 3)]!, 0));

export interface PoseInput {
  readonly betas?: readonly number[];
  /** [45] axis-angle numbers */
  readonly pose?: ArrayLike<number>;
  /** Default true. */
  readonly correctives?: boolean;
}

/** The whole forward pass as plain float64 loops, written from the formulas and sharing nothing with the packages. */
export function poseHand(model: ManoModel, { betas = [], pose, correctives = true }: PoseInput) {
  const { vertexCount: V, jointCount: J, shapeCount: S } = model;
  const shaped = Float64Array.from(model.vTemplate, (x, i) =>
    betas.reduce((sum, beta, k) => sum + beta * model.shapeDirs[i * S + k]!, x),
  );
  const rest: Vector[] = Array.from({ length: J }, (_, j) => {
    const sum: Vector = [0, 0, 0];
    for (let v = 0; v < V; v++)
      for (let k = 0; k < 3; k++) sum[k]! += model.jRegressor[j * V + v]! * shaped[3 * v + k]!;
    return sum;
  });
  const rotations = rest.map((_, j) => rotationOf(j === 0 || pose === undefined ? [0, 0, 0] : rowOf(pose, j - 1)));
  const feature = rotations.slice(1).flatMap((m) => m.map((x, e) => x - (e % 4 === 0 ? 1 : 0)));
  if (correctives && pose !== undefined)
    for (let i = 0; i < 3 * V; i++)
      for (let e = 0; e < feature.length; e++) shaped[i]! += model.poseDirs[i * feature.length + e]! * feature[e]!;
  const turns: number[][] = [];
  const places: Vector[] = [];
  rest.forEach((joint, j) => {
    const p = model.parents[j]!;
    turns.push(p < 0 ? rotations[j]! : multiply(turns[p]!, rotations[j]!));
    const arm = p < 0 ? joint : apply(turns[p]!, subtract(joint, rest[p]!));
    places.push(p < 0 ? joint : (arm.map((x, k) => x + places[p]![k]!) as Vector));
  });
  const vertices = new Float64Array(3 * V);
  for (let v = 0; v < V; v++)
    for (let j = 0; j < J; j++) {
      const w = model.lbsWeights[v * J + j]!;
      if (w === 0) continue;
      const moved = apply(turns[j]!, subtract(rowOf(shaped, v), rest[j]!));
      for (let k = 0; k < 3; k++) vertices[3 * v + k]! += w * (moved[k]! + places[j]![k]!);
    }
  return { vertices, joints: places };
}

/** Signed volume in cubic metres, positive for triangles that are counter-clockwise seen from outside. */
export function volumeOf(vertices: ArrayLike<number>, faces: ArrayLike<number>): number {
  let sum = 0;
  for (let f = 0; f < faces.length; f += 3)
    sum += dot(rowOf(vertices, faces[f]!), cross(rowOf(vertices, faces[f + 1]!), rowOf(vertices, faces[f + 2]!))) / 6;
  return sum;
}
