import { axisAngleToMatrix } from '@opposable/geometry/host';
import type { ManoModel } from '@opposable/mano-layer/conventions';
import type { Rng } from '@opposable/tensor-checks';
import type { DrawnHand } from '../sampling/draw-hand.js';
import { metres } from '../settings/metres.js';
import type { ForearmSettings } from '../settings/types.js';
import { clothColor } from './cloth-color.js';
import type { PartMesh } from './types.js';
import { wristOf } from './wrist-loop.js';

type Vector = readonly [number, number, number];
const subtract = (a: Vector, b: Vector): Vector => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
const unit = (a: Vector): Vector => {
  const norm = Math.sqrt(a[0] * a[0] + a[1] * a[1] + a[2] * a[2]) || 1;
  return [a[0] / norm, a[1] / norm, a[2] / norm];
};
const cross = (a: Vector, b: Vector): Vector => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];
const pointOf = (points: ArrayLike<number>, i: number): Vector => [
  points[3 * i]!,
  points[3 * i + 1]!,
  points[3 * i + 2]!,
];

/** Where the wrist's bend is spent, in metres. */
const BEND = 0.03;
/** Distances of the rings along the forearm, metres. */
const RINGS = [0.008, 0.018, 0.03, 0.05, 0.08, 0.12, 0.17, 0.23, 0.3, 0.4];
/** The forearm's width over that of the wrist far away from it, and the distance at which it is nearly reached. */
const WIDENING = { width: 0.42, thickness: 0.75, metres: 0.11 };

/** Largest fold of a sleeve over its distance from the arm. */
const SLACK = 0.4;

/** A tube: rings of as many vertices as the loop has, bent at the wrist. */
interface Tube {
  /** distance of each ring from the wrist, metres */
  readonly distances: readonly number[];
  /** [rings, loop, 3] */
  readonly points: Float64Array;
}

/** Directions of a posed hand at its wrist. */
interface WristFrame {
  /** towards the elbow */
  readonly axis: Vector;
  /** across the wrist, in the plane of the palm */
  readonly across: Vector;
  readonly centre: Vector;
}

function wristFrame(hand: DrawnHand, loop: readonly number[]): WristFrame {
  // the model's joints: wrist 0, knuckles of index 1, middle 4, little finger 7
  const axis = unit(subtract(pointOf(hand.joints, 0), pointOf(hand.joints, 4)));
  const sideways = subtract(pointOf(hand.joints, 1), pointOf(hand.joints, 7));
  const along = sideways[0] * axis[0] + sideways[1] * axis[1] + sideways[2] * axis[2];
  const across = unit([sideways[0] - along * axis[0], sideways[1] - along * axis[1], sideways[2] - along * axis[2]]);
  const centre = loop.reduce<Vector>(
    (sum, vertex) => {
      const point = pointOf(hand.vertices, vertex);
      return [sum[0] + point[0] / loop.length, sum[1] + point[1] / loop.length, sum[2] + point[2] / loop.length];
    },
    [0, 0, 0],
  );
  return { axis, across, centre };
}

/**
 * Rings around a path that bends at the wrist and then goes straight on. `swell` is added all around, `wave(ring, k)` to
 * single points.
 */
