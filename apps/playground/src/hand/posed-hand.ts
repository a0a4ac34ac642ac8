import * as tf from '@tensorflow/tfjs-core';
import { ManoLayer } from '@opposable/mano-layer';
import {
  coefficientsToHandPose,
  conventionLayerOptions,
  hasManoTopology,
  MANO_CONVENTIONS,
  type ManoConventionName,
  type ManoModel,
  type Side,
} from '@opposable/mano-layer/conventions';
import { loadOpenHand, openHandJointFrames, poseFromAngles } from '@opposable/open-hand';
import type { HandState } from './hand-state.js';

/** A hand whose joints the page can turn: a model, and whether its anatomical axes are known. */
export interface HandSource {
  readonly model: ManoModel;
  /** Name for the page: the open hand, or the user's file. */
  readonly name: string;
  /** true: the three angles of a joint are flexion, swing and twist; false: axis-angle about x, y and z. */
  readonly anatomical: boolean;
}

/** The openly licensed hand. */
export const openHand = (side: Side): HandSource => ({
  model: loadOpenHand(side),
  name: `open hand, ${side}`,
  anatomical: true,
});

/** Numbers of a posed hand, in the layer's units. */
export interface PosedHand {
  readonly vertices: Float32Array;
  readonly joints: Float32Array;
  readonly keypoints: Float32Array;
  /** Milliseconds from numbers to numbers. */
  readonly milliseconds: number;
}

/** How many pose coefficients a convention takes; those that take axis-angle numbers get as many as are worth a slider. */
export function coefficientCount(model: ManoModel, convention: ManoConventionName): number {
  return Math.min(MANO_CONVENTIONS[convention].numPcaComponents ?? 10, model.handsComponents.length / 45);
}

/** [45] the pose that is given to the layer: coefficients times components, and the angles of single joints. */
export function handPoseOf({ model, anatomical }: HandSource, state: HandState): Float32Array {
  const used = state.coefficients.slice(0, coefficientCount(model, state.convention));
  const pose = Float32Array.from(coefficientsToHandPose(model, used, { flatHandMean: true }));
  const turned = anatomical ? poseFromAngles(openHandJointFrames(model.side), state.angles) : state.angles;
  return pose.map((value, i) => value + turned[i]!);
}

/** The shape coefficients of the state that the model has. */
export const betasOf = ({ model }: HandSource, state: HandState): number[] =>
  Array.from({ length: model.shapeCount }, (_, i) => state.betas[i] ?? 0);

/** [45] the same with the mean pose where the convention adds it: absolute, as files have it. */
export function absolutePose(source: HandSource, state: HandState): number[] {
  const { flatHandMean } = MANO_CONVENTIONS[state.convention];
  return Array.from(handPoseOf(source, state), (value, i) => value + (flatHandMean ? 0 : source.model.handsMean[i]!));
}

/** A layer in a convention, whose pose is always given as 45 numbers. Mesh-bound parts are left out on other meshes than MANO's. */
export function layerOf(model: ManoModel, name: ManoConventionName, order: HandState['order']): ManoLayer {
  const convention = MANO_CONVENTIONS[name];
  const { flatHandMean, units, center, fingertips } = conventionLayerOptions(convention);
  const isMano = hasManoTopology(model);
  return new ManoLayer(model, {
    poseRepresentation: 'axis-angle',
    flatHandMean,
    units,
    center,
    fingertips: isMano ? fingertips : 'landmarks',
    orientAbout: convention.orientAbout,
    leftShapeFix: isMano && model.side === 'left' ? convention.leftShapeFix : undefined,
    keypointOrder: order,
  });
}

/** Runs the layer on the numbers of the state and reads the result. */
export async function poseHand(layer: ManoLayer, source: HandSource, state: HandState): Promise<PosedHand> {
  const pose = handPoseOf(source, state);
  const begin = performance.now();
  const [betas, handPose] = [tf.tensor2d([betasOf(source, state)]), tf.tensor2d(pose, [1, pose.length])];
  const globalOrient = tf.tensor2d([state.orient]);
  const { vertices, joints, keypoints } = layer.forward({ betas, handPose, globalOrient });
  try {
    const [v, j, k] = await Promise.all([vertices.data(), joints.data(), keypoints.data()]);
    const milliseconds = performance.now() - begin;
    return { vertices: v as Float32Array, joints: j as Float32Array, keypoints: k as Float32Array, milliseconds };
  } finally {
    tf.dispose([betas, handPose, globalOrient, vertices, joints, keypoints]);
  }
}
