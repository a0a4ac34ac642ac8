import {
  createRenderBuffers,
  type GrayImage,
  type RgbImage,
  type SceneMesh,
  type SceneOutputs,
} from '@opposable/drawing';
import type { ManoModel } from '@opposable/mano-layer/conventions';
import type { Rng } from '@opposable/tensor-checks';
import { drawHair } from './appearance/draw-hair.js';
import { photoBackground } from './appearance/photo-background.js';
import { proceduralBackground } from './appearance/procedural-background.js';
import { sampleRoomLight } from './appearance/sample-room-light.js';
import { HEAD_LIGHT, type Lighting, sampleFrontLights, sampleLights } from './appearance/sample-lights.js';
import { applyEffects } from './effects/apply-effects.js';
import type { DrawnHand } from './sampling/draw-hand.js';
import type { View } from './sampling/place-in-view.js';
import { composeScene } from './scene/compose-scene.js';
import type { Part, PartMesh } from './scene/types.js';
import { resolveLighting } from './settings/lighting.js';
import type { SynthesizeHandOptions } from './settings/synthesis-options.js';
import type { SynthesisSettings } from './settings/types.js';

/** A pixel belongs to the hand if at least half of it is covered. */
const HALF_COVERED = 128;

/** Parts that hide a keypoint where they are seen at its pixel; the others lie on the skin. */
const HIDING: readonly Part[] = ['occluder', 'second-hand'];

/** A picture of a hand. */
export interface RenderedHand {
  readonly image: RgbImage;
  /** 255 where at least half of the pixel is covered and the hand is in front, else 0 */
  readonly mask: GrayImage;
  /**
   * z of the surface in metres of the drawn hand's frame, Infinity beside the hand; −Infinity where something hides it; until the
   * next hand is drawn
   */
  readonly depth: { readonly width: number; readonly height: number; readonly data: Float32Array };
  /** z of whatever is seen, in metres of the drawn hand's frame, Infinity beside everything; where it was asked for */
  readonly surface: Float32Array | undefined;
}

function lightingOf(setting: SynthesisSettings['lighting'], rng: Rng): Lighting {
  const ranges = resolveLighting(setting);
  if (ranges.kind === 'head') return HEAD_LIGHT;
  if (ranges.kind === 'room') return sampleRoomLight(rng, ranges);
  return ranges.kind === 'front' ? sampleFrontLights(rng, ranges) : sampleLights(rng, ranges);
}

function backgroundOf(
  rng: Rng,
  { size, background, photoShare, photoCrop }: SynthesisSettings,
  photos: readonly RgbImage[] | undefined,
): RgbImage {
  const usesPhoto = photos !== undefined && (photoShare === 1 || rng.split('kind').uniform() < photoShare);
  return usesPhoto
    ? photoBackground(rng, photos, { width: size, height: size, crop: photoCrop })
    : proceduralBackground(rng, size, size, background);
}

/** Working memory of callers that bring none. */
let shared: SynthesizeHandOptions['buffers'];

/** Stands where a mask is to be new, because the last one was given away. */
const NO_IMAGE: GrayImage = { width: 0, height: 0, data: new Uint8Array(0) };

/** Outputs that nobody keeps beyond the next hand, one set for each size in turn. */
let scratch: Partial<Pick<SceneOutputs, 'objects' | 'faces' | 'depth' | 'objectMasks'>> = {};

function moved(mesh: PartMesh, [x, y, z]: View['renderShift']): SceneMesh {
  const { vertices, faces, colors, material, coordinates, surface, isClosed } = mesh;
  const culling = isClosed ? 'back' : 'none';
  const look = { faces, colors, colorSpace: 'linear', material, coordinates, surface, culling } as const;
  if (x === 0 && y === 0 && z === 0) return { ...look, vertices };
  const shifted = new Float64Array(vertices.length);
  for (let i = 0; i < shifted.length; i += 3) {
    shifted[i] = vertices[i]! + x;
    shifted[i + 1] = vertices[i + 1]! + y;
    shifted[i + 2] = vertices[i + 2]! + z;
  }
  return { ...look, vertices: shifted };
}

/** Draws skin, things, light, background and effects from splits of the rng and renders the scene. */
export function renderHand(
  rng: Rng,
  model: ManoModel,
  hand: DrawnHand,
  view: View,
  settings: SynthesisSettings,
  {
    backgrounds,
    buffers,
    colorings,
    depth: wantsDepth,
  }: Pick<SynthesizeHandOptions, 'backgrounds' | 'buffers' | 'colorings' | 'depth'>,
): RenderedHand {
  const { size, antialias } = settings;
  const background = backgroundOf(rng.split('background'), settings, backgrounds);
  const { lights, ambient } = lightingOf(settings.lighting, rng.split('light'));
  const scene = composeScene(rng, model, hand, settings, colorings);
  const meshes = scene.meshes.map((mesh) => moved(mesh, view.renderShift));
  const renderer = buffers ?? (shared ??= createRenderBuffers());
  const { color, objectMasks, depth, objects, faces } = renderer.render({ meshes, lights, ambient }, view.camera, {
    ...{ width: size, height: size, background, antialias, operation: 'synthesizeHand' },
    outputs: ['color', 'objectMasks', 'depth', 'objects', 'faces'],
    into: scratch,
  });
  const surface = wantsDepth ? depth.map((z) => z - view.renderShift[2]) : undefined;
  const [mask, ...others] = objectMasks as [GrayImage, ...GrayImage[]];
  scratch = { objects, faces, depth, objectMasks: [NO_IMAGE, ...others] };
  const hides = scene.meshes.map(({ part }) => HIDING.includes(part));
  const { data: covered } = mask;
  const { handFaces } = scene;
  const shift = view.renderShift[2];
  for (let pixel = 0; pixel < depth.length; pixel++) {
    const object = objects[pixel]!;
    const isHand = object === 0 && faces[pixel]! < handFaces;
    covered[pixel] = isHand && covered[pixel]! >= HALF_COVERED ? 255 : 0;
    if (object >= 0) depth[pixel] = hides[object] ? -Infinity : depth[pixel]! - shift;
  }
  const hair = rng.split('hair');
  if (model.topology === 'open-hand' && hair.uniform() < settings.skin.hair.probability) {
    drawHair(hair, color, { mesh: scene.meshes[0]!, handFaces }, { model, hand, view }, depth, settings.skin.hair);
  }
  applyEffects(rng, color, settings);
  return { image: color, mask, depth: { width: size, height: size, data: depth }, surface };
}
