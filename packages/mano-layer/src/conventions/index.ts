export type { RigidTransform } from '@opposable/geometry/host';
export {
  type ConvertedManoAnnotation,
  convertManoAnnotation,
  type ConvertManoAnnotationOptions,
} from './convert-mano-annotation.js';
export {
  decodeHandParameters,
  type DecodedHandParameters,
  type DecodeHandParametersOptions,
} from './decode-hand-parameters.js';
export {
  FINGERTIP_SETS,
  type FingertipChoice,
  type FingertipSet,
  fingertipVertices,
  MANO_PALM_VERTICES,
  palmVertices,
} from './fingertips.js';
export {
  HAND_PARAMETER_BLOCKS,
  HAND_PARAMETER_COUNT,
  HAND_PARAMETER_FRAME,
  HAND_PARAMETER_MEAN,
  HAND_PARAMETER_ROOT,
  type HandParameterBlock,
} from './hand-parameters.js';
export { coefficientsToHandPose, type HandPoseOptions, handPoseToCoefficients } from './hand-pose.js';
export type { ManoHands } from './hands-of-both-sides.js';
export { keypointSources } from './keypoint-sources.js';
export { type LeftShapeBug, leftShapeBug, negateShapeX, withLeftShape } from './left-shape-bug.js';
export {
  type Center,
  type ManoLayerChoices,
  type ManoLayerOptions,
  type PoseRepresentation,
  type ResolvedLayerOptions,
  resolveLayerOptions,
} from './layer-options.js';
export {
  type ExactManoAnnotation,
  type ManoAnnotation,
  manoConvention,
  type ManoConventionLike,
} from './mano-annotation.js';
export {
  type DexYcbRecord,
  type Ho3dRecord,
  interHandCamera,
  type InterHandRecord,
  MANO_RECORDS,
  type ManopthRecord,
  type ManoRecordCamera,
  type ManoRecordSide,
  type SmplxRecord,
} from './mano-records.js';
export { hasManoTopology, MANO_FACE_COUNT, MANO_PARENTS, MANO_VERTEX_COUNT } from './mano-topology.js';
export { mirrorModel } from './mirror-model.js';
export { type KeypointPlaces, pickKeypoints } from './pick-keypoints.js';
export { type PosedManoAnnotation, poseManoAnnotation } from './pose-mano-annotation.js';
export {
  type ConventionLayerOptions,
  conventionLayerOptions,
  MANO_CONVENTIONS,
  type ManoConvention,
  type ManoConventionName,
} from './presets.js';
export { recogniseSide } from './recognise-side.js';
export { type HandPlacement, rotateHand } from './rotate-hand.js';
export { scaleHandParameters, type ScaleHandParametersOptions } from './scale-hand-parameters.js';
export { HAND_POSE_COUNT, validateManoModel } from './validate-mano-model.js';
export { FINGER_NAMES, type FingerName } from '@opposable/keypoint-order';
export type { HandLandmarks, ManoModel, Side } from '../types.js';
