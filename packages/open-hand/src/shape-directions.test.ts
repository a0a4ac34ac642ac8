import type { FingerName } from '@opposable/mano-layer/conventions';
import { loadOpenHand } from './load-open-hand.js';
import { OPEN_HAND_SHAPE_DIRECTIONS } from './shape-directions.js';
import { cross, dot, length, poseHand, rowOf, subtract, volumeOf } from './test-support/pose-hand.js';

const hand = loadOpenHand('right');
const FIRST: Record<FingerName, number> = { index: 1, middle: 4, pinky: 7, ring: 10, thumb: 13 };

/** Lengths in millimetres of the hand with one coefficient at `amount`. */
function measure(direction: number, amount: number) {
  const betas = Array.from({ length: 10 }, (_, k) => (k === direction ? amount : 0));
  const { vertices, joints } = poseHand(hand, { betas });
  const tip = (finger: FingerName) => rowOf(vertices, hand.landmarks!.fingertips[finger]);
  const finger = (name: FingerName) => 1000 * length(subtract(tip(name), joints[FIRST[name]]!));
  /** Mean distance of the vertices that one joint alone moves from its bone. */
  const girth = (j: number) => {
    const axis = j % 3 === 0 ? subtract(joints[j]!, joints[j - 1]!) : subtract(joints[j + 1]!, joints[j]!);
    let sum = 0;
    let count = 0;
    for (let v = 0; v < hand.vertexCount; v++) {
      if (hand.lbsWeights[16 * v + j]! < 0.8) continue;
      const d = subtract(rowOf(vertices, v), joints[j]!);
      const along = (d[0] * axis[0] + d[1] * axis[1] + d[2] * axis[2]) / length(axis) ** 2;
      sum += length(
        subtract(
          d,
          axis.map((x) => along * x),
        ),
      );
      count++;
    }
    return (1000 * sum) / count;
  };
  return {
    hand: 1000 * length(subtract(tip('middle'), joints[0]!)),
    knuckles: 1000 * length(subtract(joints[1]!, joints[7]!)),
    index: finger('index'),
    middle: finger('middle'),
    ring: finger('ring'),
    pinky: finger('pinky'),
    thumb: finger('thumb'),
    middleGirth: girth(5),
    tipGirth: girth(6),
    litres: 1000 * volumeOf(vertices, hand.faces),
  };
}

type Measure = keyof ReturnType<typeof measure>;
const rest = measure(0, 0);
const change = (name: string, what: Measure) =>
  measure(
    OPEN_HAND_SHAPE_DIRECTIONS.findIndex((d) => d.name === name),
    1,
  )[what] - rest[what];

describe("the open hand's shape directions", () => {
  test('there is a name for each', () => {
    expect(OPEN_HAND_SHAPE_DIRECTIONS).toHaveLength(hand.shapeCount);
  });

  // prettier-ignore
  test.each<[string, Measure, number, number]>([
    ['size',            'hand',        8.0, 10.0],
    ['size',            'knuckles',    2.5,  3.5],
    ['breadth',         'knuckles',    1.8,  2.8],
    ['breadth',         'middleGirth', 0.15, 0.7],
    ['finger-length',   'middle',      3.5,  4.8],
    ['finger-length',   'index',       3.2,  4.5],
    ['palm-width',      'knuckles',    0.5,  1.5],
    ['finger-girth',    'middleGirth', 0.15, 0.7],
    ['thumb-size',      'thumb',       4.0,  5.6],
    ['taper',           'tipGirth',   -0.7, -0.1],
    ['index-over-ring', 'index',       1.2,  2.0],
    ['index-over-ring', 'ring',       -2.0, -1.2],
    ['little-finger',   'pinky',       3.2,  4.3],
  ])('a unit of %s changes %s by %d to %d mm', (name, what, low, high) => {
    expect(change(name, what)).toBeGreaterThan(low);
    expect(change(name, what)).toBeLessThan(high);
  });

  test('hand length over random people has the standard deviation of adults, 9 to 10 mm', () => {
    const perUnit = OPEN_HAND_SHAPE_DIRECTIONS.map((_, k) => measure(k, 1).hand - rest.hand);
    const deviation = Math.sqrt(perUnit.reduce((s, x) => s + x * x, 0));
    expect(deviation).toBeGreaterThan(9);
    expect(deviation).toBeLessThan(10);
  });

  test('directions are uncorrelated over the vertices: no two have a cosine above 0.01', () => {
    const S = hand.shapeCount;
    const inner = (a: number, b: number) => {
      let sum = 0;
      for (let i = 0; i < 3 * hand.vertexCount; i++) sum += hand.shapeDirs[i * S + a]! * hand.shapeDirs[i * S + b]!;
      return sum;
    };
    for (let a = 0; a < S; a++)
      for (let b = 0; b < a; b++)
        expect(Math.abs(inner(a, b)) / Math.sqrt(inner(a, a) * inner(b, b))).toBeLessThan(0.01);
  });

  test('no triangle turns over or collapses at three standard deviations either way', () => {
    const { faces } = hand;
    const normals = (vertices: ArrayLike<number>) =>
      Array.from({ length: faces.length / 3 }, (_, f) => {
        const [a, b, c] = [0, 1, 2].map((k) => rowOf(vertices, faces[3 * f + k]!));
        return cross(subtract(b!, a!), subtract(c!, a!));
      });
    const before = normals(hand.vTemplate);
    for (let k = 0; k < hand.shapeCount; k++)
      for (const amount of [-3, 3]) {
        const betas = Array.from({ length: 10 }, (_, i) => (i === k ? amount : 0));
        const after = normals(poseHand(hand, { betas }).vertices);
        const shrunk = after.map((n, f) => dot(n, before[f]!) / dot(before[f]!, before[f]!));
        expect(Math.min(...shrunk)).toBeGreaterThan(0.2);
      }
  });

  test('joints move with the flesh: each stays at the same place between the vertices around it', () => {
    // The size direction is an exact enlargement about the wrist joint, so its joints are known.
    const grown = poseHand(hand, { betas: [1] }).joints;
    const { joints } = poseHand(hand, {});
    grown.forEach((joint, j) =>
      joint.forEach((x, k) => expect(x).toBeCloseTo(joints[0]![k]! + 1.048 * (joints[j]![k]! - joints[0]![k]!), 5)),
    );
  });
});
