import { type RigidTransform, transformPoints } from '@opposable/geometry/host';
import { keypointOrder, reorder } from '@opposable/keypoint-order';
import {
  type ManoAnnotation as LayerAnnotation,
  type ManoConvention,
  manoConvention,
  type ManoConventionName,
  type ManoHands,
  poseManoAnnotation,
} from '@opposable/mano-layer/conventions';
import { datasetError } from '../dataset-error.js';
import type { HandAnnotation } from '../types.js';

const MILLIMETRES = 1000;

/** A sample's MANO parameters as `@opposable/mano-layer` takes them. */
export interface SampleMano {
  readonly annotation: LayerAnnotation;
  /** That of the dataset; of a mirrored hand it holds hands of both sides. */
  readonly convention: ManoConvention;
  /** Metres; undefined where the parameters are in the camera's frame already. */
  readonly cameraFromWorld: RigidTransform | undefined;
}

type Hand = Pick<HandAnnotation, 'id' | 'side' | 'isMirrored' | 'mano'>;

/**
 * The MANO parameters of a sample as an annotation of `@opposable/mano-layer/conventions`, for `poseManoAnnotation` and
 * `convertManoAnnotation`.
 *
 * @returns undefined if the sample has none
 * @throws ConfigError for a convention of another name, DatasetError if the translation is not known
 */
export function sampleMano({ id, side, isMirrored, mano }: Hand): SampleMano | undefined {
  if (mano === undefined) return undefined;
  const { pose, betas, transl, worldToCamera: m } = mano;
  const convention = manoConvention(mano.convention as ManoConventionName);
  if (transl === undefined) {
    throw datasetError('sampleMano', `expected the translation of the MANO parameters of sample '${id}', got none`);
  }
  return {
    annotation: { side, globalOrient: pose.slice(0, 3), handPose: pose.slice(3), betas, transl },
    convention: isMirrored ? { ...convention, sides: ['right', 'left'] } : convention,
    cameraFromWorld: m && {
      rotation: Float64Array.from([0, 1, 2, 4, 5, 6, 8, 9, 10], (i) => m[i]!),
      translation: Float64Array.of(m[3]!, m[7]!, m[11]!),
    },
  };
}

/**
 * Where a sample's MANO parameters put the hand: vertices and keypoints in the camera frame of the sample, so that its
 * camera projects them onto the image. The convention's unit, axes, centre and frame are accounted for.
 *
 * @param sample a hand with `mano`
 * @param hands the MANO model, or both sides' models
 * @returns vertices [V, 3] and keypoints [21, 3] in the sample's order, mm; undefined if the sample has no parameters
 * @throws ConfigError or ShapeError if the parameters do not suit convention and model
 *
 * @example
 * const { keypoints } = manoInCamera(sample, hands)!;
 * projectPerspective(keypoints, sample.camera); // ≈ sample.keypoints
 */
export function manoInCamera(
  sample: Hand & Pick<HandAnnotation, 'keypointOrder'>,
  hands: ManoHands,
): { readonly vertices: Float64Array; readonly keypoints: Float64Array } | undefined {
  const mano = sampleMano(sample);
  if (mano === undefined) return undefined;
  const { annotation, convention, cameraFromWorld } = mano;
  const posed = poseManoAnnotation(annotation, hands, convention);
  const unit = convention.units === 'm' ? MILLIMETRES : 1;
  const toCamera = (points: ArrayLike<number>): Float64Array => {
    const mm = Float64Array.from(points, (value) => value * unit);
    if (convention.axes === 'opengl') return mm.map((value, i) => (i % 3 === 0 ? value : 0 - value));
    if (cameraFromWorld === undefined) return mm;
    const { rotation, translation } = cameraFromWorld;
    return Float64Array.from(transformPoints(rotation, mm), (value, i) => value + translation[i % 3]! * MILLIMETRES);
  };
  const order = keypointOrder(sample.keypointOrder).name;
  return {
    vertices: toCamera(posed.vertices),
    keypoints: reorder(toCamera(posed.keypoints), convention.keypointOrder, order),
  };
}
