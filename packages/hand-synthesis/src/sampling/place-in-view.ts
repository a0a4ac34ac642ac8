import type { Camera } from '@opposable/drawing';
import { ConfigError, type Rng } from '@opposable/tensor-checks';
import type { CameraDistribution, SynthesisSettings } from '../settings/types.js';
import type { DrawnHand } from './draw-hand.js';

/** Depth at which a hand under weak perspective stands, in metres: so far away that perspective is weak perspective to less than 0.01 px in pictures of 320. */
export const SYNTHETIC_DEPTH = 1000;

/** Where a hand stands and how it is seen. */
export interface View {
  /** For the renderer; vertices are moved by `renderShift` first. */
  readonly camera: Camera;
  readonly renderShift: readonly [number, number, number];
  /** Pixels per metre at the hand's distance. */
  readonly scale: number;
  /** u = translation + scale · x under weak perspective; undefined under perspective */
  readonly translation: readonly [number, number] | undefined;
  /** [3, 3] row-major, of the stored annotation */
  readonly intrinsics: Float64Array;
  /** From the drawn hand to the annotation's camera frame, metres. */
  readonly shift: readonly [number, number, number];
  /** x, y, width, height of the projected mesh in pixels */
  readonly bbox: readonly [number, number, number, number];
  /** [N, 3] metres of the drawn hand's frame → [N, 2] pixels */
  project(points: ArrayLike<number>): Float64Array;
}

/** Smallest and largest x and y of projected points, dimension 2 or 3. */
function extent(points: ArrayLike<number>, dimension: 2 | 3): { low: [number, number]; high: [number, number] } {
  const low: [number, number] = [Infinity, Infinity];
  const high: [number, number] = [-Infinity, -Infinity];
  for (let i = 0; i < points.length; i += dimension) {
    for (const axis of [0, 1] as const) {
      const value = points[i + axis]!;
      if (value < low[axis]) low[axis] = value;
      if (value > high[axis]) high[axis] = value;
    }
  }
  return { low, high };
}

function projectWeak(points: ArrayLike<number>, scale: number, translation: readonly [number, number]): Float64Array {
  const out = new Float64Array((points.length / 3) * 2);
  for (let i = 0, o = 0; i < points.length; i += 3, o += 2) {
    out[o] = translation[0] + scale * points[i]!;
    out[o + 1] = translation[1] + scale * points[i + 1]!;
  }
  return out;
}

function weakPerspective(rng: Rng, hand: DrawnHand, { size, sideOverHand }: SynthesisSettings): View {
  const { low, high } = extent(hand.vertices, 3);
  const handSide = Math.max(high[0] - low[0], high[1] - low[1]);
  if (!(handSide > 0 && handSide < Infinity)) {
    throw new ConfigError(`synthesizeHand: expected a hand with an extent, the drawn shape has ${handSide} m.`, {
      expected: '> 0',
      actual: handSide,
    });
  }
  const scale = size / (rng.uniform(...sideOverHand) * handSide);
  const translation = ([0, 1] as const).map((axis) =>
    rng.uniform(-scale * low[axis], size - 1 - scale * high[axis]),
  ) as [number, number];
  const { keypoints } = hand;
  let meanZ = 0;
  for (let i = 2; i < keypoints.length; i += 3) meanZ += keypoints[i]! / (keypoints.length / 3);
  const origin = [(low[0] + high[0]) / 2, (low[1] + high[1]) / 2, meanZ] as const;
  const focal = scale * SYNTHETIC_DEPTH;
  return {
    camera: { kind: 'weak-perspective', scale, translation },
    renderShift: [0, 0, 0],
    scale,
    translation,
    intrinsics: Float64Array.of(
      ...[focal, 0, translation[0] + scale * origin[0]],
      ...[0, focal, translation[1] + scale * origin[1]],
      ...[0, 0, 1],
    ),
    shift: [-origin[0], -origin[1], SYNTHETIC_DEPTH - origin[2]],
    bbox: [
      translation[0] + scale * low[0],
      translation[1] + scale * low[1],
      scale * (high[0] - low[0]),
      scale * (high[1] - low[1]),
    ],
    project: (points) => projectWeak(points, scale, translation),
  };
}

