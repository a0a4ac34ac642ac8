import { createRng } from '@opposable/tensor-checks';

/** MANO's numbers: what the speeds depend on. Dense correctives, four weights a vertex. */
const V = 778;
const PARENTS = [-1, 0, 1, 2, 0, 4, 5, 0, 7, 8, 0, 10, 11, 0, 13, 14];
const J = PARENTS.length;
const S = 10;
function manoSizedModel(rng) {
  const fill = (length, draw) => new Float32Array(length).map(draw);
  const rows = (count, length, used) => {
    const out = new Float32Array(count * length);
    for (let r = 0; r < count; r++) {
      for (const place of rng.permutation(length).slice(0, used)) out[r * length + place] = 1 / used;
    }
    return out;
  };
  return {
    vertexCount: V,
    jointCount: J,
    shapeCount: S,
    vTemplate: fill(V * 3, () => rng.uniform(-0.1, 0.1)),
    shapeDirs: fill(V * 3 * S, () => rng.normal(0, 0.002)),
    poseDirs: fill(V * 3 * 9 * (J - 1), () => rng.normal(0, 0.0005)),
    jRegressor: rows(J, V, 6),
    lbsWeights: rows(V, J, 4),
    parents: Int32Array.from(PARENTS),
    faces: new Uint32Array(0),
  };
}

/** Random numbers of a hand's size in MANO's shapes: model, pose basis and 21 keypoints. */
export function manoSizedHand(coefficients) {
  const rng = createRng(1);
  const model = manoSizedModel(rng);
  const poseBasis = {
    components: new Float32Array(coefficients * 3 * (J - 1)).map(() => rng.normal(0, 0.15)),
    mean: new Float32Array(3 * (J - 1)).map(() => rng.normal(0, 0.3)),
  };
  const points = Array.from({ length: 21 }, (_, n) => [
    n < J ? { joint: n, weight: 1 } : { vertex: 30 * n, weight: 1 },
  ]);
  return { model, poseBasis, points };
}
