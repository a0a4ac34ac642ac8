import { axisAngleToMatrix } from '@opposable/geometry/host';
import type { ManoModel } from '@opposable/mano-layer/conventions';
import { linearBlendSkinning } from '@opposable/skinning/host';

/** The file that the hand view offers as JSON. */
export interface HandJson {
  readonly model: { readonly name: string; readonly side: string; readonly vertices: number };
  readonly convention: { readonly name: string; readonly units: string };
  readonly betas: number[];
  readonly handPoseWithMean: number[];
  readonly globalOrient: number[];
  readonly keypoints: number[][];
  readonly joints: number[][];
}

/** The same hand by loops in float64. */
export function posed(model: ManoModel, { betas, handPoseWithMean, globalOrient }: HandJson) {
  const pose = [...globalOrient, ...handPoseWithMean];
  const rotations = new Float64Array(16 * 9);
  for (let j = 0; j < 16; j++) rotations.set(axisAngleToMatrix(pose.slice(3 * j, 3 * j + 3)), 9 * j);
  return linearBlendSkinning(model, { betas, rotations });
}

/** The largest difference of two lists, which have to be of one length. */
export function farthest(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a).toHaveLength(b.length);
  return Math.max(...Array.from(a, (value, i) => Math.abs(value - b[i]!)));
}

/** The vertices of an OBJ file. */
export const positionsOf = (obj: Buffer): number[] =>
  obj
    .toString()
    .split('\n')
    .filter((line) => line.startsWith('v '))
    .flatMap((line) => line.split(' ').slice(1, 4).map(Number));
