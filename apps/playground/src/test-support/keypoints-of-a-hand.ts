import { axisAngleToMatrix } from '@opposable/geometry/host';
import { coefficientsToHandPose } from '@opposable/mano-layer/conventions';
import { loadOpenHand } from '@opposable/open-hand';
import { linearBlendSkinning } from '@opposable/skinning/host';

/** Keypoints [21][2] of a bent open hand seen from its back on the blank picture, in the order 'mano-raw'. */
export function keypointsOfAHand(): [number, number][] {
  const model = loadOpenHand('right');
  const pose = coefficientsToHandPose(model, [0.25, 0.3, 0.2], { flatHandMean: true });
  // fingers up (rest −x), the back of the hand (rest +y) towards the viewer (−z), slightly turned
  const all = [...[0, 0, 0], ...pose];
  const rotations = new Float64Array(16 * 9);
  for (let j = 0; j < 16; j++) rotations.set(axisAngleToMatrix(all.slice(3 * j, 3 * j + 3)), 9 * j);
  const { vertices, joints } = linearBlendSkinning(model, { betas: new Float64Array(model.shapeCount), rotations });
  const tips = Object.values(model.landmarks!.fingertips);
  const points = [...Array.from({ length: 16 }, (_, j) => joints.subarray(3 * j, 3 * j + 3)), ...tips.map((v) => vertices.subarray(3 * v, 3 * v + 3))]; // prettier-ignore
  // picture x = −z of the hand, picture y = x of the hand: a proper turn, since y then goes towards the viewer
  return points.map((p) => [400 - 2300 * p[2]!, 300 + 2300 * p[0]!]);
}
