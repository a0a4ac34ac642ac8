import type { ManoModel } from '@opposable/mano-layer/conventions';
import { loadOpenHand, openHandSurface } from '@opposable/open-hand';
import { createRng, type Rng } from '@opposable/tensor-checks';
import { type DrawnHand, drawHand } from '../sampling/draw-hand.js';
import { SYNTHESIS_PRESETS } from '../settings/presets.js';
import { composeScene } from './compose-scene.js';
import { forearmOf, forearmSection, type Forearm } from './forearm.js';
import { ringOf, watchOf } from './jewellery.js';
import type { PartMesh } from './types.js';
import { wristOf } from './wrist-loop.js';

const right = loadOpenHand('right');
const left = loadOpenHand('left');
const SETTINGS = SYNTHESIS_PRESETS.realistic;
const ALWAYS = { ...SETTINGS.forearm, probability: 1, bendDegrees: 25, sleeveProbability: 1 };

type Vector = readonly [number, number, number];
const pointOf = (points: ArrayLike<number>, i: number): Vector => [
  points[3 * i]!,
  points[3 * i + 1]!,
  points[3 * i + 2]!,
];
const subtract = (a: Vector, b: Vector): Vector => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
const dot = (a: Vector, b: Vector): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const cross = (a: Vector, b: Vector): Vector => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];
const unit = (a: Vector): Vector => {
  const norm = Math.hypot(...a);
  return [a[0] / norm, a[1] / norm, a[2] / norm];
};
const meanOf = (points: ArrayLike<number>): Vector => {
  const sum: [number, number, number] = [0, 0, 0];
  for (let i = 0; i < points.length; i++) sum[(i % 3) as 0 | 1 | 2] += (3 * points[i]!) / points.length;
  return sum;
};

/** Out of the back of the palm: from its inner to its outer skin, both as they lie in the flat hand. */
function backOf({ vertices }: DrawnHand, { vTemplate, lbsWeights, vertexCount }: ManoModel): Vector {
  const sideOf = (isSide: (y: number) => boolean) => {
    const found: number[] = [];
    for (let v = 0; v < vertexCount; v++) {
      if (lbsWeights[16 * v]! > 0.6 && isSide(vTemplate[3 * v + 1]!)) found.push(...pointOf(vertices, v));
    }
    return meanOf(found);
  };
  return unit(
    subtract(
      sideOf((y) => y > 0.015),
      sideOf((y) => y < -0.005),
    ),
  );
}

const drawn = (rng: Rng, model: ManoModel): DrawnHand => drawHand(rng, model, SETTINGS);
const armOf = (rng: Rng, model: ManoModel, hand: DrawnHand): Forearm =>
  forearmOf(rng, model, hand, new Float64Array(hand.vertices.length).fill(0.5), ALWAYS)!;

const cases = Array.from({ length: 40 }, (_, i) => {
  const rng = createRng(`scene ${i}`);
  const model = i % 2 === 0 ? right : left;
  const hand = drawn(rng, model);
  return { rng, model, hand, arm: armOf(rng.split('arm'), model, hand) };
});

describe('wristOf', () => {
  it('finds the same loop, the same way round, where a mesh of another name is open at the wrist', () => {
    for (const model of [right, left]) {
      const known = wristOf(model)!;
      const open = { ...model, topology: 'mano', faces: known.openFaces } as unknown as ManoModel;
      const { loop } = wristOf(open)!;
      const start = loop.indexOf(known.loop[0]!);
      expect([...loop.slice(start), ...loop.slice(0, start)]).toEqual([...known.loop]);
      expect(wristOf({ ...open, faces: model.faces })).toBeUndefined();
    }
    expect([...wristOf(right)!.loop]).toEqual([...openHandSurface().wristLoop]);
  });
});

describe('a forearm', () => {
  it('goes on from the hand outwards, away from the fingers, with faces that look outwards', () => {
    for (const { hand, arm } of cases) {
      const { vertices, faces } = arm.skin;
      expect([...vertices.subarray(0, hand.vertices.length)]).toEqual([...hand.vertices]);
      const away = unit(subtract(pointOf(hand.joints, 0), pointOf(hand.joints, 4)));
      const end = subtract(meanOf(forearmSection(arm, Infinity)), meanOf(forearmSection(arm, 0)));
      expect(dot(unit(end), away)).toBeGreaterThan(0.2);
      expect(Math.hypot(...end)).toBeGreaterThan(0.9 * arm.distances.at(-1)!);
      // a closed mesh whose faces look outwards has a positive volume, more than the hand's alone
      let volume = 0;
      for (let f = 0; f < faces.length; f += 3) {
        const [a, b, c] = [0, 1, 2].map((k) => pointOf(vertices, faces[f + k]!)) as [Vector, Vector, Vector];
        volume += dot(a, cross(b, c)) / 6;
      }
      expect(volume).toBeGreaterThan(5e-4);
    }
  });

  it('stays inside its sleeve, however the wrist is bent and the cloth folded', () => {
    let compared = 0;
    for (const { arm } of cases) {
      if (arm.sleeve === undefined) continue;
      const loop = arm.ring(0).length;
      const { vertices } = arm.sleeve;
      const last = arm.distances.at(-1)!;
      // rings of the sleeve at the same distances as rings of the arm, counted from the far end of what both have
      const shared = arm.distances.filter((distance) => distance > 0 && distance < last - 0.004);
      for (const distance of shared) {
        const around = forearmSection(arm, distance);
        const centre = meanOf(around);
        const axis = unit(subtract(meanOf(forearmSection(arm, distance + 0.004)), centre));
        const rings = vertices.length / 3 / loop;
        for (let ring = 1; ring < rings; ring++) {
          const own = vertices.subarray(3 * ring * loop, 3 * (ring + 1) * loop);
          if (Math.abs(dot(subtract(meanOf(own), centre), axis)) > 0.001) continue;
          for (let k = 0; k < loop; k++) {
            const [inner, outer] = [pointOf(around, k), pointOf(own, k)].map((p) => Math.hypot(...subtract(p, centre)));
            expect(outer! - inner!).toBeGreaterThan(0);
            compared++;
          }
        }
      }
    }
    expect(compared).toBeGreaterThan(500);
  });
});

