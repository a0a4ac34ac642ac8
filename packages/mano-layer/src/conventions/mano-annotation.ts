import { ConfigError, ShapeError } from '@opposable/tensor-checks';
import type { ManoModel, Side } from '../types.js';
import { coefficientsToHandPose, handPoseToCoefficients } from './hand-pose.js';
import { MANO_CONVENTIONS, type ManoConvention, type ManoConventionName } from './presets.js';
import { HAND_POSE_COUNT } from './validate-mano-model.js';

/** Pose, shape and place of one hand, in the units, axes and meaning of a {@link ManoConvention}. */
export interface ManoAnnotation {
  readonly side: Side;
  /** [3] axis-angle, radians. */
  readonly globalOrient: ArrayLike<number>;
  /** [n] coefficients or [45] axis-angle numbers, as the convention has them. */
  readonly handPose: ArrayLike<number>;
  /** [S] shape coefficients. */
  readonly betas: ArrayLike<number>;
  /** [3] in the convention's unit, relative to its centre. */
  readonly transl: ArrayLike<number>;
}

/** A {@link ManoAnnotation} that a function of this package made: float64, its own copy. */
export interface ExactManoAnnotation extends ManoAnnotation {
  readonly globalOrient: Float64Array;
  readonly handPose: Float64Array;
  readonly betas: Float64Array;
  readonly transl: Float64Array;
}

/** A convention by name, or one of them changed. */
export type ManoConventionLike = ManoConventionName | ManoConvention;

/**
 * A convention by its name; a convention as it is.
 *
 * @throws ConfigError for an unknown name
 */
export function manoConvention(convention: ManoConventionLike): ManoConvention {
  if (typeof convention === 'object') return convention;
  if (Object.hasOwn(MANO_CONVENTIONS, convention)) return MANO_CONVENTIONS[convention];
  const names = Object.keys(MANO_CONVENTIONS);
  throw new ConfigError(`manoConvention: expected one of ${names.join(', ')}, got '${String(convention)}'.`, {
    expected: names,
    actual: convention,
  });
}

/** @throws ShapeError if an array has not the length that convention and model demand; ConfigError for another side */
export function assertAnnotation(
  annotation: ManoAnnotation,
  model: ManoModel,
  convention: ManoConvention,
  operation: string,
): void {
  for (const [name, length] of [
    ['globalOrient', 3],
    ['handPose', convention.poseRepresentation === 'pca' ? convention.numPcaComponents : HAND_POSE_COUNT],
    ['betas', model.shapeCount],
    ['transl', 3],
  ] as const) {
    const actual = annotation[name]?.length;
    if (actual !== length) {
      throw new ShapeError(
        `${operation}: expected ${name} of length ${length} in the convention '${convention.name}', got ${actual ?? 'none'}.`,
        { expected: [length], actual: [actual] },
      );
    }
    const bad = Array.from(annotation[name]).findIndex((value) => !Number.isFinite(value));
    if (bad >= 0) {
      throw new ConfigError(
        `${operation}: expected finite numbers in ${name}, got ${annotation[name][bad]} at ${bad}.`,
        {
          expected: 'finite',
          actual: annotation[name][bad],
        },
      );
    }
  }
}

/** @throws ConfigError if the convention holds no hands of this side */
export function assertSide(side: Side, { name, sides }: ManoConvention, operation: string): void {
  if (sides.includes(side)) return;
  throw new ConfigError(
    `${operation}: the convention '${name}' holds ${sides.join(' and ')} hands only, got side ${String(side)}; ` +
      `set side: '${sides[0]}' to mirror the hand.`,
    { expected: sides, actual: side },
  );
}

/** [45] axis-angle numbers, the mean included, of the pose in a convention. */
export function absoluteHandPose(
  model: ManoModel,
  handPose: ArrayLike<number>,
  { poseRepresentation, flatHandMean }: ManoConvention,
): Float64Array {
  if (poseRepresentation === 'pca') return coefficientsToHandPose(model, handPose, { flatHandMean });
  return Float64Array.from(handPose, (value, k) => (flatHandMean ? value : value + model.handsMean[k]!));
}

/** The pose in a convention of [45] axis-angle numbers with the mean included; the nearest one, where it has fewer numbers. */
export function handPoseInConvention(
  model: ManoModel,
  absolute: ArrayLike<number>,
  { poseRepresentation, numPcaComponents, flatHandMean }: ManoConvention,
): Float64Array {
  if (poseRepresentation === 'pca') {
    return handPoseToCoefficients(model, absolute, numPcaComponents ?? HAND_POSE_COUNT, { flatHandMean });
  }
  return Float64Array.from(absolute, (value, k) => (flatHandMean ? value : value - model.handsMean[k]!));
}
