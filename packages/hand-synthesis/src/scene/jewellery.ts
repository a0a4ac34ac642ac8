import type { ManoModel } from '@opposable/mano-layer/conventions';
import type { Rng } from '@opposable/tensor-checks';
import type { DrawnHand } from '../sampling/draw-hand.js';
import { metres } from '../settings/metres.js';
import type { RingSettings, WatchSettings } from '../settings/types.js';
import { clothColor } from './cloth-color.js';
import { type Forearm, forearmSection, tubeFaces } from './forearm.js';
import type { PartMesh } from './types.js';

const SEGMENTS = 14;
/** Half the thickness of a finger at its first bone, metres, where a mesh has too few vertices to measure it. */
const FINGER_RADIUS = 0.0098;
/** Half the thickness of the slice in which a finger is measured, metres, and the fewest vertices that make one. */
const SLICE = 0.006;
const FEWEST = 6;

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

/** A ring is this much wider than the finger, whose outline is not quite an ellipse. */
const RING_PLAY = 1.06;

/** Middle and half widths of the flesh that a bone moves, in a slice across it. */
function fleshAround(
  { lbsWeights, jointCount }: ManoModel,
  { vertices }: DrawnHand,
  joint: number,
  centre: readonly number[],
  { axis, u, v }: ReturnType<typeof frameOf>,
): { readonly centre: readonly number[]; readonly radii: readonly [number, number] } | undefined {
  const low = [Infinity, Infinity];
  const high = [-Infinity, -Infinity];
  let count = 0;
  for (let vertex = 0; 3 * vertex < vertices.length; vertex++) {
    if (lbsWeights[vertex * jointCount + joint]! < 0.5) continue;
    const away = centre.map((value, i) => vertices[3 * vertex + i]! - value);
    const along = (direction: readonly number[]) => direction.reduce((sum, value, i) => sum + value * away[i]!, 0);
    if (Math.abs(along(axis)) > SLICE) continue;
    count++;
    [u, v].forEach((direction, k) => {
      low[k] = Math.min(low[k]!, along(direction));
      high[k] = Math.max(high[k]!, along(direction));
    });
  }
  if (count < FEWEST) return undefined;
  const [a, b] = [0, 1].map((k) => (low[k]! + high[k]!) / 2) as [number, number];
  return {
    centre: centre.map((value, i) => value + a * u[i]! + b * v[i]!),
    radii: [(high[0]! - low[0]!) / 2, (high[1]! - low[1]!) / 2],
  };
}

/** A ring on the first bone of a random finger. */
export function ringOf(
  rng: Rng,
  model: ManoModel,
  hand: DrawnHand,
  { widthMillimetres, heightMillimetres }: Omit<RingSettings, 'probability'>,
): PartMesh {
  const finger = rng.integer(0, 3);
  const joint = 3 * finger + 1;
  const axis = difference(hand.joints, joint + 1, joint);
  const share = rng.uniform(0.4, 0.6);
  const centre = [0, 1, 2].map((i) => hand.joints[3 * joint + i]! + share * axis[i]!);
  const frame = frameOf(axis, difference(hand.joints, 1, 7));
  const flesh = fleshAround(model, hand, joint, centre, frame) ?? { centre, radii: [FINGER_RADIUS, FINGER_RADIUS] };
  const { vertices, faces } = band(
    flesh.centre,
    frame,
    [RING_PLAY * flesh.radii[0], RING_PLAY * flesh.radii[1]],
    { width: rng.uniform(...metres(widthMillimetres)), height: rng.uniform(...metres(heightMillimetres)) },
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

/** Distance at which the direction of a forearm is measured, metres. */
const ASIDE = 0.004;

/** A watch or bracelet around a forearm near the wrist: a strap, and for a watch a round case on the back of it. */
export function watchOf(
  rng: Rng,
  model: ManoModel,
  hand: DrawnHand,
  { arm, ...settings }: Omit<WatchSettings, 'probability'> & { readonly arm: Forearm },
): PartMesh {
  const along = rng.uniform(...metres(settings.fromWristMillimetres));
  const around = forearmSection(arm, along);
  const middleOf = (points: Float64Array): number[] =>
    [0, 1, 2].map((i) => points.reduce((sum, value, k) => sum + (k % 3 === i ? (3 * value) / points.length : 0), 0));
  const place = middleOf(around);
  const [before, beyond] = [-1, 1].map((side) => middleOf(forearmSection(arm, along + side * ASIDE)));
  const frame = frameOf(
    beyond!.map((value, i) => value - before![i]!),
    difference(hand.joints, 1, 7),
  );
  const reach = (direction: readonly number[]): number => {
    let most = 0;
    for (let k = 0; k < around.length; k += 3) {
      most = Math.max(
        most,
        Math.abs(direction.reduce((sum, value, i) => sum + value * (around[k + i]! - place[i]!), 0)),
      );
    }
    return most;
  };
  const radii = [1.1 * reach(frame.u), 1.16 * reach(frame.v)] as const;
  const width = rng.uniform(...metres(settings.strapMillimetres));
  const strap = band(place, frame, [radii[0], radii[1]], { width, height: 0.0025 }, 20);
  const strapColor = rng.uniform() < 0.5 ? rng.pick(METALS) : clothColor(rng);
  if (rng.uniform() < settings.braceletShare) {
    return { part: 'jewellery', ...strap, colors: filled(strap.vertices.length / 3, strapColor) };
  }
  // v = axis × u points out of the palm of a right hand and out of the back of a left one: the case sits on the back
  const dorsal = model.side === 'right' ? -1 : 1;
  const middle = place.map((value, i) => value + dorsal * radii[1] * frame.v[i]!);
  const face = band(
    middle,
    { axis: frame.v, u: frame.u, v: frame.axis },
    [0.0, 0.0],
    { width: 0.009, height: rng.uniform(...metres(settings.caseRadiusMillimetres)) },
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
