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

/** A synthetic hand with the number of vertices and faces of MANO's mesh and, like its files, without landmarks. */
export function manoSizedHand(rng: Rng, side: Side = 'right'): ManoModel {
  return syntheticHand({ rng, vertexCount: 778, faceCount: 1538, topology: 'mano', landmarks: false, side });
}
