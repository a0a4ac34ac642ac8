/**
 * Pose correctives: what linear blend skinning loses where joints bend, as a linear function of R_j − I.
 *
 * The target of each generated pose is dual quaternion skinning (Kavan et al. 2008), which keeps the distance to the axis
 * of a bending joint where the linear blend pulls flesh towards it. The difference, taken back through the blended
 * transform to the rest pose, is fitted per vertex by ridge regression on the nine numbers of every joint that the vertex
 * straddles (weights both above and below the joint): no others may move it.
 *
 * What is then still missing of the volume (the axes of the knuckles lie nearer to the back than to the palm, so bending
 * swallows palm) is given back in part as a bulge around the joint, mostly on the palm's side: again a linear function of
 * R_j − I, fitted to the volume of the hand with that joint alone bent.
 */
import { apply3, dot, identity3, inverse3, rodrigues, row, solvePositiveDefinite, sub } from './vectors.mjs';
import { vertexAreas, vertexNormals, volume } from './mesh.mjs';
import { blendTransform, jointTransforms, skin } from './skin.mjs';
import { PARENTS } from './read-rig.mjs';

const POSES = 1500;
const STRADDLE = 0.015;
const RIDGE = 2e-3;
/** Share of the missing volume that the bulge gives back; all of it would make swollen hands. */
const BULGE = 0.6;
const BULGE_SAMPLES = 60;

/** Unit quaternion (w, x, y, z) of a rotation matrix. */
function quaternionOf(m) {
  const candidates = [
    [1 + m[0] + m[4] + m[8], m[7] - m[5], m[2] - m[6], m[3] - m[1]],
    [m[7] - m[5], 1 + m[0] - m[4] - m[8], m[1] + m[3], m[2] + m[6]],
    [m[2] - m[6], m[1] + m[3], 1 - m[0] + m[4] - m[8], m[5] + m[7]],
    [m[3] - m[1], m[2] + m[6], m[5] + m[7], 1 - m[0] - m[4] + m[8]],
  ];
  const lengths = candidates.map((q) => Math.sqrt(q.reduce((s, x) => s + x * x, 0)));
  const best = lengths.indexOf(Math.max(...lengths));
  return candidates[best].map((x) => x / lengths[best]);
}

const hamilton = (a, b) => [
  a[0] * b[0] - a[1] * b[1] - a[2] * b[2] - a[3] * b[3],
  a[0] * b[1] + a[1] * b[0] + a[2] * b[3] - a[3] * b[2],
  a[0] * b[2] - a[1] * b[3] + a[2] * b[0] + a[3] * b[1],
  a[0] * b[3] + a[1] * b[2] - a[2] * b[1] + a[3] * b[0],
];

/** Vertices under dual quaternion skinning. */
function dualQuaternionVertex(point, duals, weights, v) {
  let pivot = null;
  const real = [0, 0, 0, 0];
  const dual = [0, 0, 0, 0];
  for (let j = 0; j < 16; j++) {
    const w = weights[16 * v + j];
    if (w === 0) continue;
    const [r, d] = duals[j];
    pivot ??= r;
    const sign = r[0] * pivot[0] + r[1] * pivot[1] + r[2] * pivot[2] + r[3] * pivot[3] < 0 ? -w : w;
    for (let i = 0; i < 4; i++) {
      real[i] += sign * r[i];
      dual[i] += sign * d[i];
    }
  }
  const length = Math.sqrt(real.reduce((s, x) => s + x * x, 0));
  const [r, d] = [real.map((x) => x / length), dual.map((x) => x / length)];
  const inverse = [r[0], -r[1], -r[2], -r[3]];
  const turned = hamilton(hamilton(r, [0, ...point]), inverse);
  const shift = hamilton(d, inverse);
  return [1, 2, 3].map((i) => turned[i] + 2 * shift[i]);
}

const isBelow = (j, k) => {
  for (let p = k; p > 0; p = PARENTS[p]) if (p === j) return true;
  return false;
};

/** Share of a vertex that turns with joint j: its weights on j and all below it. */
export function shareBelow(weights, v, j) {
  let inside = 0;
  for (let k = 1; k < 16; k++) if (isBelow(j, k)) inside += weights[16 * v + k];
  return inside;
}

/** For each vertex the joints 1–15 that it straddles. */
function straddledJoints(weights, vertexCount) {
  return Array.from({ length: vertexCount }, (_, v) =>
    Array.from({ length: 15 }, (_, i) => i + 1).filter((j) => {
      const inside = shareBelow(weights, v, j);
      return inside > STRADDLE && inside < 1 - STRADDLE;
    }),
  );
}

/** vec(R − I). */
const featureOf = (rotation) => rotation.map((x, e) => x - (e % 4 === 0 ? 1 : 0));