function projectPinhole(
  points: ArrayLike<number>,
  [sx, sy, sz]: readonly [number, number, number],
  focal: number,
  cx: number,
  cy: number,
): Float64Array {
  const out = new Float64Array((points.length / 3) * 2);
  for (let i = 0, o = 0; i < points.length; i += 3, o += 2) {
    const inverse = focal / (points[i + 2]! + sz);
    out[o] = (points[i]! + sx) * inverse + cx;
    out[o + 1] = (points[i + 1]! + sy) * inverse + cy;
  }
  return out;
}

/** Times that the distance is set right for the size of the picture of the hand. */
const STEPS = 4;
/** No part of the hand is nearer to the camera than this, in metres. */
const NEAREST = 0.08;

function perspective(
  rng: Rng,
  hand: DrawnHand,
  camera: CameraDistribution,
  { size, sideOverHand }: SynthesisSettings,
): View {
  const [shortest, longest] = camera.focalOverSide;
  const focal = size * Math.exp(rng.uniform(Math.log(shortest), Math.log(longest)));
  const largest = Math.tan((camera.offAxisDegrees * Math.PI) / 180);
  const radius = largest * Math.sqrt(rng.uniform());
  const angle = rng.uniform(0, 2 * Math.PI);
  const target = size / rng.uniform(...sideOverHand);
  const { vertices } = hand;
  const { low, high } = extent(vertices, 3);
  const middle = [(low[0] + high[0]) / 2, (low[1] + high[1]) / 2] as const;
  let nearest = Infinity;
  let meanZ = 0;
  for (let i = 2; i < vertices.length; i += 3) {
    nearest = Math.min(nearest, vertices[i]!);
    meanZ += (3 * vertices[i]!) / vertices.length;
  }
  let distance = (focal * Math.max(high[0] - low[0], high[1] - low[1])) / target;
  const shiftAt = (depth: number): [number, number, number] => [
    depth * radius * Math.cos(angle) - middle[0],
    depth * radius * Math.sin(angle) - middle[1],
    depth - meanZ,
  ];
  const least = NEAREST + meanZ - nearest;
  let shift = shiftAt(Math.max(distance, least));
  let outline = extent(projectPinhole(vertices, shift, focal, 0, 0), 2);
  for (let step = 0; step < STEPS; step++) {
    const side = Math.max(outline.high[0] - outline.low[0], outline.high[1] - outline.low[1]);
    distance = Math.max(least, (distance * side) / target);
    shift = shiftAt(distance);
    outline = extent(projectPinhole(vertices, shift, focal, 0, 0), 2);
  }
  // what is left of the difference, and hands that would be too near, are set right by the focal length
  const side = Math.max(outline.high[0] - outline.low[0], outline.high[1] - outline.low[1]);
  const exact = (focal * target) / side;
  const zoom = exact / focal;
  const [cx, cy] = ([0, 1] as const).map((axis) =>
    rng.uniform(-zoom * outline.low[axis], size - 1 - zoom * outline.high[axis]),
  ) as [number, number];
  return {
    camera: { kind: 'perspective', intrinsics: Float64Array.of(exact, 0, cx, 0, exact, cy, 0, 0, 1) },
    renderShift: shift,
    scale: exact / (shift[2] + meanZ),
    translation: undefined,
    intrinsics: Float64Array.of(exact, 0, cx, 0, exact, cy, 0, 0, 1),
    shift,
    bbox: [
      cx + zoom * outline.low[0],
      cy + zoom * outline.low[1],
      zoom * (outline.high[0] - outline.low[0]),
      zoom * (outline.high[1] - outline.low[1]),
    ],
    project: (points) => projectPinhole(points, shift, exact, cx, cy),
  };
}

/** Chooses a camera and a place before it, so that the whole mesh lies between the outermost pixel centres. */
export function placeInView(rng: Rng, hand: DrawnHand, settings: SynthesisSettings): View {
  const { camera } = settings;
  if (camera === 'weak-perspective') return weakPerspective(rng, hand, settings);
  return rng.uniform() < camera.perspectiveShare
    ? perspective(rng, hand, camera, settings)
    : weakPerspective(rng, hand, settings);
}
