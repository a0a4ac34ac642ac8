import { type GrayImage, renderMesh, type RgbImage } from '@opposable/drawing';
import type { ManoModel } from '@opposable/mano-layer/conventions';
import type { Rng } from '@opposable/tensor-checks';
import { addSensorNoise } from './appearance/add-sensor-noise.js';
import { photoBackground } from './appearance/photo-background.js';
import { proceduralBackground } from './appearance/procedural-background.js';
import { HEAD_LIGHT, type Lighting, sampleFrontLights, sampleLights } from './appearance/sample-lights.js';
import { skinColors } from './appearance/skin-colors.js';
import { sampleSkinTone } from './appearance/skin-tone.js';
import type { SynthesisSettings } from './presets.js';
import type { SynthesizeHandOptions } from './synthesis-options.js';

/** A pixel belongs to the hand if at least half of it is covered. */
const HALF_COVERED = 128;

/** A picture of a hand. */
export interface RenderedHand {
  readonly image: RgbImage;
  /** 255 where at least half of the pixel is covered, else 0 */
  readonly mask: GrayImage;
  /** z of the surface in metres, Infinity beside the hand */
  readonly depth: { readonly width: number; readonly height: number; readonly data: Float32Array };
}

function lightingOf(kind: SynthesisSettings['lighting'], rng: Rng): Lighting {
  if (kind === 'head') return HEAD_LIGHT;
  return kind === 'front' ? sampleFrontLights(rng) : sampleLights(rng);
}

/**
 * Draws skin, light, background and noise from splits of the rng and renders the hand.
 *
 * @param vertices [V, 3] metres, x right, y down, z away
 * @param place scale in pixels per metre and translation in pixels, of the image
 */
export function renderHand(
  rng: Rng,
  model: ManoModel,
  vertices: ArrayLike<number>,
  place: { readonly scale: number; readonly translation: readonly [number, number] },
  settings: SynthesisSettings,
  { backgrounds, buffers }: Pick<SynthesizeHandOptions, 'backgrounds' | 'buffers'>,
): RenderedHand {
  const { size, antialias } = settings;
  const backgroundRng = rng.split('background');
  const background =
    backgrounds === undefined
      ? proceduralBackground(backgroundRng, size, size, settings.background)
      : photoBackground(backgroundRng, backgrounds, size, size);
  const { lights, ambient } = lightingOf(settings.lighting, rng.split('light'));
  const skinRng = rng.split('skin');
  const colors = skinColors(skinRng, model, sampleSkinTone(skinRng));
  const { color, mask, depth } = renderMesh(
    { vertices, faces: model.faces, colors, colorSpace: 'linear' },
    { kind: 'weak-perspective', ...place },
    { width: size, height: size, background, lights, ambient, antialias, buffers },
  );
  const noiseRng = rng.split('noise');
  addSensorNoise(noiseRng, color, noiseRng.uniform(...settings.noise));
  return {
    image: color,
    mask: { ...mask, data: mask.data.map((coverage) => (coverage >= HALF_COVERED ? 255 : 0)) },
    depth: { width: size, height: size, data: depth },
  };
}
