import { axisAngleToMatrix } from '@opposable/geometry/host';
import type { KeypointOrderLike } from '@opposable/keypoint-order';
import { linearBlendSkinning } from '@opposable/skinning/host';
import { ConfigError, ShapeError } from '@opposable/tensor-checks';
import type { ManoModel } from '../types.js';
import { type FingertipChoice, fingertipVertices, palmVertices } from './fingertips.js';
import { HAND_PARAMETER_BLOCKS, HAND_PARAMETER_COUNT, HAND_PARAMETER_ROOT } from './hand-parameters.js';
import { coefficientsToHandPose } from './hand-pose.js';
import { keypointSources } from './keypoint-sources.js';
import { type KeypointPlaces, pickKeypoints } from './pick-keypoints.js';

const JOINTS = 16;
const BETAS = HAND_PARAMETER_BLOCKS.betas[1] - HAND_PARAMETER_BLOCKS.betas[0];
const ROOT_ROTATION = axisAngleToMatrix(HAND_PARAMETER_ROOT);

export interface DecodeHandParametersOptions {
  /** Order of the 21 keypoints, by name or alias ('3dhand' is 'mano'). Default 'panoptic'. */
  readonly keypointOrder?: KeypointOrderLike | undefined;
  /** Vertices that stand for the fingertips; default the model's landmarks. */
  readonly fingertips?: FingertipChoice | undefined;
}

/** A hand in image axes (x right, y down, z away) and its projection. */
export interface DecodedHandParameters {
  /** [V, 3] metres. */
  readonly vertices3d: Float64Array;
  /** [21, 3] metres, in the chosen order. */
  readonly keypoints3d: Float64Array;
  /** [16, 3] metres, the model's joints in its own order. */
  readonly joints3d: Float64Array;
  /** [V, 2] pixels of the 256 frame, (u, v). */
  readonly vertices2d: Float64Array;
  /** [21, 2] pixels of the 256 frame, (u, v), in the chosen order. */
  readonly keypoints2d: Float64Array;
  /** [45] axis-angle of the 15 finger joints, the mean pose included. */
  readonly poseAxisAngle: Float64Array;
}

const resolvedDefaults = new WeakMap<ManoModel, KeypointPlaces>();

function resolve(model: ManoModel, { keypointOrder, fingertips }: DecodeHandParametersOptions): KeypointPlaces {
  const isDefault = keypointOrder === undefined && fingertips === undefined;
  const known = isDefault ? resolvedDefaults.get(model) : undefined;
  if (known !== undefined) return known;
  const sources = keypointSources(keypointOrder ?? 'panoptic');
  const resolved = {
    fingertips: fingertipVertices(model, fingertips),
    palm: sources.some((source) => source > JOINTS + 4) ? palmVertices(model) : [],
    sources,
  };
  if (isDefault) resolvedDefaults.set(model, resolved);
  return resolved;
}

function project(points: Float64Array, scale: number, u: number, v: number): Float64Array {
  const projected = new Float64Array((points.length / 3) * 2);
  for (let from = 0, to = 0; from < points.length; from += 3, to += 2) {
    projected[to] = u + scale * points[from]!;
    projected[to + 1] = v + scale * points[from + 1]!;
  }
  return projected;
}

/**
 * The head of 3dhand on plain numbers, in float64: from the 22 numbers to mesh, keypoints and their projection.
 *
 * pose = mean + Σ_k coefficients_k · components_k;  Y = model(betas, pose, root rotation (π, 0, 0) about the wrist);
 * X = R(rotation) · Y about the coordinate origin, not the wrist;  (u, v) = translation + scale · (X_x, X_y).
 *
 * Depth is dropped by the projection. For display in axes with y up, negate y and z.
 *
 * @param model a hand with at least six pose components and ten shape coefficients (further ones stay zero)
 * @param params the 22 numbers, see `HAND_PARAMETER_BLOCKS`
 * @param options keypoint order and fingertips
 * @returns vertices and keypoints in metres (image axes) and in pixels of the 256 frame
 * @throws ShapeError if there are not 22 numbers; ConfigError if the model lacks coefficients, components or landmarks
 *
 * Source: Boukhayma, de Bem, Torr: 3D Hand Shape and Pose from Images in the Wild, CVPR 2019, released code.
 */
export function decodeHandParameters(
  model: ManoModel,
  params: ArrayLike<number>,
  options: DecodeHandParametersOptions = {},
): DecodedHandParameters {
  if (params.length !== HAND_PARAMETER_COUNT) {
    throw new ShapeError(`decodeHandParameters: expected ${HAND_PARAMETER_COUNT} numbers, got ${params.length}.`, {
      expected: [HAND_PARAMETER_COUNT],
      actual: [params.length],
    });
  }
  if (model.shapeCount < BETAS) {
    throw new ConfigError(
      `decodeHandParameters: expected a model with at least ${BETAS} shape coefficients, got ${model.shapeCount}.`,
      { expected: BETAS, actual: model.shapeCount },
    );
  }
  const block = (name: keyof typeof HAND_PARAMETER_BLOCKS): number[] => {
    const [start, end] = HAND_PARAMETER_BLOCKS[name];
    return Array.from({ length: end - start }, (_, i) => params[start + i]!);
  };
  const [scale, u, v] = [...block('scale'), ...block('translation')] as [number, number, number];
  const resolved = resolve(model, options);
  const poseAxisAngle = coefficientsToHandPose(model, block('pose'), { flatHandMean: false });
  const rotations = new Float64Array(JOINTS * 9);
  rotations.set(ROOT_ROTATION);
  for (let j = 1; j < JOINTS; j++) rotations.set(axisAngleToMatrix(poseAxisAngle.subarray(j * 3 - 3, j * 3)), j * 9);
  const betas = new Float64Array(model.shapeCount);
  betas.set(block('betas'));
  const vertices3d = new Float64Array(model.vertexCount * 3);
  const joints3d = new Float64Array(JOINTS * 3);
  linearBlendSkinning(
    model,
    { betas, rotations, worldRotation: axisAngleToMatrix(block('rotation')) },
    { vertices: vertices3d, joints: joints3d },
  );
  const keypoints3d = pickKeypoints(joints3d, vertices3d, resolved);
  return {
    vertices3d,
    keypoints3d,
    joints3d,
    vertices2d: project(vertices3d, scale, u, v),
    keypoints2d: project(keypoints3d, scale, u, v),
    poseAxisAngle,
  };
}
