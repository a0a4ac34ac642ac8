import type { ManoModel } from '@opposable/mano-layer/conventions';
import type { Rng } from '@opposable/tensor-checks';
import type { DrawnHand } from '../sampling/draw-hand.js';
import { clothColor } from './cloth-color.js';
import { tubeFaces } from './forearm.js';
import type { PartMesh } from './types.js';
import { wristOf } from './wrist-loop.js';

const SEGMENTS = 14;
/** Half the thickness of a first finger bone at its middle, metres, for a hand of mean size. */
const FINGER_RADIUS = 0.0098;

const METALS = [
  [0.75, 0.55, 0.2],
  [0.7, 0.7, 0.7],
  [0.85, 0.6, 0.45],
  [0.05, 0.05, 0.06],
] as const;

const METALLIC = { specular: 0.5, roughness: 0.3 } as const;

/** A band around an axis: four rings, inner edge, outer edge, outer edge, inner edge. */
function band(
  centre: readonly number[],
  frame: { readonly axis: readonly number[]; readonly u: readonly number[]; readonly v: readonly number[] },
  radii: readonly [number, number],
  { width, height }: { readonly width: number; readonly height: number },
  segments: number,
): { readonly vertices: Float64Array; readonly faces: number[] } {
  const profile = [
    [-1, 0],
    [-1, 1],
    [1, 1],
    [1, 0],
  ] as const;
  const vertices = new Float64Array(profile.length * segments * 3);
  profile.forEach(([along, out], ring) => {
    for (let k = 0; k < segments; k++) {
      const angle = (2 * Math.PI * k) / segments;
      const [a, b] = [(radii[0] + out * height) * Math.cos(angle), (radii[1] + out * height) * Math.sin(angle)];
      for (let i = 0; i < 3; i++) {
        vertices[3 * (ring * segments + k) + i] =
          centre[i]! + a * frame.u[i]! + b * frame.v[i]! + 0.5 * along * width * frame.axis[i]!;
      }
    }
  });
  return { vertices, faces: tubeFaces(profile.length, segments, (ring, k) => ring * segments + k) };
}

function frameOf(axis: readonly number[], hint: readonly number[]) {
  const normalise = (a: readonly number[]) => {
    const norm = Math.hypot(...a) || 1;
    return a.map((value) => value / norm);
  };
  const w = normalise(axis);
  const along = w.reduce((sum, value, i) => sum + value * hint[i]!, 0);
  const u = normalise(hint.map((value, i) => value - along * w[i]!));
  const v = [w[1]! * u[2]! - w[2]! * u[1]!, w[2]! * u[0]! - w[0]! * u[2]!, w[0]! * u[1]! - w[1]! * u[0]!];
  return { axis: w, u, v };
}

const filled = (count: number, [red, green, blue]: readonly [number, number, number]): Float64Array =>
  Float64Array.from({ length: 3 * count }, (_, i) => [red, green, blue][i % 3]!);

const difference = (points: ArrayLike<number>, a: number, b: number): number[] =>
  [0, 1, 2].map((i) => points[3 * a + i]! - points[3 * b + i]!);

/** A ring on the first bone of a random finger. */
export function ringOf(rng: Rng, hand: DrawnHand): PartMesh {
  const finger = rng.integer(0, 3);
  const joint = 3 * finger + 1;
  const axis = difference(hand.joints, joint + 1, joint);
  const share = rng.uniform(0.4, 0.6);
  const centre = [0, 1, 2].map((i) => hand.joints[3 * joint + i]! + share * axis[i]!);
  const radius = FINGER_RADIUS * (Math.hypot(...axis) / 0.042) * (finger === 2 ? 0.98 : 1.02);
  const { vertices, faces } = band(
    centre,
    frameOf(axis, difference(hand.joints, 1, 7)),
    [radius, radius],
    { width: rng.uniform(0.002, 0.007), height: rng.uniform(0.0008, 0.002) },
    SEGMENTS,
  );
  return {
    part: 'jewellery',
    vertices,
    faces,
    colors: filled(vertices.length / 3, rng.pick(METALS)),
    material: METALLIC,
  };
}

/** A watch or bracelet around the wrist: a strap, and for a watch a round case on the back of it. */
export function watchOf(rng: Rng, model: ManoModel, hand: DrawnHand): PartMesh | undefined {
  const loop = wristOf(model)?.loop;
  if (loop === undefined) return undefined;
  const axis = difference(hand.joints, 0, 4);
  const frame = frameOf(axis, difference(hand.joints, 1, 7));
  const centre = [0, 1, 2].map((i) => loop.reduce((sum, v) => sum + hand.vertices[3 * v + i]! / loop.length, 0));
  const reach = (direction: readonly number[]): number =>
    Math.max(
      ...loop.map((v) =>
        Math.abs(direction.reduce((sum, value, i) => sum + value * (hand.vertices[3 * v + i]! - centre[i]!), 0)),
      ),
    );
  const along = rng.uniform(0.012, 0.03);
  const place = centre.map((value, i) => value + along * frame.axis[i]!);
  const radii = [1.1 * reach(frame.u), 1.16 * reach(frame.v)] as const;
  const width = rng.uniform(0.006, 0.022);
  const strap = band(place, frame, [radii[0], radii[1]], { width, height: 0.0025 }, 20);
  const strapColor = rng.uniform() < 0.5 ? rng.pick(METALS) : clothColor(rng);
  if (rng.uniform() < 0.3) {
    return { part: 'jewellery', ...strap, colors: filled(strap.vertices.length / 3, strapColor) };
  }
  // v = axis × u points out of the back of a right hand or into it: the case sits on the back
  const dorsal = model.side === 'right' ? 1 : -1;
  const middle = place.map((value, i) => value + dorsal * radii[1] * frame.v[i]!);
  const face = band(
    middle,
    { axis: frame.v, u: frame.u, v: frame.axis },
    [0.0, 0.0],
    { width: 0.009, height: rng.uniform(0.012, 0.019) },
    SEGMENTS,
  );
  const offset = strap.vertices.length / 3;
  const caseFaces = face.faces.flatMap((_, i, all) =>
    i % 3 === 0 ? [all[i]! + offset, all[i + 1]! + offset, all[i + 2]! + offset] : [],
  );
  return {
    part: 'jewellery',
    material: METALLIC,
    vertices: Float64Array.from([...strap.vertices, ...face.vertices]),
    faces: [...strap.faces, ...caseFaces],
    colors: Float64Array.from([
      ...filled(offset, strapColor),
      ...filled(face.vertices.length / 3, rng.uniform() < 0.6 ? [0.03, 0.03, 0.035] : rng.pick(METALS)),
    ]),
  };
}
