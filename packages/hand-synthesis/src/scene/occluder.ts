import { axisAngleToMatrix } from '@opposable/geometry/host';
import type { Rng } from '@opposable/tensor-checks';
import type { DrawnHand } from '../sampling/draw-hand.js';
import type { OccluderSettings } from '../settings/types.js';
import { clothColor } from './cloth-color.js';
import type { PartMesh } from './types.js';

const COLUMNS = 12;
const ROWS = 7;

/** A superellipsoid: roundness 1 gives an ellipsoid, near 0 a box, mixed ones a cylinder. */
function superellipsoid(
  half: readonly [number, number, number],
  roundness: readonly [number, number],
): { vertices: Float64Array; faces: number[] } {
  const power = (value: number, exponent: number): number => Math.sign(value) * Math.abs(value) ** exponent;
  const vertices = new Float64Array((ROWS + 1) * COLUMNS * 3);
  for (let row = 0; row <= ROWS; row++) {
    const latitude = Math.PI * (row / ROWS - 0.5);
    const [ring, height] = [power(Math.cos(latitude), roundness[0]), power(Math.sin(latitude), roundness[0])];
    for (let column = 0; column < COLUMNS; column++) {
      const longitude = (2 * Math.PI * column) / COLUMNS;
      const to = 3 * (row * COLUMNS + column);
      vertices[to] = half[0] * ring * power(Math.cos(longitude), roundness[1]);
      vertices[to + 1] = half[1] * ring * power(Math.sin(longitude), roundness[1]);
      vertices[to + 2] = half[2] * height;
    }
  }
  const faces: number[] = [];
  for (let row = 0; row < ROWS; row++) {
    for (let column = 0; column < COLUMNS; column++) {
      const next = (column + 1) % COLUMNS;
      const [a, b] = [row * COLUMNS + column, row * COLUMNS + next];
      faces.push(a, b, a + COLUMNS, b, b + COLUMNS, a + COLUMNS);
    }
  }
  return { vertices, faces };
}

/** Something in front of a part of the hand, or behind it: a ball, a box, a stick, a bottle. */
export function occluderOf(
  rng: Rng,
  hand: DrawnHand,
  { size, longShare, behindShare, glossyShare }: OccluderSettings,
): PartMesh {
  const { keypoints, vertices: mesh } = hand;
  let [nearest, left, right, top, bottom] = [Infinity, Infinity, -Infinity, Infinity, -Infinity];
  for (let i = 0; i < mesh.length; i += 3) {
    nearest = Math.min(nearest, mesh[i + 2]!);
    [left, right] = [Math.min(left, mesh[i]!), Math.max(right, mesh[i]!)];
    [top, bottom] = [Math.min(top, mesh[i + 1]!), Math.max(bottom, mesh[i + 1]!)];
  }
  const extent = Math.max(right - left, bottom - top);
  const base = 0.5 * extent * rng.uniform(...size);
  const isLong = rng.uniform() < longShare;
  const half = [
    base * rng.uniform(0.5, 1),
    base * rng.uniform(0.5, 1),
    isLong ? extent * rng.uniform(0.4, 1) : base * rng.uniform(0.5, 1.2),
  ] as const;
  if (isLong) for (const i of [0, 1] as const) (half as unknown as number[])[i]! *= 0.5;
  const roundness = [rng.uniform(0.15, 1), rng.uniform(0.15, 1)] as const;
  const { vertices, faces } = superellipsoid(half, roundness);
  const axis = Array.from({ length: 3 }, () => rng.normal());
  const norm = Math.hypot(...axis) || 1;
  const turn = axisAngleToMatrix(axis.map((value) => (value / norm) * rng.uniform(0, Math.PI)));
  const target = rng.integer(0, keypoints.length / 3 - 1);
  const behind = rng.uniform() < behindShare; // held, or standing behind: seen between the fingers
  const aside = [rng.normal(0, 0.25 * extent), rng.normal(0, 0.25 * extent)];
  let reach = 0;
  for (let i = 0; i < vertices.length; i += 3) {
    const [x, y, z] = [vertices[i]!, vertices[i + 1]!, vertices[i + 2]!];
    for (let k = 0; k < 3; k++) vertices[i + k] = turn[3 * k]! * x + turn[3 * k + 1]! * y + turn[3 * k + 2]! * z;
    reach = Math.max(reach, Math.abs(vertices[i + 2]!));
  }
  const z = behind
    ? keypoints[3 * target + 2]! + reach + rng.uniform(0.01, 0.05)
    : nearest - reach - rng.uniform(0.002, 0.03);
  const centre = [keypoints[3 * target]! + aside[0]!, keypoints[3 * target + 1]! + aside[1]!, z];
  const color = clothColor(rng);
  const colors = new Float64Array(vertices.length);
  for (let i = 0; i < vertices.length; i += 3) {
    const shade = 1 + rng.uniform(-0.06, 0.06);
    for (let k = 0; k < 3; k++) {
      vertices[i + k]! += centre[k]!;
      colors[i + k] = Math.min(1, color[k]! * shade);
    }
  }
  const material = rng.uniform() < glossyShare ? { specular: 0.04, roughness: rng.uniform(0.15, 0.6) } : undefined;
  return { part: 'occluder', vertices, faces, colors, material };
}
