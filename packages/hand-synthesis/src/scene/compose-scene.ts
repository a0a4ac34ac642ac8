import { srgbToLinear } from '@opposable/drawing';
import type { ManoModel } from '@opposable/mano-layer/conventions';
import { type Rng, ShapeError } from '@opposable/tensor-checks';
import { skinMaterial, skinSurface } from '../appearance/skin-surface.js';
import { skinColors } from '../appearance/skin-colors.js';
import { sampleSkinTone } from '../appearance/skin-tone.js';
import { proceduralColorings } from '../colorings/procedural-colorings.js';
import type { DrawnHand } from '../sampling/draw-hand.js';
import { lightingKind } from '../settings/lighting.js';
import type { SynthesisSettings } from '../settings/types.js';
import { forearmOf } from './forearm.js';
import { ringOf, watchOf } from './jewellery.js';
import { occluderOf } from './occluder.js';
import { secondHandOf } from './second-hand.js';
import type { PartMesh } from './types.js';

/** Everything before the background: the hand's mesh first. */
export interface Scene {
  readonly meshes: readonly PartMesh[];
  /** number of triangles of the first mesh that are the hand's own */
  readonly handFaces: number;
}

const linearColorings = new WeakMap<ArrayLike<number>, Float64Array>();

/** One of a set of colourings, linear: converted once, as the same few come for every hand. @throws ShapeError for one of another mesh */
function coloringOf(rng: Rng, model: ManoModel, colorings: readonly ArrayLike<number>[]): Float64Array {
  const coloring = rng.pick(colorings);
  if (coloring.length !== 3 * model.vertexCount) {
    throw new ShapeError(
      `synthesizeHand: expected colorings of ${model.vertexCount} vertices, got ${coloring.length / 3}.`,
      { expected: 3 * model.vertexCount, actual: coloring.length },
    );
  }
  const linear = linearColorings.get(coloring) ?? Float64Array.from(coloring).map(srgbToLinear);
  linearColorings.set(coloring, linear);
  return linear.slice();
}

/** Far from the hand: where a forearm has no creases. */
const ELSEWHERE = 10;

const places = new WeakMap<ManoModel, Map<number, Float32Array>>();

/** [N, 3] places on the flat right hand of a mesh that begins with the hand's vertices; kept for every length. */
function restPlaces(model: ManoModel, length: number): Float32Array {
  const known = places.get(model) ?? new Map<number, Float32Array>();
  places.set(model, known);
  let own = known.get(length);
  if (own === undefined) {
    own = new Float32Array(length).fill(ELSEWHERE);
    own.set(model.side === 'right' ? model.vTemplate : model.vTemplate.map((x, i) => (i % 3 === 0 ? -x : x)));
    known.set(length, own);
  }
  return own;
}

/** Material and shader of skin; away from the light of a room, as in the presets `seed` and `demo`, it is dull. */
function skinLook(
  rng: Rng,
  isOpenHand: boolean,
  { skin, lighting }: SynthesisSettings,
): Pick<PartMesh, 'material' | 'surface'> {
  const material = lightingKind(lighting) === 'room' ? skinMaterial(rng, skin) : undefined;
  return { material, surface: isOpenHand ? skinSurface(rng, skin) : undefined };
}

/** The hand with its skin, forearm, sleeve, jewellery, things before it and another hand, each from its own split. */
export function composeScene(
  rng: Rng,
  model: ManoModel,
  hand: DrawnHand,
  settings: SynthesisSettings,
  given?: readonly ArrayLike<number>[],
): Scene {
  const skinRng = rng.split('skin');
  const { typologyAngle, redness, yellowness, patches } = settings.skin;
  const tone = sampleSkinTone(skinRng, typologyAngle, { a: redness, b: yellowness });
  const colorsOf = (own: ManoModel, random: Rng): Float64Array => skinColors(random, own, tone, patches);
  const colorings = given ?? (settings.coloring === 'shipped' ? proceduralColorings(model) : undefined);
  const colors = colorings ? coloringOf(rng.split('coloring'), model, colorings) : colorsOf(model, skinRng);
  const arm = forearmOf(rng.split('forearm'), model, hand, colors, settings.forearm);
  const look = skinLook(rng.split('surface'), model.topology === 'open-hand', settings);
  const bare: PartMesh = arm?.skin ?? { part: 'hand', vertices: hand.vertices, faces: model.faces, colors };
  const dress = (own: ManoModel, mesh: PartMesh): PartMesh => ({
    ...mesh,
    ...look,
    coordinates: look.surface && restPlaces(own, mesh.vertices.length),
  });
  const meshes: (PartMesh | undefined)[] = [dress(model, bare), arm?.sleeve];
  const chance = (name: 'ring' | 'watch' | 'occluder' | 'secondHand'): Rng | undefined => {
    const { probability } = settings[name];
    if (probability === 0) return undefined;
    const own = rng.split(name);
    return own.uniform() < probability ? own : undefined;
  };
  const ring = chance('ring');
  if (ring) meshes.push(ringOf(ring, model, hand, settings.ring));
  const watch = chance('watch');
  if (watch && arm) meshes.push(watchOf(watch, model, hand, { ...settings.watch, arm }));
  const occluder = chance('occluder');
  if (occluder) meshes.push(occluderOf(occluder, hand, settings.occluder));
  const second = chance('secondHand');
  if (second) {
    const colors = (own: ManoModel) => colorsOf(own, second.split('skin'));
    meshes.push(...secondHandOf(second, model, hand, settings, { colors, dress }));
  }
  return {
    meshes: meshes.filter((mesh) => mesh !== undefined),
    handFaces: arm?.handFaces ?? model.faces.length / 3,
  };
}
