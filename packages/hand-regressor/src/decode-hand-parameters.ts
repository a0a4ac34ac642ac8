import * as tf from '@tensorflow/tfjs-core';
import { axisAngleToMatrix, projectWeakPerspective } from '@opposable/geometry';
import { ManoLayer, type ManoModel } from '@opposable/mano-layer';
import { HAND_PARAMETER_ROOT } from '@opposable/mano-layer/conventions';
import { assertShape } from '@opposable/tensor-checks';

export interface HandParameterLayerOptions {
  /** How many pose components the parameters hold. 6 is the layout of 3dhand; fitting may use all 45. Default 6. */
  numPcaComponents?: number;
  /** Order of the 21 keypoints. Default 'panoptic'. */
  keypointOrder?: string;
}

/**
 * The MANO layer with the conventions of the 22 numbers: pose coefficients with the mean always added, metres, no
 * centring.
 *
 * @returns a layer for {@link decodeHandParameters}; the caller disposes it
 */
export function createHandParameterLayer(model: ManoModel, options: HandParameterLayerOptions = {}): ManoLayer {
  const { numPcaComponents = 6, keypointOrder = 'panoptic' } = options;
  return new ManoLayer(model, {
    numPcaComponents,
    keypointOrder,
    poseRepresentation: 'pca',
    flatHandMean: false,
    units: 'm',
  });
}

/** What {@link decodeHandParameters} gives; the caller owns every tensor. */
export interface DecodedHand {
  /** [B, 21, 3] metres, image axes (x right, y down, z away) */
  keypoints3d: tf.Tensor3D;
  /** [B, 21, 2] pixels of the 256 frame */
  keypoints2d: tf.Tensor3D;
  /** [B, V, 3] metres, image axes; undefined when not asked for */
  vertices3d: tf.Tensor3D | undefined;
  /** [B, V, 2] pixels of the 256 frame; undefined when not asked for */
  vertices2d: tf.Tensor3D | undefined;
  /** [B] pixels per metre */
  scale: tf.Tensor1D;
  /** [B, P] */
  pose: tf.Tensor2D;
  /** [B, S] */
  betas: tf.Tensor2D;
}

/**
 * The head of 3dhand: from the 22 numbers to mesh, joints and their projection.
 *
 * X = R(rotation) · layer(pose, betas, globalOrient = (π, 0, 0)), about the coordinate origin, not the wrist;
 * (u, v) = translation + scale · (X_x, X_y). Depth is dropped.
 *
 * @param layer from {@link createHandParameterLayer}
 * @param parameters [B, 6 + P + S]: scale, translation, rotation, P pose coefficients, S betas; P is the layer's
 * @param options.vertices also compute the vertices; default true
 * @returns tensors that the caller owns
 * @throws ShapeError if the width does not match the layer
 */
export function decodeHandParameters(
  layer: ManoLayer,
  parameters: tf.Tensor2D,
  options: { vertices?: boolean } = {},
): DecodedHand {
  const { vertices: wantVertices = true } = options;
  const poseCount = layer.options.numPcaComponents;
  const shapeCount = layer.model.shapeCount;
  assertShape(parameters, ['B', 6 + poseCount + shapeCount], 'decodeHandParameters', 'parameters');
  const batch = parameters.shape[0];
  const decode = (): DecodedHand => {
    const column = (start: number, size: number): tf.Tensor2D => tf.slice(parameters, [0, start], [batch, size]);
    const scale = tf.reshape<tf.Rank.R1>(column(0, 1), [batch]);
    const translation = column(1, 2);
    const rotation = axisAngleToMatrix(column(3, 3)) as tf.Tensor3D; // [B, 3, 3]
    const pose = column(6, poseCount);
    const betas = column(6 + poseCount, shapeCount);
    const globalOrient = tf.tile<tf.Tensor2D>(tf.tensor2d([...HAND_PARAMETER_ROOT], [1, 3]), [batch, 1]);
    const hand = layer.forward(
      { betas, handPose: pose, globalOrient, worldRotation: rotation },
      { vertices: wantVertices },
    );
    const { keypoints: keypoints3d, vertices: vertices3d } = hand;
    const project = (points: tf.Tensor3D): tf.Tensor3D => projectWeakPerspective(points, scale, translation);
    return {
      keypoints3d,
      keypoints2d: project(keypoints3d),
      vertices3d,
      vertices2d: vertices3d === undefined ? undefined : project(vertices3d),
      scale,
      pose,
      betas,
    };
  };
  // The result type is an object of tensors, which tidy keeps; tfjs types only allow tensors and containers of them.
  return tf.tidy(decode as unknown as () => tf.TensorContainerObject) as unknown as DecodedHand;
}
