export { boneColors, type Color, FINGER_COLORS, jointColors, ROOT_COLOR } from './colors.js';
export { KeypointOrderError, type KeypointOrderErrorDetails } from './errors.js';
export { type FingerGroups, fingerGroups, fingertips, knuckles } from './finger-groups.js';
export { jointIndex } from './joint-index.js';
export {
  anatomicalName,
  FINGER_NAMES,
  fingerJoint,
  type FingerJointName,
  type FingerLevel,
  type FingerName,
  fingerOf,
  type JointName,
  type KnuckleName,
  type RootJointName,
} from './joint-name.js';
export { defineKeypointOrder, keypointOrder, type KeypointOrderLike } from './keypoint-order.js';
export {
  mirrorAxisAngles,
  mirrorColumn,
  mirrorPoints2d,
  type MirrorPoints2dOptions,
  mirrorPoints3d,
  type MirrorRule,
} from './mirror.js';
export { names } from './names.js';
export { oksSigmas } from './oks-sigmas.js';
export { KEYPOINT_ORDERS, type KeypointOrder, type KeypointOrderName } from './orders.js';
export { invertPermutation, permutation } from './permutation.js';
export type { Points, SameKind } from './points.js';
export { reorder, type ReorderOptions, type TypedArray } from './reorder.js';
export { type Bone, parents, skeleton } from './skeleton.js';
export { splitInterhandHands, splitRhdHands, type TwoHands } from './two-hands.js';
export { type MovedRoot, palmFromWristRhd, wristFromPalmStb, type WristPalmOptions } from './wrist-and-palm.js';
