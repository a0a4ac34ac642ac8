import { validateManoModel } from '@opposable/mano-layer/conventions';
import { loadOpenHand } from './load-open-hand.js';
import { OPEN_HAND_BASE64 } from './open-hand-data.generated.js';
import { cross, dot, length, poseHand, rowOf, subtract, volumeOf } from './test-support/pose-hand.js';

const hand = loadOpenHand('right');
const { vertexCount: V, jointCount: J } = hand;
const { joints } = poseHand(hand, {});
const tips = (['index', 'middle', 'pinky', 'ring', 'thumb'] as const).map((f) => hand.landmarks!.fingertips[f]);

describe('loadOpenHand', () => {
  test('has the shapes of the MANO schema', () => {
    expect([V, J, hand.shapeCount, hand.faces.length / 3]).toEqual([1159, 16, 10, 2314]);
    expect(hand.vTemplate).toHaveLength(V * 3);
    expect(hand.shapeDirs).toHaveLength(V * 3 * 10);
    expect(hand.poseDirs).toHaveLength(V * 3 * 135);
    expect(hand.handsComponents).toHaveLength(45 * 45);
    expect([hand.topology, hand.side]).toEqual(['open-hand', 'right']);
  });

  test.each(['right', 'left'] as const)('the %s hand passes the checks that model files must pass', (side) => {
    expect(() => validateManoModel(loadOpenHand(side))).not.toThrow();
  });

  test('gives the same object on every call', () => {
    expect(loadOpenHand('left')).toBe(loadOpenHand('left'));
  });

  test('the asset stays below 600 kB of text', () => {
    expect(OPEN_HAND_BASE64.length).toBeLessThan(600_000);
  });

  test('skinning weights of every vertex sum to 1 with at most four joints', () => {
    const rows = Array.from({ length: V }, (_, v) => Array.from(hand.lbsWeights.subarray(J * v, J * v + J)));
    expect(Math.max(...rows.map((row) => Math.abs(row.reduce((s, w) => s + w, 0) - 1)))).toBeLessThan(1e-6);
    expect(Math.max(...rows.map((row) => row.filter((w) => w > 0).length))).toBe(4);
    expect(Math.min(...rows.flat())).toBe(0);
  });

  test('joints are convex combinations of vertices within 45 mm', () => {
    for (let j = 0; j < J; j++) {
      const row = Array.from(hand.jRegressor.subarray(j * V, j * V + V));
      const far = row.map((w, v) => (w === 0 ? 0 : length(subtract(rowOf(hand.vTemplate, v), joints[j]!))));
      expect(Math.min(...row)).toBe(0);
      expect(row.reduce((s, w) => s + w, 0)).toBeCloseTo(1, 6);
      expect(Math.max(...far)).toBeLessThan(0.045);
    }
  });

  test('the mesh is one closed surface and every edge is walked once each way', () => {
    const edges = new Set<string>();
    for (let f = 0; f < hand.faces.length; f += 3)
      for (let k = 0; k < 3; k++) {
        const edge = `${hand.faces[f + k]},${hand.faces[f + ((k + 1) % 3)]}`;
        edges.add(edge);
      }
    expect(edges.size).toBe(hand.faces.length); // none twice
    expect([...edges].filter((edge) => !edges.has(edge.split(',').reverse().join()))).toEqual([]);
    const reached = new Set([0]);
    const next = new Map<string, string[]>();
    for (const edge of edges) {
      const [a, b] = edge.split(',') as [string, string];
      next.set(a, [...(next.get(a) ?? []), b]);
    }
    for (const v of reached) for (const n of next.get(String(v)) ?? []) reached.add(Number(n));
    expect(reached.size).toBe(V);
    expect(V - edges.size / 2 + hand.faces.length / 3).toBe(2); // Euler: a sphere
  });

  test.each(['right', 'left'] as const)('triangles of the %s hand are counter-clockwise seen from outside', (side) => {
    const { vTemplate, faces } = loadOpenHand(side);
    expect(volumeOf(vTemplate, faces) * 1e6).toBeCloseTo(343, -1); // cm³
  });
});

