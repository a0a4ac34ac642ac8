import { axisAngleToMatrix, projectPerspective } from '@opposable/geometry/host';
import { coefficientsToHandPose, FINGER_NAMES, type ManoModel } from '@opposable/mano-layer/conventions';
import { linearBlendSkinning } from '@opposable/skinning/host';
import { createRng, type Rng } from '@opposable/tensor-checks';
import type { FitTargets } from '../types.js';

export interface HostHand {
  readonly globalOrient: ArrayLike<number>;
  readonly transl: ArrayLike<number>;
  readonly handPose: ArrayLike<number>;
  readonly betas: ArrayLike<number>;
}

/** Joints of the model before each fingertip in 'panoptic' order: thumb, index, middle, ring, little finger. */
const FINGER_JOINTS = [
  [13, 14, 15],
  [1, 2, 3],
  [4, 5, 6],
  [10, 11, 12],
  [7, 8, 9],
] as const;

/** [21, 3] metres, 'panoptic' order, in float64. */
export function hostKeypoints(model: ManoModel, hand: HostHand): Float64Array {
  const pose = coefficientsToHandPose(model, hand.handPose, { flatHandMean: false });
  const angles = [...Array.from(hand.globalOrient), ...pose];
  const rotations = Array.from({ length: 16 }, (_, j) => [...axisAngleToMatrix(angles.slice(j * 3, j * 3 + 3))]).flat();
  const { joints, vertices } = linearBlendSkinning(model, { betas: hand.betas, rotations, transl: hand.transl });
  const at = (points: ArrayLike<number>, i: number) => [points[i * 3]!, points[i * 3 + 1]!, points[i * 3 + 2]!];
  return Float64Array.from([
    ...at(joints, 0),
    ...FINGER_JOINTS.flatMap((chain, finger) => [
      ...chain.flatMap((joint) => at(joints, joint)),
      ...at(vertices, model.landmarks!.fingertips[FINGER_NAMES[finger]!]),
    ]),
  ]);
}

/** A hand somewhere in front of the camera, turned any way. */
export function randomHand(rng: Rng, coefficients: number): HostHand {
  const numbers = (count: number, deviation: number) => Array.from({ length: count }, () => rng.normal(0, deviation));
  return {
    globalOrient: numbers(3, 1.5),
    transl: [rng.uniform(-0.05, 0.05), rng.uniform(-0.05, 0.05), rng.uniform(0.4, 0.7)],
    handPose: numbers(coefficients, 0.8),
    betas: numbers(10, 0.8),
  };
}

export const CAMERA = [480, 0, 125, 0, 470, 130, 0, 0, 1] as const;

/** Exact labels of random hands. */
export function syntheticTargets(model: ManoModel, count: number, seed: string) {
  const rng = createRng(seed);
  const hands = Array.from({ length: count }, (_, n) => randomHand(rng.split(n), 6));
  const metres = hands.map((hand) => hostKeypoints(model, hand));
  const targets = {
    keypoints3d: Float64Array.from(metres.flatMap((points) => Array.from(points, (value) => value * 1000))),
    keypoints: Float64Array.from(metres.flatMap((points) => [...projectPerspective(points, CAMERA)])),
    visibility: new Uint8Array(count * 21).fill(2),
    intrinsics: Float64Array.from(metres.flatMap(() => [...CAMERA])),
  } satisfies FitTargets;
  return { hands, targets };
}
