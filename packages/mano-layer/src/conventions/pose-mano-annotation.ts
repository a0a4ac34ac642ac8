import type { FloatArray } from '@opposable/skinning/host';
import { fingertipVertices, palmVertices } from './fingertips.js';
import { placementFromConvention, poseAtPlacement } from './hand-placement.js';
import { handOfSide, type ManoHands } from './hands-of-both-sides.js';
import { keypointSources, PALM_SOURCE } from './keypoint-sources.js';
import {
  absoluteHandPose,
  assertAnnotation,
  assertSide,
  type ManoAnnotation,
  manoConvention,
  type ManoConventionLike,
} from './mano-annotation.js';
import { hasManoTopology } from './mano-topology.js';
import { pickKeypoints } from './pick-keypoints.js';

/** A posed hand in the units, axes and joint order of a convention. */
export interface PosedManoAnnotation {
  /** [V, 3] */
  readonly vertices: FloatArray;
  /** [16, 3] in the model's own order. */
  readonly joints: FloatArray;
  /** [21, 3] in the convention's order, with its fingertips; on another mesh than MANO's with the mesh's own. */
  readonly keypoints: Float64Array;
}

/**
 * Vertices and joints of an annotation, as the convention's own library or dataset gives them: its unit, axes, joint
 * order and fingertip vertices. In float64, on plain arrays.
 *
 * @param annotation side, globalOrient [3], handPose [n] or [45], betas [S], transl [3] in the convention
 * @param hands the model, or both sides' models
 * @param convention by name, or one of them changed
 * @returns vertices [V, 3], joints [16, 3] and keypoints [21, 3]
 * @throws ShapeError if an array has not the convention's length; ConfigError for an unknown convention or side
 */
export function poseManoAnnotation(
  annotation: ManoAnnotation,
  hands: ManoHands,
  convention: ManoConventionLike,
): PosedManoAnnotation {
  const operation = 'poseManoAnnotation';
  const resolved = manoConvention(convention);
  assertSide(annotation.side, resolved, operation);
  const model = handOfSide(hands, annotation.side, resolved.leftShapeFix);
  assertAnnotation(annotation, model, resolved, operation);
  const { betas, handPose } = annotation;
  const pose = { betas, absolutePose: absoluteHandPose(model, handPose, resolved) };
  const placement = placementFromConvention(model, pose, annotation, resolved);
  const unit = resolved.units === 'mm' ? 1000 : 1;
  const posed = poseAtPlacement(model, pose, placement);
  const [vertices, joints] = [posed.vertices, posed.joints].map((points) =>
    Float64Array.from(points, (value) => unit * value),
  ) as [Float64Array, Float64Array];
  const sources = keypointSources(resolved.keypointOrder);
  const keypoints = pickKeypoints(joints, vertices, {
    fingertips: fingertipVertices(model, hasManoTopology(model) ? resolved.fingertips : 'landmarks'),
    palm: sources.includes(PALM_SOURCE) ? palmVertices(model) : [],
    sources,
  });
  return { vertices, joints, keypoints };
}
