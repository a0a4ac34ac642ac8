import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { ManoLayer } from '@opposable/mano-layer';
import { decodeHandParameters, HAND_PARAMETER_MEAN } from '@opposable/mano-layer/conventions';
import { loadOpenHand } from './load-open-hand.js';
import { poseHand, volumeOf } from './test-support/pose-hand.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

describe('the open hand in the differentiable layer', () => {
  test.each(['right', 'left'] as const)('gives the %s hand of the plain float64 loops to 2e-6 m', (side) => {
    const hand = loadOpenHand(side);
    const betas = [1.5, -0.5, 0.8, 0.3, -1, 0.2, 0.7, -0.4, 0.9, -1.2];
    const coefficients = [1.4, -1.1, 0.6, -1.8, 0.9, 1.2];
    const pose = Array.from(hand.handsMean, (x, i) =>
      coefficients.reduce((sum, c, n) => sum + c * hand.handsComponents[45 * n + i]!, x),
    );
    const expected = poseHand(hand, { betas, pose });
    const layer = new ManoLayer(hand, { flatHandMean: false });
    const { vertices, joints, keypoints } = layer.forward({
      betas: tf.tensor2d([betas]),
      handPose: tf.tensor2d([coefficients]),
      globalOrient: tf.zeros([1, 3]),
    });
    const apart = (actual: Float32Array, wanted: ArrayLike<number>) =>
      Math.max(...actual.map((x, i) => Math.abs(x - wanted[i]!)));
    expect(apart(vertices.dataSync<'float32'>(), expected.vertices)).toBeLessThan(2e-6);
    expect(apart(joints.dataSync<'float32'>(), expected.joints.flat())).toBeLessThan(2e-6);
    const thumb = hand.landmarks!.fingertips.thumb; // keypoint 4 of the default order
    const tip = expected.vertices.subarray(3 * thumb, 3 * thumb + 3);
    expect(apart(keypoints.dataSync<'float32'>().slice(12, 15), tip)).toBeLessThan(2e-6);
    tf.dispose([vertices, joints, keypoints]);
    layer.dispose();
  });

  test("the 22-number head's prior shows the hand from the thumb's side, fingers left, back up, inside the image", () => {
    const hand = loadOpenHand('right');
    const { keypoints2d, keypoints3d, vertices2d, vertices3d } = decodeHandParameters(hand, HAND_PARAMETER_MEAN);
    const at = (i: number) => [keypoints2d[2 * i]!, keypoints2d[2 * i + 1]!] as const;
    const [wrist, middleKnuckle, middleTip] = [at(0), at(9), at(12)];
    expect(wrist[0] - middleKnuckle[0]).toBeGreaterThan(40); // metres · 545
    expect(middleTip[1]).toBeGreaterThan(middleKnuckle[1]); // v grows downwards: relaxed fingers hang down
    expect(keypoints3d[3 * 4 + 2]).toBeLessThan(keypoints3d[3 * 20 + 2]!); // the thumb is nearer than the little finger
    expect(Math.min(...vertices2d)).toBeGreaterThan(0);
    expect(Math.max(...vertices2d)).toBeLessThan(256);
    // A rotation, no reflection: triangles still turn counter-clockwise seen from outside.
    expect(volumeOf(vertices3d, hand.faces)).toBeGreaterThan(0);
  });
});
