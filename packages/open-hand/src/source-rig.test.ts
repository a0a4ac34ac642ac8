import { loadOpenHand } from './load-open-hand.js';
import { length, poseHand, rowOf, subtract, type Vector } from './test-support/pose-hand.js';
import { readSourceRig, SOURCE_JOINTS, SOURCE_TIPS } from './test-support/read-source-rig.js';

const hand = loadOpenHand('right');
const V = hand.vertexCount;
const rig = readSourceRig('right');
const wrist = rig.joints.get('wrist')!;

/** The rig's axes to the hand's: x' = y, y' = x, z' = −z about the wrist, which stands at (0.095, 0.006, 0.006). */
const toFrame = (p: readonly number[]): Vector => [
  p[1]! - wrist[1]! + 0.095,
  p[0]! - wrist[0]! + 0.006,
  wrist[2]! - p[2]! + 0.006,
];
const bound = SOURCE_JOINTS.map((name) => toFrame(rig.joints.get(name)!));
const tips = SOURCE_TIPS.map((name) => toFrame(rig.joints.get(name)!));
const regress = (vertices: (v: number) => ArrayLike<number>) =>
  bound.map((_, j) => {
    const sum: Vector = [0, 0, 0];
    for (let v = 0; v < V; v++) {
      const w = hand.jRegressor[j * V + v]!;
      if (w > 0) for (let k = 0; k < 3; k++) sum[k]! += w * vertices(v)[k]!;
    }
    return sum;
  });
const apart = (a: Vector, b: Vector) => 1000 * length(subtract(a, b));

describe('the open hand and the rig it comes from', () => {
  test('there are 1159 distinct vertices in the source and in the hand', () => {
    expect(rig.vertices).toHaveLength(1159);
    expect(V).toBe(1159);
  });

  test("the regressor gives the rig's joints, unposed to the flat hand, to 0.05 mm", () => {
    const joints = regress((v) => rowOf(hand.vTemplate, v));
    const expected = bound.map((p) => p.slice() as Vector);
    for (let f = 0; f < 5; f++) {
      // A flat finger keeps its knuckle and its bones' lengths; its direction is the rig's, level (thumb: 42° out, 14° down).
      const whole = subtract(tips[f]!, bound[3 * f + 1]!);
      const level: Vector = [whole[0], 0, whole[2]];
      const [out, down] = [(42 * Math.PI) / 180, (14 * Math.PI) / 180];
      const direction: Vector =
        f === 4
          ? [-Math.cos(down) * Math.cos(out), -Math.sin(down), Math.cos(down) * Math.sin(out)]
          : (level.map((x) => x / length(level)) as Vector);
      for (let j = 3 * f + 2; j <= 3 * f + 3; j++) {
        const bone = length(subtract(bound[j]!, bound[j - 1]!));
        expected[j] = expected[j - 1]!.map((x, k) => x + bone * direction[k]!) as Vector;
      }
    }
    joints.forEach((joint, j) => expect(apart(joint, expected[j]!)).toBeLessThan(0.05));
  });

  test("the same regressor on the rig's own, bent pose is within 0.35 mm of its joints", () => {
    const vertices = rig.vertices.map(toFrame);
    regress((v) => vertices[v]!).forEach((joint, j) => expect(apart(joint, bound[j]!)).toBeLessThan(0.35));
  });

  test("the palm and the wrist, which straightening does not move, are the rig's to 0.01 mm", () => {
    let unmoved = 0;
    rig.vertices.forEach((p, v) => {
      if (hand.lbsWeights[16 * v] !== 1) return;
      unmoved++;
      expect(apart(toFrame(p), rowOf(hand.vTemplate, v))).toBeLessThan(0.01);
    });
    expect(unmoved).toBeGreaterThan(150);
  });

  test("the left hand is the rig's left hand as far as that one mirrors its right one", () => {
    const left = readSourceRig('left');
    expect(left.vertices).toHaveLength(1159);
    // Vertex by vertex: each left vertex has a mirrored right one. The two rigs stand 1.8 mm apart and differ at the index.
    const offset = subtract(left.joints.get('wrist')!, [-wrist[0]!, wrist[1]!, wrist[2]!]);
    const mirrored = rig.vertices.map((p): Vector => [-p[0]! + offset[0], p[1]! + offset[1], p[2]! + offset[2]]);
    const far = left.vertices.map((p) => Math.min(...mirrored.map((q) => apart(q, p as never))));
    expect(Math.max(...far)).toBeLessThan(0.05);
    // And the shipped left hand is the exact mirror of the shipped right one.
    const shipped = loadOpenHand('left');
    shipped.vTemplate.forEach((x, i) => expect(x).toBe(i % 3 === 0 ? -hand.vTemplate[i]! : hand.vTemplate[i]!));
  });

  test('the left hand posed with the same coefficients is the mirror image, in vertices and joints', () => {
    const left = loadOpenHand('left');
    const betas = [1, -0.5, 0.3, 2, -1, 0.2, 0.7, -0.4, 0.9, -2];
    const poseOf = (model: typeof left) =>
      Array.from({ length: 45 }, (_, i) => {
        let x = model.handsMean[i]!;
        for (let n = 0; n < 45; n++) x += Math.sin(n + 1) * model.handsComponents[45 * n + i]!;
        return x;
      });
    const a = poseHand(hand, { betas, pose: poseOf(hand) });
    const b = poseHand(left, { betas, pose: poseOf(left) });
    b.vertices.forEach((x, i) => expect(x).toBeCloseTo(i % 3 === 0 ? -a.vertices[i]! : a.vertices[i]!, 9));
    b.joints.forEach((p, j) =>
      p.forEach((x, k) => expect(x).toBeCloseTo(k === 0 ? -a.joints[j]![k] : a.joints[j]![k]!, 9)),
    );
  });
});