function tubeAlong(
  hand: DrawnHand,
  loop: readonly number[],
  distances: readonly number[],
  bend: readonly [number, number],
  { swell, wave }: { readonly swell: number; readonly wave: (ring: number, k: number) => number },
): Tube {
  const { axis, across, centre } = wristFrame(hand, loop);
  const normal = cross(axis, across);
  const turnAt = (share: number): ((v: Vector) => Vector) => {
    const turn = axisAngleToMatrix(
      [0, 1, 2].map((i) => share * (bend[0] * across[i as 0 | 1 | 2] + bend[1] * normal[i as 0 | 1 | 2])),
    );
    return (v) => [
      turn[0]! * v[0] + turn[1]! * v[1] + turn[2]! * v[2],
      turn[3]! * v[0] + turn[4]! * v[1] + turn[5]! * v[2],
      turn[6]! * v[0] + turn[7]! * v[1] + turn[8]! * v[2],
    ];
  };
  const points = new Float64Array(distances.length * loop.length * 3);
  let centreAt: [number, number, number] = [...centre];
  let travelled = 0;
  distances.forEach((distance, ring) => {
    const share = Math.min(1, distance / BEND);
    const turned = turnAt(share);
    // by way of the same places for every tube, so that a sleeve which begins farther out stays around the same forearm
    const between = RINGS.filter((place) => place > travelled && place < distance);
    for (const place of [...between, distance]) {
      const direction = turnAt(Math.min(1, place / BEND))(axis);
      const step = place - travelled;
      travelled = place;
      centreAt = [
        centreAt[0] + step * direction[0],
        centreAt[1] + step * direction[1],
        centreAt[2] + step * direction[2],
      ];
    }
    const grown = 1 - Math.exp(-distance / WIDENING.metres);
    loop.forEach((vertex, k) => {
      const offset = subtract(pointOf(hand.vertices, vertex), centre);
      const a = offset[0] * axis[0] + offset[1] * axis[1] + offset[2] * axis[2];
      const b = offset[0] * across[0] + offset[1] * across[1] + offset[2] * across[2];
      const c = offset[0] * normal[0] + offset[1] * normal[1] + offset[2] * normal[2];
      const radius = Math.sqrt(b * b + c * c) || 1;
      const out = (swell + wave(ring, k)) / radius;
      const [sa, sb, sc] = [
        a * (1 - share), // the wrist's end is slanted, the forearm's rings are not
        b * (1 + WIDENING.width * grown + out),
        c * (1 + WIDENING.thickness * grown + out),
      ];
      const moved = turned([
        sa * axis[0] + sb * across[0] + sc * normal[0],
        sa * axis[1] + sb * across[1] + sc * normal[1],
        sa * axis[2] + sb * across[2] + sc * normal[2],
      ]);
      const to = (ring * loop.length + k) * 3;
      for (let i = 0; i < 3; i++) points[to + i] = centreAt[i]! + moved[i as 0 | 1 | 2];
    });
  });
  return { distances, points };
}

/** Triangles between consecutive rings; `vertexAt(ring, k)` numbers the vertices. */
export function tubeFaces(rings: number, count: number, vertexAt: (ring: number, k: number) => number): number[] {
  const faces: number[] = [];
  for (let ring = 0; ring + 1 < rings; ring++) {
    for (let k = 0; k < count; k++) {
      const next = (k + 1) % count;
      const [a, b] = [vertexAt(ring, k), vertexAt(ring, next)];
      const [c, d] = [vertexAt(ring + 1, k), vertexAt(ring + 1, next)];
      faces.push(a, b, c, b, d, c);
    }
  }
  return faces;
}

function distancesUpTo(start: number, length: number): number[] {
  const inside = RINGS.filter((distance) => distance > start + 0.004 && distance < length - 0.004);
  return [start, ...inside, length];
}

/** What continues the hand. */
export interface Forearm {
  /** hand and forearm in one mesh with one skin: [V + N] vertices, the hand's first */
  readonly skin: PartMesh;
  /** number of the mesh's triangles that are the hand's; they come first */
  readonly handFaces: number;
  readonly sleeve: PartMesh | undefined;
  /** distance of each ring of the skin from the wrist, metres; the first, 0, is the hand's own loop */
  readonly distances: readonly number[];
  /** vertices of a ring of the skin, in the order of the loop */
  readonly ring: (index: number) => readonly number[];
}

/** [loop, 3] points around a forearm at a distance from the wrist; beyond its end those of the end. */
export function forearmSection({ skin: { vertices }, distances, ring }: Forearm, distance: number): Float64Array {
  const found = distances.findIndex((place, i) => i > 0 && place >= distance);
  const index = found < 0 ? distances.length - 1 : found;
  const [from, to] = [distances[index - 1]!, distances[index]!];
  const share = Math.min(1, (distance - from) / (to - from));
  const [near, far] = [ring(index - 1), ring(index)];
  return Float64Array.from({ length: 3 * near.length }, (_, i) => {
    const k = Math.floor(i / 3);
    const [a, b] = [vertices[3 * near[k]! + (i % 3)]!, vertices[3 * far[k]! + (i % 3)]!];
    return a + share * (b - a);
  });
}

/**
 * A forearm extruded from the loop of vertices at the wrist, bent there, wider and rounder towards the elbow; and maybe a
 * sleeve around it.
 *
 * @param colors [V, 3] of the hand's skin, linear
 * @returns undefined where the mesh has no wrist to go on from, or by chance
 */
