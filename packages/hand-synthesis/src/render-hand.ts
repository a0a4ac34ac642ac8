import { type GrayImage, renderMesh, type RgbImage } from '@opposable/drawing';
import type { ManoModel } from '@opposable/mano-layer/conventions';
import type { Rng } from '@opposable/tensor-checks';
import { photoBackground } from './appearance/photo-background.js';
import { proceduralBackground } from './appearance/procedural-background.js';
import { HEAD_LIGHT, type Lighting, sampleFrontLights, sampleLights } from './appearance/sample-lights.js';
import { applyEffects } from './effects/apply-effects.js';
import type { DrawnHand } from './sampling/draw-hand.js';
import type { View } from './sampling/place-in-view.js';
import { composeScene } from './scene/compose-scene.js';
import { mergeMeshes } from './scene/merge-meshes.js';
import type { Part } from './scene/types.js';
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
  /** z of the surface in metres of the drawn hand's frame, Infinity beside the hand; −Infinity where something hides it */
  readonly depth: { readonly width: number; readonly height: number; readonly data: Float32Array };
}

function lightingOf(kind: SynthesisSettings['lighting'], rng: Rng): Lighting {
  if (kind === 'head') return HEAD_LIGHT;
  return kind === 'front' ? sampleFrontLights(rng) : sampleLights(rng);
}

function backgroundOf(
  rng: Rng,
  { size, background, photoShare }: SynthesisSettings,
  photos: readonly RgbImage[] | undefined,
): RgbImage {
  const usesPhoto = photos !== undefined && (photoShare === 1 || rng.split('kind').uniform() < photoShare);
  return usesPhoto
    ? photoBackground(rng, photos, size, size)
    : proceduralBackground(rng, size, size, background);
}

/** Draws skin, things, light, background and effects from splits of the rng and renders the scene. */
export function renderHand(
  rng: Rng,
  model: ManoModel,
  hand: DrawnHand,
  view: View,
  settings: SynthesisSettings,
  { backgrounds, buffers }: Pick<SynthesizeHandOptions, 'backgrounds' | 'buffers'>,
): RenderedHand {
  const { size, antialias } = settings;
  const background = backgroundOf(rng.split('background'), settings, backgrounds);
  const { lights, ambient } = lightingOf(settings.lighting, rng.split('light'));
  const scene = composeScene(rng, model, hand, settings);
  const merged = mergeMeshes(scene.meshes, view.renderShift, scene.handFaces);
  const { color, mask, depth, faceIds } = renderMesh({ ...merged, colorSpace: 'linear' }, view.camera, {
    ...{ width: size, height: size, background, lights, ambient, antialias, buffers },
  });
  const [hidingOf, shown] = [new Uint8Array(merged.parts.length), mask.data];
  merged.parts.forEach(({ part }, i) => (hidingOf[i] = HIDING.includes(part) ? 1 : 0));
  for (let pixel = 0; pixel < shown.length; pixel++) {
    depth[pixel]! -= view.renderShift[2];
    const face = faceIds[pixel]!;
    const isHand = face >= 0 && face < scene.handFaces;
    shown[pixel] = isHand && shown[pixel]! >= HALF_COVERED ? 255 : 0;
    if (isHand || face < 0) continue;
    let part = 0;
    while (face >= merged.parts[part]!.end) part++;
    if (hidingOf[part]) depth[pixel] = -Infinity;
  }
  applyEffects(rng, color, settings);
  return { image: color, mask, depth: { width: size, height: size, data: depth } };
}
