import type { GrayImage } from '@opposable/drawing';
import { type DepthMap, type HandSample, reorderSample } from '@opposable/hand-datasets';
import { HAND_PARAMETER_BLOCKS, HAND_PARAMETER_FRAME, type ManoModel } from '@opposable/mano-layer/conventions';
import type { Rng } from '@opposable/tensor-checks';
import { depthMap } from './depth-map.js';
import { parameterFrameFromImage } from './frames.js';
import { keypointVisibility } from './keypoint-visibility.js';
import { renderHand } from './render-hand.js';
import { type DrawnHand, drawHand } from './sampling/draw-hand.js';
import { placeInView, type View } from './sampling/place-in-view.js';
import { resolveSettings, type SynthesizeHandOptions } from './settings/synthesis-options.js';
import type { SynthesisSettings } from './settings/types.js';

export { SYNTHETIC_DEPTH } from './sampling/place-in-view.js';

/** Name of the convention of the stored parameters, see `MANO_CONVENTIONS`. */
export const SYNTHETIC_CONVENTION = 'opposable';

/** A rendered hand: a sample of which everything is known, with its mesh. */
export interface SyntheticHand extends HandSample {
  readonly keypoints3d: Float64Array;
  readonly keypoints3dValid: Uint8Array;
  readonly camera: Float64Array;
  readonly mano: NonNullable<HandSample['mano']>;
  readonly mask: GrayImage;
  /** What the camera sees, hand or not; undefined unless the option `depth` asks for it. */
  readonly depth: DepthMap | undefined;
  /** [V, 2] pixels of the image */
  readonly vertices2d: Float64Array;
  /** [V, 3] millimetres in the camera frame */
  readonly vertices3d: Float64Array;
}

/** Moves points into the camera's frame, in millimetres. */
function placeInCamera(points: ArrayLike<number>, [x, y, z]: readonly [number, number, number]): Float64Array {
  const placed = new Float64Array(points.length);
  for (let i = 0; i < points.length; i += 3) {
    placed[i] = (points[i]! + x) * 1000;
    placed[i + 1] = (points[i + 1]! + y) * 1000;
    placed[i + 2] = (points[i + 2]! + z) * 1000;
  }
  return placed;
}

function meanDepth(points: Float64Array): number {
  let sum = 0;
  for (let i = 2; i < points.length; i += 3) sum += points[i]!;
  return (3 * sum) / points.length;
}

/** The 22 numbers with scale and translation in the 256 frame; there are none under perspective. */
function placedParameters({ parameters }: DrawnHand, view: View, size: number): Float64Array | undefined {
  if (parameters === undefined || view.translation === undefined) return undefined;
  const placed = parameters.slice();
  placed.set(
    [
      (view.scale * HAND_PARAMETER_FRAME) / size,
      ...view.translation.map((value) => parameterFrameFromImage(value, size)),
    ],
    HAND_PARAMETER_BLOCKS.scale[0],
  );
  return placed;
}

/**
 * Draws one hand: random shape, pose, rotation, scale, place, skin, light and background, with exact ground truth.
 *
 * `mano` holds the full parameters in the camera's frame (convention {@link SYNTHETIC_CONVENTION}): 16 rotations, betas and
 * translation, which with `camera` reproduce the 2D of every vertex. Under perspective the camera is what it says; a hand
 * under weak perspective stands at a depth of 1000 m with fx = fy = 1000·s, so that the perspective camera gives its 2D
 * u = t + s·X to less than size / 32,000 pixels, and s = fx / 1000 m exactly.
 *
 * `handParameters`, the 22 numbers, are there where they give the hand exactly: weak perspective, pose of six coefficients.
 * They are in the 256-pixel frame; `image = (frame + 0.5) · size / 256 − 0.5` gives pixels.
 *
 * @param rng decides everything; each part draws from its own split of it
 * @param model the hand, for example `loadOpenHand('right')`
 * @param options preset, and settings that replace its own
 * @returns a sample as the readers give it, with the vertices
 * @throws ConfigError for a setting that is not accepted
 *
 * @example
 * const hand = synthesizeHand(createRng(7), loadOpenHand('right'), { size: 96 });
 */
export function synthesizeHand(rng: Rng, model: ManoModel, options: SynthesizeHandOptions = {}): SyntheticHand {
  return synthesizeWith(resolveSettings(options), rng, model, options);
}

/** {@link synthesizeHand} with settings that were resolved before, for many hands. */
export function synthesizeWith(
  settings: SynthesisSettings,
  rng: Rng,
  model: ManoModel,
  options: SynthesizeHandOptions,
): SyntheticHand {
  const order = options.keypointOrder ?? 'panoptic';
  const hand = drawHand(rng, model, settings, options.keypointOrder);
  const view = placeInView(rng.split('place'), hand, settings);
  const rendered = renderHand(rng, model, hand, view, settings, options);
  const keypoints = view.project(hand.keypoints);
  const keypoints3d = placeInCamera(hand.keypoints, view.shift);
  const sample: SyntheticHand = {
    id: 'synthetic',
    source: { dataset: 'synthetic', file: '', index: 0 },
    side: model.side,
    isMirrored: false,
    keypointOrder: order,
    keypoints,
    visibility: keypointVisibility(hand.keypoints, keypoints, hand.vertices, rendered.depth),
    keypoints3d,
    keypoints3dValid: new Uint8Array(hand.keypoints.length / 3).fill(1),
    camera: view.intrinsics,
    bbox: view.bbox,
    mano: {
      convention: SYNTHETIC_CONVENTION,
      pose: Float64Array.of(...hand.globalOrient, ...hand.pose),
      betas: hand.betas,
      transl: hand.transl.map((value, i) => value + view.shift[i as 0 | 1 | 2]),
    },
    handParameters: placedParameters(hand, view, settings.size),
    crop: undefined,
    subject: undefined,
    sequence: undefined,
    image: rendered.image,
    mask: rendered.mask,
    depth: rendered.surface && depthMap(rendered.surface, settings.size, view.shift[2], meanDepth(keypoints3d)),
    vertices2d: view.project(hand.vertices),
    vertices3d: placeInCamera(hand.vertices, view.shift),
  };
  return reorderSample(sample, order); // nothing moves: an alias gets its canonical name
}
