import type { GrayImage } from '@opposable/drawing';
import { type HandSample, reorderSample } from '@opposable/hand-datasets';
import {
  decodeHandParameters,
  HAND_PARAMETER_BLOCKS,
  HAND_PARAMETER_COUNT,
  HAND_PARAMETER_FRAME,
  type HandParameterBlock,
  type ManoModel,
} from '@opposable/mano-layer/conventions';
import { ConfigError, type Rng } from '@opposable/tensor-checks';
import { parameterFrameFromImage } from './frames.js';
import { keypointVisibility } from './keypoint-visibility.js';
import type { SynthesisSettings } from './presets.js';
import { renderHand } from './render-hand.js';
import { sampleBetas } from './sampling/sample-betas.js';
import { sampleRotation } from './sampling/sample-rotation.js';
import { resolveSettings, type SynthesizeHandOptions } from './synthesis-options.js';

/** Depth at which the hand stands, in metres: so far away that perspective is weak perspective to less than 0.1 px. */
export const SYNTHETIC_DEPTH = 100;

/** A rendered hand: a sample of which everything is known, with its mesh. */
export interface SyntheticHand extends HandSample {
  readonly keypoints3d: Float64Array;
  readonly keypoints3dValid: Uint8Array;
  readonly camera: Float64Array;
  readonly handParameters: Float64Array;
  readonly mask: GrayImage;
  /** [V, 2] pixels of the image */
  readonly vertices2d: Float64Array;
  /** [V, 3] millimetres in the camera frame */
  readonly vertices3d: Float64Array;
}

function drawParameters(rng: Rng, model: ManoModel, settings: SynthesisSettings): Float64Array {
  const parameters = new Float64Array(HAND_PARAMETER_COUNT);
  const put = (block: HandParameterBlock, values: ArrayLike<number>) =>
    parameters.set(values, HAND_PARAMETER_BLOCKS[block][0]);
  const [poseStart, poseEnd] = HAND_PARAMETER_BLOCKS.pose;
  const [betasStart, betasEnd] = HAND_PARAMETER_BLOCKS.betas;
  const poseRng = rng.split('pose');
  const { poseRange } = settings;
  put('scale', [1]);
  put('rotation', sampleRotation(rng.split('rotation'), settings.rotation));
  put(
    'pose',
    Float64Array.from({ length: poseEnd - poseStart }, () => poseRng.uniform(-poseRange, poseRange)),
  );
  put('betas', sampleBetas(rng.split('betas'), Math.min(betasEnd - betasStart, model.shapeCount), settings.betas));
  return parameters;
}

/** Smallest and largest of x and of y. */
function extent(vertices: ArrayLike<number>): { low: [number, number]; high: [number, number] } {
  const low: [number, number] = [Infinity, Infinity];
  const high: [number, number] = [-Infinity, -Infinity];
  for (let i = 0; i < vertices.length; i += 3) {
    for (const axis of [0, 1] as const) {
      const value = vertices[i + axis]!;
      if (value < low[axis]) low[axis] = value;
      if (value > high[axis]) high[axis] = value;
    }
  }
  return { low, high };
}

function project(points: ArrayLike<number>, scale: number, translation: readonly [number, number]): Float64Array {
  const out = new Float64Array((points.length / 3) * 2);
  for (let i = 0, o = 0; i < points.length; i += 3, o += 2) {
    out[o] = translation[0] + scale * points[i]!;
    out[o + 1] = translation[1] + scale * points[i + 1]!;
  }
  return out;
}

/** Moves points so that `origin` comes to lie on the optical axis at {@link SYNTHETIC_DEPTH}, in millimetres. */
function placeInCamera(points: ArrayLike<number>, [x, y, z]: readonly [number, number, number]): Float64Array {
  const placed = new Float64Array(points.length);
  for (let i = 0; i < points.length; i += 3) {
    placed[i] = (points[i]! - x) * 1000;
    placed[i + 1] = (points[i + 1]! - y) * 1000;
    placed[i + 2] = (points[i + 2]! - z + SYNTHETIC_DEPTH) * 1000;
  }
  return placed;
}

/**
 * Draws one hand: random shape, pose, rotation, scale, place, skin, light and background, with exact ground truth.
 *
 * The 22 numbers are in the 256-pixel frame; `image = (frame + 0.5) · size / 256 − 0.5` gives pixels. 2D is weak
 * perspective, u = t + s·X with s in pixels per metre. The 3D keypoints stand on the optical axis at a depth of 100 m with
 * fx = fy = 100·s and the principal point at the middle of the hand, so that the stored perspective camera gives the same
 * 2D to less than size / 3000 pixels.
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
  const settings = resolveSettings(options);
  const { size } = settings;
  const order = options.keypointOrder ?? 'panoptic';
  const parameters = drawParameters(rng, model, settings);
  const { vertices3d: vertices, keypoints3d: joints } = decodeHandParameters(model, parameters, {
    keypointOrder: options.keypointOrder,
  });

  const placeRng = rng.split('place');
  const { low, high } = extent(vertices);
  const handSide = Math.max(high[0] - low[0], high[1] - low[1]);
  if (!(handSide > 0 && handSide < Infinity)) {
    throw new ConfigError(`synthesizeHand: expected a hand with an extent, the drawn shape has ${handSide} m.`, {
      expected: '> 0',
      actual: handSide,
    });
  }
  const scale = size / (placeRng.uniform(...settings.sideOverHand) * handSide);
  const translation = ([0, 1] as const).map((axis) =>
    placeRng.uniform(-scale * low[axis], size - 1 - scale * high[axis]),
  ) as [number, number];
  parameters.set(
    [(scale * HAND_PARAMETER_FRAME) / size, ...translation.map((value) => parameterFrameFromImage(value, size))],
    HAND_PARAMETER_BLOCKS.scale[0],
  );

  const rendered = renderHand(rng, model, vertices, { scale, translation }, settings, options);
  const keypoints = project(joints, scale, translation);
  const vertices2d = project(vertices, scale, translation);
  let meanZ = 0;
  for (let i = 2; i < joints.length; i += 3) meanZ += joints[i]! / (joints.length / 3);
  const origin = [(low[0] + high[0]) / 2, (low[1] + high[1]) / 2, meanZ] as const;
  const focal = scale * SYNTHETIC_DEPTH;
  const edges = [0, 1].map((axis) => translation[axis]! + scale * low[axis as 0 | 1]);
  const sample: SyntheticHand = {
    id: 'synthetic',
    source: { dataset: 'synthetic', file: '', index: 0 },
    side: model.side,
    isMirrored: false,
    keypointOrder: order,
    keypoints,
    visibility: keypointVisibility(joints, keypoints, vertices, rendered.depth),
    keypoints3d: placeInCamera(joints, origin),
    keypoints3dValid: new Uint8Array(joints.length / 3).fill(1),
    camera: Float64Array.of(
      ...[focal, 0, translation[0] + scale * origin[0]],
      ...[0, focal, translation[1] + scale * origin[1]],
      ...[0, 0, 1],
    ),
    bbox: [edges[0]!, edges[1]!, scale * (high[0] - low[0]), scale * (high[1] - low[1])],
    mano: undefined,
    handParameters: parameters,
    crop: undefined,
    subject: undefined,
    sequence: undefined,
    image: rendered.image,
    mask: rendered.mask,
    vertices2d,
    vertices3d: placeInCamera(vertices, origin),
  };
  return reorderSample(sample, order); // nothing moves: an alias gets its canonical name
}