describe('jewellery', () => {
  it('has its watch on the back of the wrist, and its strap around a bent forearm', () => {
    const raised: number[] = [];
    for (const { rng, model, hand, arm } of cases) {
      const { vertices, faces } = watchOf(rng.split('watch'), model, hand, { ...SETTINGS.watch, arm });
      const strap = meanOf(vertices.subarray(0, 3 * 4 * 20));
      let nearest = Infinity;
      for (let step = 0; step < 40; step++) {
        nearest = Math.min(nearest, Math.hypot(...subtract(meanOf(forearmSection(arm, 0.001 * step)), strap)));
      }
      expect(nearest).toBeLessThan(0.001);
      expect(Math.max(...Array.from(faces))).toBe(vertices.length / 3 - 1);
      if (vertices.length === 3 * 4 * 20) continue; // a strap alone
      const watch = subtract(meanOf(vertices.subarray(3 * 4 * 20)), strap);
      raised.push(dot(unit(watch), backOf(hand, model)));
    }
    expect(raised.length).toBeGreaterThan(15);
    expect(Math.min(...raised)).toBeGreaterThan(0); // on a wrist that is bent far, the back of the forearm looks another way
    expect(raised.reduce((sum, value) => sum + value / raised.length, 0)).toBeGreaterThan(0.6);
  });

  it('has rings that go around the flesh of a finger, closely', () => {
    const gaps: number[] = [];
    for (const { rng, model, hand } of cases) {
      const { vertices } = ringOf(rng.split('ring'), model, hand, SETTINGS.ring);
      const segments = vertices.length / 12;
      const inner = vertices.subarray(0, 3 * segments);
      const centre = meanOf(inner);
      const axis = unit(subtract(meanOf(vertices.subarray(9 * segments)), centre));
      const distanceTo = (joint: number) => {
        const [from, to] = [pointOf(hand.joints, joint), pointOf(hand.joints, joint + 1)];
        return Math.hypot(...subtract(centre, [0, 1, 2].map((i) => (from[i]! + to[i]!) / 2) as unknown as Vector));
      };
      const joint = [1, 4, 7, 10].sort((a, b) => distanceTo(a) - distanceTo(b))[0]!;
      for (let v = 0; v < model.vertexCount; v++) {
        const away = subtract(pointOf(hand.vertices, v), centre);
        if (model.lbsWeights[16 * v + joint]! < 0.5 || Math.abs(dot(away, axis)) > 0.004) continue;
        const spokes = Array.from({ length: segments }, (_, k) => subtract(pointOf(inner, k), centre));
        const [spoke] = spokes.sort((a, b) => dot(unit(b), away) - dot(unit(a), away));
        gaps.push(Math.hypot(...spoke!) - dot(unit(spoke!), away));
      }
    }
    gaps.sort((a, b) => a - b);
    expect(gaps.length).toBeGreaterThan(200);
    // a finger is not quite an ellipse: here and there a ring lies in its flesh
    expect(gaps[0]).toBeGreaterThan(-0.004);
    expect(gaps[Math.floor(0.05 * gaps.length)]).toBeGreaterThan(-0.0015);
    expect(gaps.at(-1)).toBeLessThan(0.005);
  });
});

describe('another hand', () => {
  it('has a forearm, a skin with creases, and sometimes a sleeve', () => {
    const meshes: PartMesh[] = [];
    for (let i = 0; i < 12; i++) {
      const rng = createRng(`second ${i}`);
      const settings = { ...SETTINGS, secondHand: { ...SETTINGS.secondHand, probability: 1 }, forearm: ALWAYS };
      const scene = composeScene(rng, right, drawn(rng, right), settings);
      const [skin, ...others] = scene.meshes.filter(({ part }) => part === 'second-hand');
      expect(skin!.vertices.length).toBeGreaterThan(3 * right.vertexCount);
      expect(skin!.coordinates).toHaveLength(skin!.vertices.length);
      expect(skin!.surface).toBe(scene.meshes[0]!.surface);
      expect(others.length).toBeLessThan(2);
      meshes.push(skin!, ...others);
    }
    expect(meshes.length).toBeGreaterThan(12);
  });
});
