import type { Rng } from '@opposable/tensor-checks';
import type { ManoModel, Side } from '../types.js';

/** MANO's tree, written out once more so that tests do not lean on the code they test. */
export const PARENTS = [-1, 0, 1, 2, 0, 4, 5, 0, 7, 8, 0, 10, 11, 0, 13, 14];

export interface SyntheticHandOptions {
  readonly rng: Rng;
  /** Default 60. */
  readonly vertexCount?: number;
  /** Default 2 · vertexCount − 4, a closed surface's number. */
  readonly faceCount?: number;
  /** Default 10. */
  readonly shapeCount?: number;
  /** Rows of the pose basis. Default 45. */
  readonly componentCount?: number;
  /** Default 'synthetic'. */
  readonly topology?: string;
  /** Default 'right'. */
  readonly side?: Side;
  /** Default true. */
  readonly landmarks?: boolean;
  /** Default Float32Array. */
  readonly arrayType?: typeof Float32Array | typeof Float64Array;
}

/** A random model in the MANO schema, of a hand's size: valid, and like nobody's hand. */
export function syntheticHand(options: SyntheticHandOptions): ManoModel {
  const { rng, vertexCount = 60, shapeCount = 10, componentCount = 45 } = options;
  const { topology = 'synthetic', side = 'right', landmarks = true, arrayType: Numbers = Float32Array } = options;
  const { faceCount = 2 * vertexCount - 4 } = options;
  const fill = (length: number, draw: () => number) => new Numbers(length).map(draw);
  const rows = (count: number, length: number, used: number) => {
    const out = new Numbers(count * length);
    for (let r = 0; r < count; r++) {
      const places = rng.permutation(length).slice(0, used);
      const shares = Array.from(places, () => rng.uniform(0.1, 1));
      const total = shares.reduce((sum, share) => sum + share, 0);
      places.forEach((place, i) => (out[r * length + place] = shares[i]! / total));
    }
    return out;
  };
  const ids = rng.permutation(vertexCount);
  return {
    topology,
    side,
    vertexCount,
    jointCount: 16,
    shapeCount,
    vTemplate: fill(vertexCount * 3, () => rng.uniform(-0.1, 0.1)),
    shapeDirs: fill(vertexCount * 3 * shapeCount, () => rng.normal(0, 0.002)),
    poseDirs: fill(vertexCount * 3 * 135, () => rng.normal(0, 0.0005)),
    jRegressor: rows(16, vertexCount, 6),
    lbsWeights: rows(vertexCount, 16, 4),
    parents: Int32Array.from(PARENTS),
    faces: Uint32Array.from({ length: 3 * faceCount }, (_, i) => (i + (i % 3) * Math.floor(i / 3)) % vertexCount),
    handsComponents: fill(componentCount * 45, () => rng.normal(0, 1 / Math.sqrt(45))),
    handsMean: fill(45, () => rng.uniform(-0.4, 0.4)),
    landmarks: landmarks
      ? {
          fingertips: { thumb: ids[0]!, index: ids[1]!, middle: ids[2]!, ring: ids[3]!, pinky: ids[4]! },
          palm: [ids[5]!, ids[6]!, ids[7]!],
        }
      : undefined,
    vertexColors: undefined,
  };
}

/** First joint of index, middle, pinky, ring, thumb: [x, z] in metres of a right hand held flat, and its bones' direction. */
const FINGERS = [
  { base: [0.005, 0.025], along: [-1, 0.1], bone: 0.03 },
  { base: [0, 0.003], along: [-1, 0], bone: 0.032 },
  { base: [0.02, -0.038], along: [-1, -0.25], bone: 0.022 },
  { base: [0.01, -0.018], along: [-1, -0.1], bone: 0.028 },
  { base: [0.07, 0.03], along: [-0.7, 0.7], bone: 0.03 },
] as const;

/** [16] joints of a flat right hand: fingers along −x, palm down (−y), thumb's side +z. */
const FLAT_JOINTS: readonly (readonly [number, number, number])[] = [
  [0.095, 0.006, 0.006],
  ...FINGERS.flatMap(({ base, along, bone }) =>
    [0, 1, 2].map((n) => [base[0] + n * bone * along[0], 0.004, base[1] + n * bone * along[1]] as const),
  ),
];

/** Points around the joints, 6 a joint that average to it, then others scattered about them. */
function pointsAroundJoints(rng: Rng, vertexCount: number): { vTemplate: Float64Array; jRegressor: Float64Array } {
  const vTemplate = new Float64Array(vertexCount * 3);
  const jRegressor = new Float64Array(16 * vertexCount);
  FLAT_JOINTS.forEach((joint, j) => {
    for (let pair = 0; pair < 3; pair++) {
      const away = [0, 1, 2].map(() => rng.uniform(-0.01, 0.01));
      for (const sign of [1, -1]) {
        const v = j * 6 + pair * 2 + (sign > 0 ? 0 : 1);
        for (let i = 0; i < 3; i++) vTemplate[v * 3 + i] = joint[i]! + sign * away[i]!;
        jRegressor[j * vertexCount + v] = 1 / 6;
      }
    }
  });
  for (let v = 96; v < vertexCount; v++) {
    const joint = rng.pick(FLAT_JOINTS);
    for (let i = 0; i < 3; i++) vTemplate[v * 3 + i] = joint[i]! + rng.normal(0, 0.008);
  }
  return { vTemplate, jRegressor };
}

/**
 * A synthetic hand with the number of vertices and faces of MANO's mesh and, like its files, without landmarks. Its joints
 * are those of a flat hand, its mean pose bends the fingers towards the palm, its first shape direction is growth; the left
 * hand is mirrored in all three.
 */
export function manoSizedHand(rng: Rng, side: Side = 'right'): ManoModel {
  const vertexCount = 778;
  const model = syntheticHand({ rng, vertexCount, faceCount: 1538, topology: 'mano', landmarks: false, side });
  const { vTemplate, jRegressor } = pointsAroundJoints(rng, vertexCount);
  const mirror = (axis: number) => (side === 'left' && axis === 0 ? -1 : 1);
  const placed = vTemplate.map((value, i) => mirror(i % 3) * value);
  const handsMean = model.handsMean.map((value, k) => 0.3 * value + (k % 3 === 2 ? (side === 'left' ? -0.5 : 0.5) : 0));
  return {
    ...model,
    vTemplate: Float32Array.from(placed),
    jRegressor: Float32Array.from(jRegressor),
    shapeDirs: model.shapeDirs.map((value, i) => value + (i % 10 === 0 ? 0.05 * placed[Math.floor(i / 10)]! : 0)),
    handsMean,
  };
}
