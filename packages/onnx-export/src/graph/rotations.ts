import type { GraphBuilder } from './graph-builder.js';

/** Smallest angle that is divided by, rad: far below what float32 tells from 0 beside 1, far above its smallest number. */
const FLOOR = 1e-12;

/** Length over the last axis, kept with size 1 and never 0. */
export function safeLength(graph: GraphBuilder, vector: string, axis: number): string {
  const square = graph.sum(graph.mul(vector, vector), axis, true);
  return graph.apply('Max', [graph.apply('Sqrt', [square]), graph.scalar(FLOOR)]);
}

/**
 * Rodrigues: [N, J, 3] axis-angle → [N, J, 3, 3],
 * R = I + sin θ/θ · K + ½·(sin(θ/2)/(θ/2))² · K², K the cross-product matrix of the vector.
 */
export function axisAngleToMatrix(graph: GraphBuilder, vector: string, joints: number): string {
  const angle = safeLength(graph, vector, 2); // [N, J, 1]
  const half = graph.mul(angle, graph.scalar(0.5));
  const first = graph.div(graph.apply('Sin', [angle]), angle);
  const ratio = graph.div(graph.apply('Sin', [half]), half);
  const second = graph.mul(graph.mul(ratio, ratio), graph.scalar(0.5));
  // rows x, y, z of the linear map from a vector to its nine cross-product entries
  // prettier-ignore
  const cross = graph.constant([
    0, 0, 0, 0, 0, -1, 0, 1, 0,
    0, 0, 1, 0, 0, 0, -1, 0, 0,
    0, -1, 0, 1, 0, 0, 0, 0, 0,
  ], [3, 9], 'cross-product');
  const square = [0, joints, 3, 3];
  const k = graph.reshape(graph.matMul(vector, cross), square);
  const factor = (value: string): string => graph.reshape(value, [0, joints, 1, 1]);
  const identity = graph.constant([1, 0, 0, 0, 1, 0, 0, 0, 1], [1, 1, 3, 3], 'identity');
  const linear = graph.mul(factor(first), k);
  const quadratic = graph.mul(factor(second), graph.matMul(k, k));
  return graph.add(graph.add(identity, linear), quadratic);
}

/**
 * [N, 1] angle about z and [N, 3] axis-angle → [N, 3]: the axis-angle of R_z(angle) · R(vector), of a length in [0, π].
 *
 * As quaternions: (cos a/2, 0, 0, sin a/2) ⊗ (w, x, y, z).
 */
export function turnAboutZ(graph: GraphBuilder, angle: string, vector: string): string {
  const half = graph.scalar(0.5);
  const length = safeLength(graph, vector, 1);
  const halfLength = graph.mul(length, half);
  const w = graph.apply('Cos', [halfLength]);
  const xyz = graph.mul(vector, graph.div(graph.apply('Sin', [halfLength]), length));
  const [x, y, z] = [0, 1, 2].map((i) => graph.slice(xyz, i, 1)) as [string, string, string];
  const halfAngle = graph.mul(angle, half);
  const [cos, sin] = [graph.apply('Cos', [halfAngle]), graph.apply('Sin', [halfAngle])];
  const real = graph.sub(graph.mul(cos, w), graph.mul(sin, z));
  const imaginary = graph.concat(
    [
      graph.sub(graph.mul(cos, x), graph.mul(sin, y)),
      graph.add(graph.mul(cos, y), graph.mul(sin, x)),
      graph.add(graph.mul(cos, z), graph.mul(sin, w)),
    ],
    1,
  );
  // q and −q are the same rotation; with w ≥ 0 its angle is at most π
  const negative = graph.apply('Less', [real, graph.scalar(0)]);
  const sign = graph.apply('Where', [negative, graph.scalar(-1), graph.scalar(1)]);
  const size = safeLength(graph, imaginary, 1);
  const arc = graph.apply('Atan', [graph.div(size, graph.mul(real, sign))]);
  return graph.mul(imaginary, graph.mul(sign, graph.div(graph.mul(arc, graph.scalar(2)), size)));
}