export function forearmOf(
  rng: Rng,
  model: ManoModel,
  hand: DrawnHand,
  colors: Float64Array,
  settings: ForearmSettings,
): Forearm | undefined {
  if (!(rng.uniform() < settings.probability)) return undefined;
  const wrist = wristOf(model);
  if (wrist === undefined) return undefined;
  const { loop, openFaces } = wrist;
  const degrees = Math.PI / 180;
  const bend = [
    rng.normal(0, settings.bendDegrees) * degrees,
    rng.normal(0, 0.5 * settings.bendDegrees) * degrees,
  ] as const;
  const length = rng.uniform(...settings.lengthMillimetres) / 1000;
  const covered = rng.uniform() < settings.sleeveProbability;
  const start = rng.uniform(...settings.sleeveMillimetres) / 1000;
  const distances = distancesUpTo(0, length);
  const arm = tubeAlong(hand, loop, distances.slice(1), bend, { swell: 0, wave: () => 0 });
  const vertexCount = hand.vertices.length / 3;
  const vertices = new Float64Array(hand.vertices.length + arm.points.length);
  vertices.set(hand.vertices);
  vertices.set(arm.points, hand.vertices.length);
  const allColors = new Float64Array(vertices.length);
  allColors.set(colors);
  const mean = [0, 1, 2].map((c) => loop.reduce((sum, v) => sum + colors[3 * v + c]! / loop.length, 0));
  arm.distances.forEach((distance, ring) => {
    const share = Math.min(1, distance / 0.06);
    loop.forEach((vertex, k) => {
      for (let c = 0; c < 3; c++) {
        const own = colors[3 * vertex + c]!;
        allColors[3 * (vertexCount + ring * loop.length + k) + c] = own + 0.6 * share * (mean[c]! - own);
      }
    });
  });
  const vertexAt = (ring: number, k: number): number =>
    ring === 0 ? loop[k]! : vertexCount + (ring - 1) * loop.length + k;
  const tube = tubeFaces(distances.length, loop.length, vertexAt);
  // the end is closed by a fan, which shows where the forearm ends within the picture
  const end = vertexCount + (arm.distances.length - 1) * loop.length;
  for (let k = 2; k < loop.length; k++) tube.push(end, end + k - 1, end + k);
  const faces = new Uint32Array(openFaces.length + tube.length);
  faces.set(openFaces);
  faces.set(tube, openFaces.length);
  const hasSleeve = covered && start < length - 0.01;
  return {
    skin: { part: 'forearm', vertices, faces, colors: allColors, isClosed: true },
    handFaces: openFaces.length / 3,
    sleeve: hasSleeve ? sleeveOf(rng.split('sleeve'), hand, loop, bend, { start, length, ...settings }) : undefined,
    distances,
    ring: (index) => loop.map((_, k) => vertexAt(index, k)),
  };
}

function sleeveOf(
  rng: Rng,
  hand: DrawnHand,
  loop: readonly number[],
  bend: readonly [number, number],
  { start, length, ...cut }: ForearmSettings & { readonly start: number; readonly length: number },
): PartMesh {
  const swell = rng.uniform(...metres(cut.sleeveFitMillimetres));
  const fold = Math.min(rng.uniform(...metres(cut.sleeveFoldMillimetres)), SLACK * swell); // the wave reaches 2 folds inwards, and not into the arm
  const phase = Array.from({ length: 3 }, () => rng.uniform(0, 2 * Math.PI));
  const distances = distancesUpTo(start, Math.max(length, start + 0.06) + 0.1);
  const wave = (ring: number, k: number): number =>
    fold *
    (Math.sin((4 * Math.PI * k) / loop.length + phase[0]! + 2.3 * ring) + Math.sin(1.7 * ring + phase[1]!)) *
    (ring === 0 ? 0.3 : 1);
  const outer = tubeAlong(hand, loop, distances, bend, { swell, wave });
  const color = clothColor(rng);
  const stripe = rng.uniform() < cut.sleeveStripesShare ? clothColor(rng) : color;
  const colors = new Float64Array(outer.points.length);
  distances.forEach((_, ring) => {
    loop.forEach((__, k) => {
      const base = ring % 2 === 0 ? color : stripe;
      const shade = 1 + rng.uniform(-0.08, 0.08) + 12 * wave(ring, k);
      for (let c = 0; c < 3; c++) colors[3 * (ring * loop.length + k) + c] = Math.min(1, base[c]! * shade);
    });
  });
  const faces = tubeFaces(distances.length, loop.length, (ring, k) => ring * loop.length + k);
  return { part: 'sleeve', vertices: outer.points, faces, colors };
}