/** Volume of the hand with joint j alone turned, its corrective applied. */
function volumeWith(hand, corrective, j, rotation) {
  const shaped = Float64Array.from(hand.vertices);
  const feature = featureOf(rotation);
  corrective.vertices.forEach((v, i) => {
    for (let k = 0; k < 3; k++)
      for (let e = 0; e < 9; e++) shaped[3 * v + k] += corrective.values[(3 * i + k) * 9 + e] * feature[e];
  });
  const rotations = Array.from({ length: 16 }, (_, k) => (k === j ? rotation : identity3()));
  return volume(skin(shaped, hand.weights, jointTransforms(hand.joints, rotations)), hand.faces);
}

/** Adds the bulge to each corrective. */
function addBulges(correctives, hand) {
  const surface = vertexNormals(hand.vertices, hand.faces);
  const areas = vertexAreas(hand.vertices, hand.faces);
  const whole = volume(hand.vertices, hand.faces);
  correctives.forEach((corrective, i) => {
    const j = i + 1;
    const gram = new Float64Array(81);
    const right = new Float64Array(9);
    for (let s = 0; s < BULGE_SAMPLES; s++) {
      const rotation = rodrigues(row(hand.poses[s], i));
      const feature = featureOf(rotation);
      const missing = whole - volumeWith(hand, corrective, j, rotation);
      for (let a = 0; a < 9; a++) {
        right[a] += (feature[a] * missing) / BULGE_SAMPLES;
        for (let b = 0; b < 9; b++) gram[9 * a + b] += (feature[a] * feature[b]) / BULGE_SAMPLES;
      }
    }
    for (let a = 0; a < 9; a++) gram[10 * a] += RIDGE;
    const perFeature = solvePositiveDefinite(gram, right, 9, 1);
    const amounts = corrective.vertices.map((v) => {
      const t = shareBelow(hand.weights, v, j);
      const back = dot(row(surface, v), hand.normals[i]);
      return (4 * t * (1 - t)) ** 2 * (1 - 0.75 * Math.max(0, Math.min(1, 0.5 + back)));
    });
    const area = corrective.vertices.reduce((sum, v, n) => sum + amounts[n] * areas[v], 0);
    corrective.vertices.forEach((v, n) => {
      for (let k = 0; k < 3; k++)
        for (let e = 0; e < 9; e++)
          corrective.values[(3 * n + k) * 9 + e] += (BULGE * perFeature[e] * amounts[n] * surface[3 * v + k]) / area;
    });
  });
}

/** Per joint 1–15: the vertices it corrects and [vertices, 3, 9] displacements per unit of R − I. */
export function poseCorrectives(hand) {
  const { vertices, joints, weights, poses } = hand;
  const vertexCount = vertices.length / 3;
  const straddled = straddledJoints(weights, vertexCount);
  const count = Math.min(POSES, poses.length);
  const gram = new Float64Array(135 * 135);
  const right = new Float64Array(vertexCount * 3 * 135);
  for (const pose of poses.slice(0, count)) {
    const rotations = [rodrigues([0, 0, 0])];
    const feature = new Float64Array(135);
    for (let j = 0; j < 15; j++) {
      rotations.push(rodrigues(row(pose, j)));
      feature.set(featureOf(rotations[j + 1]), 9 * j);
    }
    for (let a = 0; a < 135; a++) for (let b = 0; b < 135; b++) gram[135 * a + b] += feature[a] * feature[b];
    const transforms = jointTransforms(joints, rotations);
    const duals = transforms.turns.map((turn, j) => {
      const q = quaternionOf(turn);
      return [q, hamilton([0, ...transforms.shifts[j]], q).map((x) => x / 2)];
    });
    for (let v = 0; v < vertexCount; v++) {
      if (straddled[v].length === 0) continue;
      const rest = row(vertices, v);
      const { matrix, shift } = blendTransform(transforms, weights, v);
      const target = dualQuaternionVertex(rest, duals, weights, v);
      const wanted = sub(apply3(inverse3(matrix), sub(target, shift)), rest);
      for (const j of straddled[v])
        for (let k = 0; k < 3; k++)
          for (let e = 9 * j - 9; e < 9 * j; e++) right[(3 * v + k) * 135 + e] += wanted[k] * feature[e];
    }
  }
  const out = Array.from({ length: 15 }, () => ({ vertices: [], values: [] }));
  for (let v = 0; v < vertexCount; v++) {
    const columns = straddled[v].flatMap((j) => Array.from({ length: 9 }, (_, e) => 9 * j - 9 + e));
    const n = columns.length;
    if (n === 0) continue;
    const g = new Float64Array(n * n);
    const b = new Float64Array(n * 3);
    columns.forEach((a, r) => {
      columns.forEach((c, s) => (g[r * n + s] = gram[135 * a + c] / count));
      g[r * n + r] += RIDGE;
      for (let k = 0; k < 3; k++) b[r * 3 + k] = right[(3 * v + k) * 135 + a] / count;
    });
    const x = solvePositiveDefinite(g, b, n, 3);
    straddled[v].forEach((j, i) => {
      out[j - 1].vertices.push(v);
      for (let k = 0; k < 3; k++) for (let e = 0; e < 9; e++) out[j - 1].values.push(x[(9 * i + e) * 3 + k]);
    });
  }
  addBulges(out, hand);
  return out;
}
