import { openHandJointFrames } from './joint-frames.js';
import { loadOpenHand } from './load-open-hand.js';
import { poseFromAngles } from './pose-from-angles.js';
import { length, poseHand, rowOf, subtract, volumeOf } from './test-support/pose-hand.js';

const hand = loadOpenHand('right');
const frames = openHandJointFrames('right');
const radians = (degrees: number) => (degrees * Math.PI) / 180;

/** Fingers bent by [knuckle, middle, end] degrees and the thumb by [flex, out of the palm, turn, middle, end]. */
function bent([a, b, c]: number[], thumb = [0, 0, 0, 0, 0]): Float32Array {
  const angles = new Float32Array(45);
  for (let f = 0; f < 4; f++) [a!, b!, c!].forEach((x, i) => (angles[9 * f + 3 * i] = radians(x)));
  [0, 1, 2, 3, 6].forEach((at, i) => (angles[36 + at] = radians(thumb[i]!)));
  return poseFromAngles(frames, angles);
}
const whole = volumeOf(hand.vTemplate, hand.faces);
const POSES: readonly [string, Float32Array][] = [
  ['half closed', bent([45, 50, 30], [10, 15, -15, 20, 20])],
  ['a fist', bent([85, 100, 65], [28, 18, -25, 40, 45])],
  ['knuckles at 90°', bent([90, 0, 0])],
  ['a hook', bent([0, 100, 65])],
  ['thumb across the palm', bent([0, 0, 0], [35, 0, -10, 55, 75])],
  ['thumb opposed', bent([45, 45, 20], [15, 38, -42, 20, 20])],
  ['bent back', bent([-25, 0, 0], [-15, -15, 12, -12, -18])],
  ['the mean pose', Float32Array.from(hand.handsMean)],
];

describe("the open hand's pose correctives", () => {
  test('vanish at rest', () => {
    const { vertices } = poseHand(hand, { pose: new Float32Array(45) });
    vertices.forEach((x, i) => expect(x).toBeCloseTo(hand.vTemplate[i]!, 6));
  });

  test.each(POSES)('%s: the volume is nearer to that at rest than without them', (_, pose) => {
    const error = (correctives: boolean) =>
      Math.abs(volumeOf(poseHand(hand, { pose, correctives }).vertices, hand.faces) / whole - 1);
    expect(error(true)).toBeLessThan(error(false));
    expect(error(true)).toBeLessThan(0.04);
  });

  test('stay near their joint: nothing moves farther than 60 mm away from it', () => {
    const { joints } = poseHand(hand, {});
    for (let j = 1; j < 16; j++)
      for (let v = 0; v < hand.vertexCount; v++) {
        const block = (k: number) => hand.poseDirs.subarray((3 * v + k) * 135 + 9 * (j - 1), (3 * v + k) * 135 + 9 * j);
        if ([0, 1, 2].some((k) => block(k).some((x) => x !== 0)))
          expect(length(subtract(rowOf(hand.vTemplate, v), joints[j]!))).toBeLessThan(0.06);
      }
  });

  test.each(POSES)('%s: no vertex is moved by more than 10 mm', (_, pose) => {
    const a = poseHand(hand, { pose }).vertices;
    const b = poseHand(hand, { pose, correctives: false }).vertices;
    for (let v = 0; v < hand.vertexCount; v++) expect(length(subtract(rowOf(a, v), rowOf(b, v)))).toBeLessThan(0.01);
  });
});
