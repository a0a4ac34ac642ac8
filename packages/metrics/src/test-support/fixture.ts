import { readFileSync } from 'node:fs';

interface AlignedFixture {
  aligned: number[];
  perHand: number[];
  mean: number;
  maskedMean: number;
}

interface PointScoresFixture {
  meanErrorCm: number;
  auc: number;
}

interface MeshScoresFixture extends PointScoresFixture {
  fScore5mm: number;
  fScore15mm: number;
}

/** What fixtures/generate.py writes. */
export interface MetricsFixture {
  procrustes: {
    predicted: number[];
    target: number[];
    mask: number[];
    forbid: AlignedFixture;
    allow: AlignedFixture;
  };
  pointSets: {
    predicted: number[];
    target: number[];
    thresholds: number[];
    scores: number[];
    predictedToTarget: number[];
    targetToPredicted: number[];
  };
  curves: { errors: number[]; thresholds: number[]; pck: number[]; auc: number; aucFromIndex8: number };
  freihand: {
    joints: number[];
    verts: number[];
    predictedJoints: number[];
    predictedVerts: number[];
    rawJoints: PointScoresFixture;
    alignedJoints: PointScoresFixture;
    rawVerts: MeshScoresFixture;
    alignedVerts: MeshScoresFixture;
  };
  protocols: {
    predicted: number[];
    target: number[];
    targetPalm: number[];
    stb: Record<
      'wrist' | 'middle1' | 'bone',
      { mean: number; median: number; pck: number[]; auc20to50: number; auc0to50: number }
    >;
    scaleTranslation: PointScoresFixture;
    flags: number[];
    pixels: { pck: number[]; auc0to30: number };
  };
}

export function readFixture(): MetricsFixture {
  return JSON.parse(
    readFileSync(new URL('../fixtures/metrics-fixture.json', import.meta.url), 'utf8'),
  ) as MetricsFixture;
}

/** The largest absolute difference of two arrays of equal length. */
export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Infinity;
  return Array.from(a).reduce((largest, value, i) => Math.max(largest, Math.abs(value - b[i]!)), 0);
}
