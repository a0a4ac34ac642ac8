import type { ParametricModel } from '@opposable/skinning/host';

/** Weights as glTF holds them: sets of four per vertex. */
export interface SkinInfluences {
  /** 1 or 2 sets of four. */
  readonly setCount: number;
  /** Per set [V, 4] joint indices, 0 where the weight is 0. */
  readonly joints: readonly (Uint8Array | Uint16Array)[];
  /** Per set [V, 4], float32, which sum to 1 over all sets. */
  readonly weights: readonly Float32Array[];
}

/**
 * The skinning weights of a model in sets of four per vertex, largest first.
 *
 * @param model any parametric model
 * @param most at most this many joints per vertex, 4 or 8; of more the largest are kept and scaled to sum to 1. Default: 4
 *   where no vertex has more than four, else 8
 */
export function skinInfluences(model: ParametricModel, most?: 4 | 8): SkinInfluences {
  const { vertexCount, jointCount, lbsWeights } = model;
  const perVertex = Array.from({ length: vertexCount }, (_, v) =>
    Array.from(lbsWeights.subarray(v * jointCount, (v + 1) * jointCount), (weight, joint) => ({ joint, weight }))
      .filter(({ weight }) => Math.fround(weight) > 0)
      .sort((a, b) => b.weight - a.weight || a.joint - b.joint),
  );
  const widest = perVertex.reduce((most, influences) => Math.max(most, influences.length), 0);
  const setCount = (most ?? (widest > 4 ? 8 : 4)) / 4;
  const sets = Array.from({ length: setCount }, () => ({
    joints: jointCount > 256 ? new Uint16Array(vertexCount * 4) : new Uint8Array(vertexCount * 4),
    weights: new Float32Array(vertexCount * 4),
  }));
  perVertex.forEach((influences, v) => {
    const kept = influences.slice(0, 4 * setCount);
    const total = kept.reduce((sum, { weight }) => sum + weight, 0);
    let rest = 1;
    kept.forEach(({ joint, weight }, n) => {
      const { joints, weights } = sets[Math.floor(n / 4)]!;
      joints[v * 4 + (n % 4)] = joint;
      weights[v * 4 + (n % 4)] = weight / total;
      if (n > 0) rest -= weights[v * 4 + (n % 4)]!;
    });
    // the largest takes up the rounding, so that the float32 numbers sum to 1
    sets[0]!.weights[v * 4] = rest;
  });
  return { setCount, joints: sets.map(({ joints }) => joints), weights: sets.map(({ weights }) => weights) };
}
