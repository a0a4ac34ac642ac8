import { axisAngleToMatrix } from '@opposable/geometry/host';
import {
  coefficientsToHandPose,
  fingertipVertices,
  HAND_PARAMETER_BLOCKS,
  HAND_PARAMETER_COUNT,
  HAND_PARAMETER_ROOT,
  type HandParameterBlock,
  keypointSources,
  type ManoModel,
  palmVertices,
  pickKeypoints,
  rotateHand,
} from '@opposable/mano-layer/conventions';
import { poseIdentity, type ShapedIdentity, shapeIdentity } from '@opposable/skinning/host';
import type { Rng } from '@opposable/tensor-checks';
import { type DrawnPose, naturalPose } from '../pose/natural-pose.js';
import type { SynthesisSettings } from '../settings/types.js';
import { sampleBetas } from './sample-betas.js';
import { sampleRotation } from './sample-rotation.js';

const JOINTS = 16;
const ROOT_ROTATION = axisAngleToMatrix(HAND_PARAMETER_ROOT);

/** A hand in image axes (x right, y down, z away), not yet anywhere before the camera. */
export interface DrawnHand {
  /** [S] shape coefficients */
  readonly betas: Float64Array;
  /** [45] axis-angle numbers of the finger joints, the mean included */
  readonly pose: Float64Array;
  /** [3] axis-angle numbers of the wrist, which turns the hand about its rest joint */
  readonly globalOrient: Float64Array;
  /** [3] metres, added to what the model gives with these numbers */
  readonly transl: Float64Array;
  /** [V, 3] metres */
  readonly vertices: Float64Array;
  /** [16, 3] metres, the model's own joints */
  readonly joints: Float64Array;
  /** [21, 3] metres, in the chosen order */
  readonly keypoints: Float64Array;
  /** The 22 numbers with scale 1 and no translation, where there are any that give this pose. */
  readonly parameters: Float64Array | undefined;
}

type Draw = Pick<SynthesisSettings, 'betas' | 'pose' | 'poseRange' | 'rotation'>;

const identities = new WeakMap<ManoModel, ShapedIdentity>();

/** The same object for every call with a model: used up before the next. */
function identityOf(model: ManoModel, betas: Float64Array): ShapedIdentity {
  const identity = shapeIdentity(model, betas, identities.get(model));
  identities.set(model, identity);
  return identity;
}

/** The drawn rotation comes after the root's, about the origin; the model turns once, about the wrist. */
function aboutWrist(
  model: ManoModel,
  betas: Float64Array,
  rotation: ArrayLike<number>,
): Pick<DrawnHand, 'globalOrient' | 'transl'> {
  const root = { globalOrient: HAND_PARAMETER_ROOT, transl: [0, 0, 0] };
  return rotateHand(model, betas, root, { rotation: axisAngleToMatrix(rotation), translation: new Float64Array(3) });
}

function parametersOf(blocks: Partial<Record<HandParameterBlock, ArrayLike<number>>>): Float64Array {
  const parameters = new Float64Array(HAND_PARAMETER_COUNT);
  for (const [name, values] of Object.entries(blocks)) {
    parameters.set(values, HAND_PARAMETER_BLOCKS[name as HandParameterBlock][0]);
  }
  return parameters;
}

/** Uniform coefficients of the pose basis, as 3dhand draws them. */
function coefficientPose(rng: Rng, model: ManoModel, range: number): DrawnPose {
  const [start, end] = HAND_PARAMETER_BLOCKS.pose;
  const coefficients = Float64Array.from({ length: end - start }, () => rng.uniform(-range, range));
  return { pose: coefficientsToHandPose(model, coefficients, { flatHandMean: false }), coefficients };
}

/** Shape, pose and rotation of one hand from splits of the rng, and the mesh that they give. */
export function drawHand(rng: Rng, model: ManoModel, settings: Draw, keypointOrder = 'panoptic'): DrawnHand {
  const poseRng = rng.split('pose');
  const rotation = sampleRotation(rng.split('rotation'), settings.rotation);
  const [betasStart, betasEnd] = HAND_PARAMETER_BLOCKS.betas;
  const drawn = sampleBetas(rng.split('betas'), Math.min(betasEnd - betasStart, model.shapeCount), settings.betas);
  const betas = new Float64Array(model.shapeCount);
  betas.set(drawn);
  const wrist = aboutWrist(model, betas, rotation);

  const identity = identityOf(model, betas);
  const { pose, coefficients } =
    settings.pose === 'coefficients'
      ? coefficientPose(poseRng, model, settings.poseRange)
      : naturalPose(poseRng, model, identity.restJoints, settings.pose);
  const rotations = new Float64Array(JOINTS * 9);
  rotations.set(ROOT_ROTATION);
  for (let j = 1; j < JOINTS; j++) rotations.set(axisAngleToMatrix(pose.subarray(3 * j - 3, 3 * j)), 9 * j);
  const posed = poseIdentity(identity, { rotations, worldRotation: axisAngleToMatrix(rotation) });
  const vertices = posed.vertices as Float64Array;
  const joints = posed.joints as Float64Array;
  const sources = keypointSources(keypointOrder);
  const keypoints = pickKeypoints(joints, vertices, {
    fingertips: fingertipVertices(model),
    palm: sources.some((source) => source > JOINTS + 4) ? palmVertices(model) : [],
    sources,
  });
  const parameters = coefficients && parametersOf({ scale: [1], rotation, pose: coefficients, betas: drawn });
  return { betas, pose, ...wrist, vertices, joints, keypoints, parameters };
}
