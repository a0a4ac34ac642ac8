import type { ParametricModel } from '../host/types.js';

/** Linear blend skinning straight from the formulas, one 4 × 4 product at a time, sharing nothing with the code tested. */
export function referenceSkinning(
  model: ParametricModel,
  betas: ArrayLike<number>,
  rotations: ArrayLike<number>,
  transl: ArrayLike<number> = [0, 0, 0],
): { vertices: number[]; joints: number[] } {
  const { vertexCount: V, jointCount: J, shapeCount: S } = model;
  const P = 9 * (J - 1);
  const vShaped = Array.from({ length: V * 3 }, (_, c) => {
    let value = model.vTemplate[c]!;
    for (let s = 0; s < S; s++) value += model.shapeDirs[c * S + s]! * betas[s]!;
    return value;
  });
  const rest = Array.from({ length: J }, (_, j) =>
    [0, 1, 2].map((i) => {
      let value = 0;
      for (let v = 0; v < V; v++) value += model.jRegressor[j * V + v]! * vShaped[v * 3 + i]!;
      return value;
    }),
  );
  const feature = Array.from({ length: P }, (_, p) => rotations[9 + p]! - ([0, 4, 8].includes(p % 9) ? 1 : 0));
  const vPosed = vShaped.map((value, c) => {
    for (let p = 0; p < P; p++) value += model.poseDirs[c * P + p]! * feature[p]!;
    return value;
  });
  const world: number[][] = [];
  for (let j = 0; j < J; j++) {
    const parent = model.parents[j]!;
    const origin = parent < 0 ? [0, 0, 0] : rest[parent]!;
    const local = affine(
      Array.from({ length: 9 }, (_, k) => rotations[j * 9 + k]!),
      rest[j]!.map((x, i) => x - origin[i]!),
    );
    world.push(parent < 0 ? local : product(world[parent]!, local));
  }
  const skin = world.map((transform, j) =>
    product(
      transform,
      affine(
        [1, 0, 0, 0, 1, 0, 0, 0, 1],
        rest[j]!.map((x) => -x),
      ),
    ),
  );
  const vertices: number[] = [];
  for (let v = 0; v < V; v++) {
    const point = [vPosed[v * 3]!, vPosed[v * 3 + 1]!, vPosed[v * 3 + 2]!, 1];
    for (let i = 0; i < 3; i++) {
      let value = transl[i]!;
      for (let j = 0; j < J; j++) {
        for (let k = 0; k < 4; k++) value += model.lbsWeights[v * J + j]! * skin[j]![i * 4 + k]! * point[k]!;
      }
      vertices.push(value);
    }
  }
  const joints = world.flatMap((transform) => [3, 7, 11].map((place, i) => transform[place]! + transl[i]!));
  return { vertices, joints };
}

function affine(rotation: readonly number[], translation: readonly number[]): number[] {
  return [0, 1, 2].flatMap((i) => [...rotation.slice(i * 3, i * 3 + 3), translation[i]!]).concat([0, 0, 0, 1]);
}

function product(a: readonly number[], b: readonly number[]): number[] {
  return Array.from({ length: 16 }, (_, place) => {
    const row = Math.floor(place / 4);
    const column = place % 4;
    let sum = 0;
    for (let k = 0; k < 4; k++) sum += a[row * 4 + k]! * b[k * 4 + column]!;
    return sum;
  });
}
