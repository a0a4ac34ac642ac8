import type { RigidTransform } from '@opposable/geometry/host';
import { shapeIdentity } from '@opposable/skinning/host';
import { ConfigError } from '@opposable/tensor-checks';
import type { ManoModel, Side } from '../types.js';
import { betasForModel } from './betas-for-model.js';
import { placementFromConvention, placementInConvention } from './hand-placement.js';
import { handOfSide, type ManoHands } from './hands-of-both-sides.js';
import {
  absoluteHandPose,
  assertAnnotation,
  assertSide,
  type ExactManoAnnotation,
  handPoseInConvention,
  type ManoAnnotation,
  manoConvention,
  type ManoConventionLike,
} from './mano-annotation.js';
import type { ManoConvention } from './presets.js';
import { type HandPlacement, rotateHand } from './rotate-hand.js';

/** OpenCV axes from OpenGL axes, and back: y and z negated. */
const FLIP_YZ: RigidTransform = { rotation: [1, 0, 0, 0, -1, 0, 0, 0, -1], translation: [0, 0, 0] };

export interface ConvertManoAnnotationOptions {
  readonly from: ManoConventionLike;
  readonly to: ManoConventionLike;
  /** Side of the result. A hand of the other side is mirrored, x' = −x in the frame of the camera. Default: the same. */
  readonly side?: Side | undefined;
  /**
   * New frame from old, in OpenCV axes and metres, for example cameraFromWorld. Required between a convention in the world
   * frame and one in a camera's, default none elsewhere. A mirrored hand is mirrored after it, or before it where the
   * result is in the world frame.
   */
  readonly transform?: RigidTransform | undefined;
}

export interface ConvertedManoAnnotation {
  /** In the convention `to`, in float64. */
  readonly annotation: ExactManoAnnotation;
  /** What could not be kept; zero up to rounding where the conversion is exact. */
  readonly residual: {
    /** Radians: largest difference of the 45 axis-angle numbers, where the new convention has too few coefficients. */
    readonly pose: number;
    /** Metres: largest distance of a rest vertex, where betas had to go to another shape space. */
    readonly shape: number;
  };
}

interface PosedHand {
  readonly model: ManoModel;
  readonly betas: ArrayLike<number>;
  readonly absolutePose: Float64Array;
  readonly placement: HandPlacement;
}

function assertFrames(from: ManoConvention, to: ManoConvention, transform: RigidTransform | undefined): void {
  const frames = [from.frame, to.frame];
  if (transform !== undefined || !frames.includes('world') || !frames.includes('camera')) return;
  throw new ConfigError(
    `convertManoAnnotation: expected transform (new frame from old) to be given, because '${from.name}' is in the ` +
      `${from.frame} frame and '${to.name}' in the ${to.frame} frame.`,
    { expected: 'transform' },
  );
}

function moved(hand: PosedHand, transform: RigidTransform): PosedHand {
  return { ...hand, placement: rotateHand(hand.model, hand.betas, hand.placement, transform) };
}

/** The hand on another model: the same side, or its mirror image; the wrist joint goes where it was. */
function onModel(hand: PosedHand, model: ManoModel, refit: boolean): { hand: PosedHand; residual: number } {
  if (model === hand.model) return { hand, residual: 0 };
  const mirrored = model.side !== hand.model.side;
  const { betas, residual } = betasForModel(hand.model, model, hand.betas, { mirrored, refit });
  const [before, after] = [shapeIdentity(hand.model, hand.betas), shapeIdentity(model, betas)].map(
    ({ restJoints }) => restJoints,
  ) as [Float64Array, Float64Array];
  const mirror = (values: ArrayLike<number>, isNegated: (i: number) => boolean) =>
    Float64Array.from(values, (value, i) => (mirrored && isNegated(i) ? 0 - value : value));
  const wrist = mirror(
    [0, 1, 2].map((i) => before[i]! + hand.placement.transl[i]!),
    (i) => i === 0,
  );
  return {
    hand: {
      model,
      betas,
      absolutePose: mirror(hand.absolutePose, (i) => i % 3 !== 0),
      placement: {
        globalOrient: mirror(hand.placement.globalOrient, (i) => i !== 0),
        transl: wrist.map((value, i) => value - after[i]!),
      },
    },
    residual,
  };
}

