import { axisAngleToMatrix, matrixToAxisAngle, multiply3x3, transpose3x3 } from '@opposable/geometry/host';
import { type HostSkinningResult, linearBlendSkinning, shapeIdentity } from '@opposable/skinning/host';
import type { ManoModel } from '../types.js';
import { fingertipVertices, palmVertices } from './fingertips.js';
import { HAND_PARAMETER_ROOT } from './hand-parameters.js';
import { jointSource, PALM_SOURCE } from './keypoint-sources.js';
import { pickKeypoints } from './pick-keypoints.js';
import type { ManoConvention } from './presets.js';
import { type HandPlacement, rotateHand } from './rotate-hand.js';

const JOINTS = 16;
const ROOT = axisAngleToMatrix(HAND_PARAMETER_ROOT);
const ZERO = [0, 0, 0];

/** A hand's shape and absolute pose, without its place. */
export interface ShapedPose {
  readonly betas: ArrayLike<number>;
  /** [45] axis-angle numbers, the mean included. */
  readonly absolutePose: Float64Array;
}

/** Vertices and joints in metres of a hand turned about its wrist. */
export function poseAtPlacement(
  model: ManoModel,
  { betas, absolutePose }: ShapedPose,
  { globalOrient, transl }: HandPlacement,
): HostSkinningResult {
  const rotations = new Float64Array(JOINTS * 9);
  rotations.set(axisAngleToMatrix(globalOrient));
  for (let j = 1; j < JOINTS; j++) rotations.set(axisAngleToMatrix(absolutePose.subarray(j * 3 - 3, j * 3)), j * 9);
  return linearBlendSkinning(model, { betas, rotations, transl });
}

/** The point that the convention moves to the origin before it adds the translation, of a hand at a placement. */
function centerOf(model: ManoModel, pose: ShapedPose, placement: HandPlacement, convention: ManoConvention) {
  if (convention.center === 'none') return Float64Array.from(ZERO);
  const source = jointSource(convention.center);
  const { vertices, joints } = poseAtPlacement(model, pose, placement);
  return pickKeypoints(Float64Array.from(joints), Float64Array.from(vertices), {
    fingertips: source >= JOINTS && source < PALM_SOURCE ? fingertipVertices(model, convention.fingertips) : [],
    palm: source === PALM_SOURCE ? palmVertices(model) : [],
    sources: [source],
  });
}

const metresPerUnit = ({ translUnits }: ManoConvention): number => (translUnits === 'mm' ? 1e-3 : 1);

/**
 * From a convention's orientation and translation to MANO's own: a rotation about the wrist's rest joint and a translation
 * in metres added last, in the convention's axes.
 */
export function placementFromConvention(
  model: ManoModel,
  pose: ShapedPose,
  { globalOrient, transl }: HandPlacement,
  convention: ManoConvention,
): HandPlacement {
  const start: HandPlacement =
    convention.orientAbout === 'wrist'
      ? { globalOrient, transl: ZERO }
      : rotateHand(
          model,
          pose.betas,
          { globalOrient: HAND_PARAMETER_ROOT, transl: ZERO },
          { rotation: axisAngleToMatrix(globalOrient), translation: ZERO },
        );
  const center = centerOf(model, pose, start, convention);
  const unit = metresPerUnit(convention);
  return {
    globalOrient: start.globalOrient,
    transl: Float64Array.from({ length: 3 }, (_, i) => start.transl[i]! - center[i]! + unit * transl[i]!),
  };
}

/** The inverse of {@link placementFromConvention}. */
export function placementInConvention(
  model: ManoModel,
  pose: ShapedPose,
  { globalOrient, transl }: HandPlacement,
  convention: ManoConvention,
): HandPlacement {
  let orient = globalOrient;
  let start: HandPlacement = { globalOrient, transl: ZERO };
  if (convention.orientAbout === 'origin') {
    const rotation = multiply3x3(axisAngleToMatrix(globalOrient), transpose3x3(ROOT));
    orient = matrixToAxisAngle(rotation);
    const wrist = shapeIdentity(model, pose.betas).restJoints;
    const turned = [0, 1, 2].map((i) => [0, 1, 2].reduce((sum, k) => sum + rotation[i * 3 + k]! * wrist[k]!, 0));
    start = { globalOrient, transl: turned.map((value, i) => value - wrist[i]!) };
  }
  const center = centerOf(model, pose, start, convention);
  const unit = metresPerUnit(convention);
  return {
    globalOrient: Float64Array.from(orient),
    transl: Float64Array.from({ length: 3 }, (_, i) => (transl[i]! - start.transl[i]! + center[i]!) / unit),
  };
}
