import { loadOpenHand } from './load-open-hand.js';

const hand = loadOpenHand('right');
const { vertexCount: V, jointCount: J } = hand;

/** Rest joints of the template, in float64. */
function restJoints(model = hand): number[][] {
  return Array.from({ length: J }, (_, j) =>
    [0, 1, 2].map((k) => {
      let sum = 0;
      for (let v = 0; v < V; v++) sum += model.jRegressor[j * V + v]! * model.vTemplate[3 * v + k]!;
      return sum;
    }),
  );
}

describe('loadOpenHand', () => {
  test('has the shapes of the MANO schema', () => {
    expect([V, J, hand.shapeCount, hand.faces.length / 3]).toEqual([1159, 16, 10, 2314]);
    expect(hand.vTemplate).toHaveLength(V * 3);
    expect(hand.shapeDirs).toHaveLength(V * 3 * 10);
    expect(hand.poseDirs).toHaveLength(V * 3 * 135);
    expect(hand.handsComponents).toHaveLength(45 * 45);
  });

  test('the wrist joint stands at the documented place', () => {
    const [wrist] = restJoints();
    [0.095, 0.006, 0.006].forEach((x, k) => expect(wrist![k]).toBeCloseTo(x, 6));
  });

  test('skinning weights of every vertex sum to 1 with at most four joints', () => {
    for (let v = 0; v < V; v++) {
      const row = Array.from(hand.lbsWeights.subarray(J * v, J * v + J));
      expect(Math.abs(row.reduce((s, w) => s + w, 0) - 1)).toBeLessThan(1e-6);
      expect(row.filter((w) => w > 0).length).toBeLessThanOrEqual(4);
      expect(Math.min(...row)).toBeGreaterThanOrEqual(0);
    }
  });

  test('gives the same object on every call', () => {
    expect(loadOpenHand('left')).toBe(loadOpenHand('left'));
  });
});
