/** Skinning weights: the rig's own, smoothed a little over the mesh, at most four a vertex, in steps of 1/65535. */
import { smoothField } from './mesh.mjs';

export const WEIGHT_STEPS = 65535;
const INFLUENCES = 4;

/** Keeps the four largest weights of each row and rounds them so that they sum to WEIGHT_STEPS exactly. */
export function quantiseWeights(weights) {
  const out = new Uint16Array(weights.length);
  for (let v = 0; v < weights.length / 16; v++) {
    const line = Array.from(weights.subarray(16 * v, 16 * v + 16));
    const kept = line
      .map((_, j) => j)
      .sort((a, b) => line[b] - line[a] || a - b)
      .slice(0, INFLUENCES)
      .filter((j) => line[j] > 0.004);
    const sum = kept.reduce((s, j) => s + line[j], 0);
    const steps = kept.map((j) => Math.round((WEIGHT_STEPS * line[j]) / sum));
    steps[0] += WEIGHT_STEPS - steps.reduce((s, x) => s + x, 0);
    kept.forEach((j, i) => (out[16 * v + j] = steps[i]));
  }
  return out;
}

export function smoothWeights(weights, adjacency, passes) {
  return smoothField(weights, 16, adjacency, 0.5, passes);
}

/** The weights as the runtime decodes them. */
export const decodeWeights = (steps) => Float64Array.from(steps, (s) => s / WEIGHT_STEPS);
