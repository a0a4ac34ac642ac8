import type { Rng } from '@opposable/tensor-checks';
import type { ManoConventionName } from '../conventions/presets.js';
import type { ManoModel, Side } from '../types.js';
import { referenceHand, rodrigues, rotationsOf } from './reference-hand.js';

/** Places in [16 raw joints, tips T I M R L] for each published order. */
const RAW = Array.from({ length: 21 }, (_, k) => k);
const OPENPOSE = [0, 13, 14, 15, 16, 1, 2, 3, 17, 4, 5, 6, 18, 10, 11, 12, 19, 7, 8, 9, 20];
const TIP_FIRST = [16, 15, 14, 13, 17, 3, 2, 1, 18, 6, 5, 4, 19, 12, 11, 10, 20, 9, 8, 7, 0];
const THREEDHAND = [0, 1, 2, 3, 17, 4, 5, 6, 18, 7, 8, 9, 20, 10, 11, 12, 19, 13, 14, 15, 16];

/** What a convention does, independently of the code. */
export interface ConventionFacts {
  readonly convention: ManoConventionName;
  readonly side: Side;
  /** Whether the mean pose is added. */
  readonly mean: boolean;
  /** Number of coefficients, 0 for axis-angle. */
  readonly coefficients: number;
  readonly tips: readonly number[];
  readonly order: readonly number[];
  readonly unit: number;
  /** Raw joint at the origin. */
  readonly center?: number;
  /** The rotation is about the origin after (π, 0, 0) about the wrist. */
  readonly aboutOrigin?: boolean;
  /** Shape directions of the left hand as distributed. */
  readonly unfixed?: boolean;
}

const MANOPTH_TIPS = [745, 317, 444, 556, 673];
const LEFT_TIPS = [745, 317, 445, 556, 673];
// What the libraries and datasets do, from their public documentation, written out once more.
export const CONVENTION_FACTS: readonly ConventionFacts[] = [
  {
    convention: 'manopth',
    side: 'right',
    mean: false,
    coefficients: 6,
    tips: MANOPTH_TIPS,
    order: OPENPOSE,
    unit: 1e3,
  },
  {
    convention: 'smplx',
    side: 'right',
    mean: true,
    coefficients: 6,
    tips: [744, 320, 443, 554, 671],
    order: RAW,
    unit: 1,
  },
  {
    convention: 'freihand',
    side: 'right',
    mean: true,
    coefficients: 0,
    tips: [744, 320, 443, 555, 672],
    order: OPENPOSE,
    unit: 1,
    center: 4,
  },
  {
    convention: 'ho3d',
    side: 'right',
    mean: false,
    coefficients: 0,
    tips: [744, 333, 444, 555, 672],
    order: RAW,
    unit: 1,
  },
  { convention: 'dexycb', side: 'right', mean: true, coefficients: 45, tips: MANOPTH_TIPS, order: OPENPOSE, unit: 1 },
  {
    convention: 'dexycb',
    side: 'left',
    mean: true,
    coefficients: 45,
    tips: LEFT_TIPS,
    order: OPENPOSE,
    unit: 1,
    unfixed: true,
  },
  { convention: 'interhand', side: 'left', mean: true, coefficients: 0, tips: LEFT_TIPS, order: TIP_FIRST, unit: 1e3 },
  {
    convention: '3dhand',
    side: 'right',
    mean: true,
    coefficients: 6,
    tips: [745, 333, 444, 555, 672],
    order: THREEDHAND,
    unit: 1,
    aboutOrigin: true,
  },
];

export interface HandParameterSet {
  betas: number[];
  handPose: number[];
  globalOrient: number[];
  transl: number[];
}
/** The zero pose, half turns about each axis, a half turn of every joint, then random sets. */
export function parameterSet(index: number, { coefficients }: ConventionFacts, rng: Rng): HandParameterSet {
  const numbers = (count: number, draw: () => number) => Array.from({ length: count }, draw);
  const poseCount = coefficients === 0 ? 45 : coefficients;
  const set: HandParameterSet = {
    betas: numbers(10, () => rng.normal(0, 1.5)),
    handPose: numbers(poseCount, () => (coefficients === 0 ? rng.normal(0, 0.7) : rng.uniform(-2, 2))),
    globalOrient: numbers(3, () => rng.normal(0, 1.5)),
    transl: numbers(3, () => rng.uniform(-0.5, 0.5)),
  };
  if (index === 0)
    return {
      betas: numbers(10, () => 0),
      handPose: numbers(poseCount, () => 0),
      globalOrient: [0, 0, 0],
      transl: [0, 0, 0],
    };
  if (index <= 3) set.globalOrient = [0, 1, 2].map((i) => (i === index - 1 ? Math.PI : 0));
  if (index === 4) set.globalOrient = [0.6 * Math.PI, 0, 0.8 * Math.PI];
  if (index === 5 && coefficients === 0)
    set.handPose = set.handPose.map((_, k) => (k % 3 === Math.floor(k / 3) % 3 ? Math.PI : 0));
  return set;
}

/** The convention's hand by plain float64 loops: [V, 3] vertices, [16, 3] joints, [21, 3] keypoints, in its unit. */
export function expectedHand(
  model: ManoModel,
  facts: ConventionFacts,
  { betas, handPose, globalOrient, transl }: HandParameterSet,
) {
  const pose = Array.from({ length: 45 }, (_, k) => {
    let value = facts.mean ? model.handsMean[k]! : 0;
    if (facts.coefficients === 0) return value + handPose[k]!;
    for (let n = 0; n < facts.coefficients; n++) value += handPose[n]! * model.handsComponents[n * 45 + k]!;
    return value;
  });
  const rotations = rotationsOf([...(facts.aboutOrigin ? [Math.PI, 0, 0] : globalOrient), ...pose]);
  const hand = referenceHand(model, betas, rotations);
  const world = facts.aboutOrigin ? rodrigues(globalOrient) : [1, 0, 0, 0, 1, 0, 0, 0, 1];
  const turned = (points: number[][]) =>
    facts.aboutOrigin
      ? points.map((point) =>
          [0, 1, 2].map(
            (i) => world[i * 3]! * point[0]! + world[i * 3 + 1]! * point[1]! + world[i * 3 + 2]! * point[2]!,
          ),
        )
      : points;
  const joints = turned(hand.joints);
  const vertices = turned(hand.vertices);
  const center = facts.center === undefined ? [0, 0, 0] : joints[facts.center]!;
  const place = (points: number[][]) =>
    points.flatMap((point) => point.map((value, i) => facts.unit * (value - center[i]! + transl[i]!)));
  const raw = [...joints, ...facts.tips.map((tip) => vertices[tip]!)];
  return {
    vertices: place(vertices),
    joints: place(joints),
    keypoints: place(facts.order.map((source) => raw[source]!)),
  };
}
