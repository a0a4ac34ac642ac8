/**
 * Joint regressor: for each joint a convex combination of nearby vertices that gives the joint exactly in the flat pose,
 * closely in the rig's own pose, and follows the joint closely under each shape direction.
 *
 * min Σ_r (a_r·w − b_r)²/s_r + Σ_i ρ_i w_i², w ≥ 0, ρ growing with the distance; s tiny for the exact demands. Solved by
 * Lawson and Hanson's active sets, then moved onto the exact demands by the smallest step.
 *
 * Tried: dropping negative entries and solving again (no way back) left 2–5 vertices a joint and failed at the wrist.
 * Tried: both poses exact. On either side of a bending joint the mean would have to lie on the joint's axis, which no
 * convex combination does; it took entries of ±12.
 */
import { norm, row, sub, solvePositiveDefinite } from './vectors.mjs';

const COUNT = 16;
/** The same for an exact demand, before the last step meets it fully. */
const EXACT = 1e-4;
/** Millimetres² of error on a shape demand that weigh as much as Σ ρ w² = 1. */
const SHAPE_SLACK = 0.02;
/** The same for a demand of the rig's own pose. */
const POSE_SLACK = 0.5;

function nonNegativeLeastSquares(gram, right, n) {
  const w = new Float64Array(n);
  const passive = [];
  const refused = new Set(); // entries that only rounding made look useful
  const solvePassive = () => {
    const m = passive.length;
    const g = new Float64Array(m * m);
    for (let a = 0; a < m; a++) for (let b = 0; b < m; b++) g[a * m + b] = gram[passive[a] * n + passive[b]];
    return solvePositiveDefinite(
      g,
      Float64Array.from(passive, (i) => right[i]),
      m,
      1,
    );
  };
  for (let round = 0; round < 4 * n; round++) {
    let best = -1;
    let steepest = 1e-7;
    for (let i = 0; i < n; i++) {
      if (passive.includes(i) || refused.has(i)) continue;
      let slope = right[i];
      for (const k of passive) slope -= gram[i * n + k] * w[k];
      if (slope > steepest) [best, steepest] = [i, slope];
    }
    if (best < 0) break;
    passive.push(best);
    for (;;) {
      const z = solvePassive();
      let step = 1;
      let blocked = -1;
      passive.forEach((i, k) => {
        if (z[k] > 0) return;
        const t = w[i] / (w[i] - z[k]);
        if (t < step) [step, blocked] = [t, k];
      });
      passive.forEach((i, k) => (w[i] += step * (z[k] - w[i])));
      if (blocked < 0) break;
      w[passive[blocked]] = 0;
      if (passive[blocked] === best && step === 0) refused.add(best);
      passive.splice(blocked, 1);
    }
  }
  return w;
}

/** Smallest change of the positive entries that meets the exact demands. */
function moveOntoDemands(w, rows, targets) {
  const used = Array.from(w.keys()).filter((i) => w[i] > 0);
  const n = rows.length;
  const gram = new Float64Array(n * n);
  const miss = targets.map((b, r) => b - used.reduce((s, i) => s + rows[r][i] * w[i], 0));
  for (let r = 0; r < n; r++)
    for (let c = 0; c < n; c++) {
      gram[r * n + c] = used.reduce((s, i) => s + rows[r][i] * rows[c][i] * w[i], r === c ? 1e-9 : 0);
    }
  const lambda = solvePositiveDefinite(gram, Float64Array.from(miss), n, 1);
  for (const i of used) w[i] += w[i] * rows.reduce((s, line, r) => s + line[i] * lambda[r], 0);
}

/** `flat`, `bind`: { vertices, joints }; `fields`: the same as displacements per shape direction. */
export function jointRegressor({ flat, bind, fields }) {
  const vertexCount = flat.vertices.length / 3;
  const out = new Float64Array(COUNT * vertexCount);
  for (let j = 0; j < COUNT; j++) {
    const centre = row(flat.joints, j);
    const radius = j === 0 ? 0.045 : 0.026;
    const candidates = [];
    const cost = [];
    for (let v = 0; v < vertexCount; v++) {
      const d = norm(sub(row(flat.vertices, v), centre));
      if (d >= radius) continue;
      candidates.push(v);
      cost.push(1 / (1 - (d / radius) ** 2) ** 2);
    }
    const exact = { rows: [candidates.map(() => 1)], targets: [1] };
    const posed = { rows: [], targets: [] };
    const shaped = { rows: [], targets: [] };
    const demand = (list, { vertices, joints }, origin = [0, 0, 0]) => {
      for (let k = 0; k < 3; k++) {
        list.rows.push(candidates.map((v) => 1000 * (vertices[3 * v + k] - origin[k])));
        list.targets.push(1000 * (joints[3 * j + k] - origin[k]));
      }
    };
    demand(exact, flat, centre);
    demand(posed, bind, row(bind.joints, j));
    for (const field of fields) demand(shaped, field);
    const n = candidates.length;
    const gram = new Float64Array(n * n);
    const right = new Float64Array(n);
    for (const [{ rows, targets }, slack] of [
      [exact, EXACT],
      [posed, POSE_SLACK],
      [shaped, SHAPE_SLACK],
    ])
      // prettier-ignore
      rows.forEach((line, r) => {
        for (let a = 0; a < n; a++) {
          right[a] += (line[a] * targets[r]) / slack;
          for (let b = 0; b < n; b++) gram[a * n + b] += (line[a] * line[b]) / slack;
        }
      });
    for (let a = 0; a < n; a++) gram[a * n + a] += cost[a];
    const w = nonNegativeLeastSquares(gram, right, n);
    moveOntoDemands(w, exact.rows, exact.targets);
    candidates.forEach((v, i) => (out[j * vertexCount + v] = w[i]));
  }
  return out;
}