describe("the open hand's frame", () => {
  test('the wrist joint stands at (0.095, 0.006, 0.006)', () => {
    [0.095, 0.006, 0.006].forEach((x, k) => expect(joints[0]![k]).toBeCloseTo(x, 6));
  });

  test('the knuckle of the middle finger is within 10 mm of the origin', () => {
    expect(length(joints[4]!)).toBeLessThan(0.01);
  });

  test('fingers point along −x, the thumb stands at +z, nails face +y: a right hand', () => {
    const fingers = subtract(rowOf(hand.vTemplate, tips[1]!), joints[4]!).map((x) => x / 0.1) as never;
    expect(fingers[0]).toBeLessThan(-0.9);
    const thumb = subtract(joints[13]!, joints[10]!);
    expect(thumb[2]).toBeGreaterThan(0.03);
    // In a right hand seen from the back with the fingers up, back × fingers points to the thumb.
    expect(dot(cross([0, 1, 0], fingers), thumb)).toBeGreaterThan(0);
    const palm = hand.landmarks!.palm.filter((v) => rowOf(hand.vTemplate, v)[1] < joints[4]![1]);
    expect(palm.length).toBeGreaterThan(0);
  });

  test('the flesh of the ball of the thumb lies below the plane of the knuckles: the palm faces −y', () => {
    const lowest = Array.from({ length: V }, (_, v) => rowOf(hand.vTemplate, v)).sort((a, b) => a[1] - b[1])[0]!;
    const nearest = [...joints.keys()].sort(
      (a, b) => length(subtract(lowest, joints[a]!)) - length(subtract(lowest, joints[b]!)),
    )[0]!;
    expect(nearest).toBeGreaterThanOrEqual(13);
  });

  test('all three joints and the tip of every finger lie on a line, level for the four fingers', () => {
    for (let f = 0; f < 5; f++) {
      const [a, b, c] = [3 * f + 1, 3 * f + 2, 3 * f + 3].map((j) => joints[j]!);
      const first = subtract(b!, a!);
      const second = subtract(c!, b!);
      expect(dot(first, second) / (length(first) * length(second))).toBeGreaterThan(1 - 1e-6);
      if (f < 4) expect(Math.abs(first[1])).toBeLessThan(1e-6);
      const tip = subtract(rowOf(hand.vTemplate, tips[f]!), c!);
      expect(dot(second, tip) / (length(second) * length(tip))).toBeGreaterThan(0.95);
    }
  });

  test('the hand is as long as hands are: 160 to 200 mm from the wrist joint to the tip of the middle finger', () => {
    const reach = length(subtract(rowOf(hand.vTemplate, tips[1]!), joints[0]!));
    expect(reach).toBeGreaterThan(0.16);
    expect(reach).toBeLessThan(0.2);
  });

  test('with the fixed root (π, 0, 0) and 545 px/m the hand fills a plausible part of a 256-pixel image', () => {
    const extent = [0, 2].map((k) => {
      const values = Array.from({ length: V }, (_, v) => hand.vTemplate[3 * v + k]!);
      return 545 * (Math.max(...values) - Math.min(...values));
    });
    for (const pixels of extent) expect(pixels).toBeGreaterThan(50);
    for (const pixels of extent) expect(pixels).toBeLessThan(150);
  });
});

describe("the open hand's landmarks and colours", () => {
  test('fingertips are the far ends of their fingers', () => {
    for (let f = 0; f < 5; f++) {
      const bone = subtract(joints[3 * f + 3]!, joints[3 * f + 2]!);
      const reach = (v: number) => dot(subtract(rowOf(hand.vTemplate, v), joints[3 * f + 3]!), bone);
      for (let v = 0; v < V; v++)
        if (hand.lbsWeights[v * J + 3 * f + 3]! > 0.9) expect(reach(v)).toBeLessThanOrEqual(reach(tips[f]!) + 1e-9);
    }
  });

  test('the palm vertices have their mean within 8 mm of halfway from the wrist to the middle and ring knuckles', () => {
    const { palm } = hand.landmarks!;
    const mean = [0, 1, 2].map((k) => palm.reduce((s, v) => s + hand.vTemplate[3 * v + k]!, 0) / palm.length);
    const middle = [0, 1, 2].map((k) => (joints[0]![k]! + (joints[4]![k]! + joints[10]![k]!) / 2) / 2);
    expect(length(subtract(mean, middle))).toBeLessThan(0.008);
  });

  test('colours are skin: redder than green, greener than blue, and nails are lighter than knuckles', () => {
    const colors = hand.vertexColors!;
    const all = Array.from({ length: V }, (_, v) => rowOf(colors, v));
    expect(all.every(([r, g, b]) => r > g && g > b)).toBe(true);
    const light = Array.from({ length: V }, (_, v) => rowOf(colors, v).reduce((s, x) => s + x, 0));
    expect(Math.max(...light) - Math.min(...light)).toBeGreaterThan(0.5);
  });
});