/**
 * The same hand in another convention: the same vertices in the frame of the camera, in float64.
 *
 * Mean pose added or removed; PCA ↔ axis-angle (exact with all 45 components, otherwise the nearest pose); centring, unit
 * and rotation about wrist or origin accounted for in the translation; OpenCV ↔ OpenGL axes and changes of frame with the
 * offset of the wrist; left ↔ right by mirroring, betas refitted where only one of the two conventions assumes the fix of
 * MANO_LEFT's shape directions. Axis-angle vectors that had to be turned come back with a length in [0, π].
 *
 * @param annotation side, globalOrient [3], handPose [n] or [45], betas [S], transl [3] in the convention `from`
 * @param hands the model, or both sides' models; a missing side is mirrored from the other
 * @param options conventions, side of the result, change of frame
 * @returns the annotation in the convention `to`, and what was lost
 * @throws ShapeError if an array has not the convention's length; ConfigError for an unknown convention, a side that a
 *   convention does not hold, a missing change of frame, or models that do not fit
 *
 * @example
 * convertManoAnnotation(annotation, rightHand, { from: 'freihand', to: 'ho3d' }).annotation;
 */
export function convertManoAnnotation(
  annotation: ManoAnnotation,
  hands: ManoHands,
  options: ConvertManoAnnotationOptions,
): ConvertedManoAnnotation {
  const operation = 'convertManoAnnotation';
  const [from, to] = [manoConvention(options.from), manoConvention(options.to)];
  const side = options.side ?? annotation.side;
  assertSide(annotation.side, from, operation);
  assertSide(side, to, operation);
  assertFrames(from, to, options.transform);
  const source = handOfSide(hands, annotation.side, from.leftShapeFix);
  const target = handOfSide(hands, side, to.leftShapeFix);
  assertAnnotation(annotation, source, from, operation);

  const shapedPose = { betas: annotation.betas, absolutePose: absoluteHandPose(source, annotation.handPose, from) };
  let hand: PosedHand = {
    model: source,
    ...shapedPose,
    placement: placementFromConvention(source, shapedPose, annotation, from),
  };
  let shapeResidual = 0;
  const isFixed = ({ leftShapeFix }: ManoConvention, of: Side) =>
    handOfSide(hands, of, leftShapeFix) === handOfSide(hands, of, 'on');
  const changeModel = () => {
    const changed = onModel(hand, target, isFixed(from, annotation.side) !== isFixed(to, side));
    hand = changed.hand;
    shapeResidual = changed.residual;
  };
  const { transform } = options;
  const isTurned = transform !== undefined || from.axes !== to.axes;
  if (isTurned && from.axes === 'opengl') hand = moved(hand, FLIP_YZ);
  if (to.frame === 'world') changeModel();
  if (transform !== undefined) hand = moved(hand, transform);
  if (to.frame !== 'world') changeModel();
  if (isTurned && to.axes === 'opengl') hand = moved(hand, FLIP_YZ);

  const handPose = handPoseInConvention(target, hand.absolutePose, to);
  const reached = absoluteHandPose(target, handPose, to);
  const poseResidual = reached.reduce((most, value, k) => Math.max(most, Math.abs(value - hand.absolutePose[k]!)), 0);
  // the centre depends on the pose that the convention can hold
  const place = placementInConvention(target, { betas: hand.betas, absolutePose: reached }, hand.placement, to);
  return {
    annotation: {
      side,
      globalOrient: Float64Array.from(place.globalOrient),
      handPose,
      betas: Float64Array.from(hand.betas),
      transl: Float64Array.from(place.transl),
    },
    residual: { pose: poseResidual, shape: shapeResidual },
  };
}
