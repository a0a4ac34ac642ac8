import type { KeypointOrderName } from '@opposable/keypoint-order';
import type { Side } from '../types.js';
import type { FingertipSet } from './fingertips.js';
import type { Center } from './layer-options.js';

/** Libraries and datasets whose conventions are known by name. */
export type ManoConventionName =
  'manopth' | 'smplx' | 'freihand' | 'ho3d' | 'dexycb' | 'interhand' | '3dhand' | 'opposable';

/**
 * Everything that must be known to read a MANO annotation: how pose, shape and translation become vertices and joints, and
 * in which axes. Made by spreading one of {@link MANO_CONVENTIONS} where something differs:
 * `{ ...MANO_CONVENTIONS.manopth, numPcaComponents: 45 }`.
 */
export interface ManoConvention {
  readonly name: string;
  /** true: a zero pose is the flat hand; false: the model's mean pose is added. */
  readonly flatHandMean: boolean;
  /** How the pose of the 15 finger joints is given; globalOrient is axis-angle in both. */
  readonly poseRepresentation: 'pca' | 'axis-angle';
  /** Number of coefficients with 'pca', undefined with 'axis-angle'. */
  readonly numPcaComponents: number | undefined;
  /** Vertices of MANO's mesh that stand for the fingertips. */
  readonly fingertips: FingertipSet;
  /** Order of the joints that the library or dataset gives. */
  readonly keypointOrder: KeypointOrderName;
  /** Unit of the vertices and joints that the library or dataset gives. */
  readonly units: 'm' | 'mm';
  /** Unit of the annotation's translation. */
  readonly translUnits: 'm' | 'mm';
  /** Joint that is moved to the origin before the translation is added. */
  readonly center: Center;
  /**
   * What globalOrient turns the hand about: 'wrist', the wrist's rest joint, as in MANO; or 'origin', the coordinate origin,
   * after a fixed turn by (π, 0, 0) about the wrist.
   */
  readonly orientAbout: 'wrist' | 'origin';
  /** 'opencv': x right, y down, z away; 'opengl': x right, y up, z towards the viewer. */
  readonly axes: 'opencv' | 'opengl';
  /** Whether the numbers are in the frame of a camera, of the world (cameras have extrinsics), or of the caller's choice. */
  readonly frame: 'camera' | 'world' | 'any';
  /** Sides that are annotated; a hand of another side must be mirrored. */
  readonly sides: readonly Side[];
  /**
   * Whether betas of left hands belong to MANO_LEFT with the x of its shape directions negated ('on'), or as distributed
   * ('off').
   */
  readonly leftShapeFix: 'on' | 'off';
}

const BOTH_SIDES: readonly Side[] = ['right', 'left'];
const RIGHT_ONLY: readonly Side[] = ['right'];

/**
 * The manopth library with its defaults: six coefficients on top of the **flat** hand (`flat_hand_mean` true), outputs in
 * **millimetres** although the translation goes in as metres, 21 joints in OpenPose's order, the left middle fingertip at
 * another vertex than the right one. Left hands use MANO_LEFT as distributed. Its `center_idx` is ignored when a
 * translation other than zero is given, and is off by default: centre 'none'.
 *
 * Source: documentation and public discussion of hassony2/manopth (issue 22 for the mean).
 */
const manopth: ManoConvention = {
  name: 'manopth',
  flatHandMean: true,
  poseRepresentation: 'pca',
  numPcaComponents: 6,
  fingertips: 'manopth',
  keypointOrder: 'panoptic',
  units: 'mm',
  translUnits: 'm',
  center: 'none',
  orientAbout: 'wrist',
  axes: 'opencv',
  frame: 'any',
  sides: BOTH_SIDES,
  leftShapeFix: 'off',
};

/**
 * smplx' MANO, and the MANO authors' own PyTorch layer, with their defaults: six coefficients on top of the **mean** pose
 * (`flat_hand_mean` false), metres, 16 joints in MANO's own order, here with the tips T, I, M, R, L behind them as its
 * tip selector appends them. Left hands use MANO_LEFT as distributed. smplx switches PCA off at 45 components; here 45
 * means 45: for its 45 numbers use `{ ...MANO_CONVENTIONS.smplx, poseRepresentation: 'axis-angle', numPcaComponents:
 * undefined }`.
 *
 * Source: vchoutas/smplx, body_models and its issues 48 (left shape) and 192 (45 components); otaheri/MANO.
 */
const smplx: ManoConvention = {
  name: 'smplx',
  flatHandMean: false,
  poseRepresentation: 'pca',
  numPcaComponents: 6,
  fingertips: 'smplx',
  keypointOrder: 'mano-raw',
  units: 'm',
  translUnits: 'm',
  center: 'none',
  orientAbout: 'wrist',
  axes: 'opencv',
  frame: 'any',
  sides: BOTH_SIDES,
  leftShapeFix: 'off',
};

/**
 * FreiHAND: 45 axis-angle numbers **relative to the mean** pose, camera frame, metres, right hands only. The model is moved
 * so that keypoint 9, the middle finger's knuckle, is at the annotated root; the 61 numbers give that root by its pixel and
 * a scale. Its own five fingertip vertices.
 *
 * Source: lmb-freiburg/freihand; its issues and lmb-freiburg's readers; facebookresearch/frankmocap issue 58 (the mean).
 */
const freihand: ManoConvention = {
  name: 'freihand',
  flatHandMean: false,
  poseRepresentation: 'axis-angle',
  numPcaComponents: undefined,
  fingertips: 'freihand',
  keypointOrder: 'panoptic',
  units: 'm',
  translUnits: 'm',
  center: 'middle1',
  orientAbout: 'wrist',
  axes: 'opencv',
  frame: 'camera',
  sides: RIGHT_ONLY,
  leftShapeFix: 'on',
};

/**
 * HO-3D: 45 **absolute** axis-angle numbers (nothing added), metres, right hands only, in **OpenGL** camera axes: y and z
 * are negated against OpenCV's. Joints in MANO's own order with the tips T, I, M, R, L behind. Its own fingertip vertices.
 *
 * Source: shreyashampali/ho3d (evaluation and visualisation scripts); facebookresearch/frankmocap issue 58 (no mean).
 */
const ho3d: ManoConvention = {
  name: 'ho3d',
  flatHandMean: true,
  poseRepresentation: 'axis-angle',
  numPcaComponents: undefined,
  fingertips: 'ho3d',
  keypointOrder: 'mano-raw',
  units: 'm',
  translUnits: 'm',
  center: 'none',
  orientAbout: 'wrist',
  axes: 'opengl',
  frame: 'camera',
  sides: RIGHT_ONLY,
  leftShapeFix: 'on',
};

/**
 * DexYCB: all **45 PCA coefficients** on top of the mean pose, camera frame, metres, joints in OpenPose's order with
 * manopth's fingertips. Both hands; left hands were annotated with MANO_LEFT **as distributed**, without the fix of its
 * shape directions.
 *
 * Source: NVlabs/dex-ycb-toolkit, readme and issues 28 (left shape), 32 and 43 (45 components, mean), 45 (joints).
 */
const dexycb: ManoConvention = {
  name: 'dexycb',
  flatHandMean: false,
  poseRepresentation: 'pca',
  numPcaComponents: 45,
  fingertips: 'manopth',
  keypointOrder: 'panoptic',
  units: 'm',
  translUnits: 'm',
  center: 'none',
  orientAbout: 'wrist',
  axes: 'opencv',
  frame: 'camera',
  sides: BOTH_SIDES,
  leftShapeFix: 'off',
};

/**
 * InterHand2.6M (its MANO fits): 45 axis-angle numbers relative to the mean pose, **metres in the world frame** while the
 * dataset's own joints and cameras are in **millimetres**; joints tip first and wrist last. Both hands; left hands assume
 * the **fixed** shape directions. The published fingertip list is the right hand's; the left's middle fingertip is
 * manopth's.
 *
 * Source: facebookresearch/InterHand2.6M, readme and issues 96 (mean) and 138 (left shape); its MANO annotations' readme.
 */
const interhand: ManoConvention = {
  name: 'interhand',
  flatHandMean: false,
  poseRepresentation: 'axis-angle',
  numPcaComponents: undefined,
  fingertips: 'manopth',
  keypointOrder: 'interhand',
  units: 'mm',
  translUnits: 'm',
  center: 'none',
  orientAbout: 'wrist',
  axes: 'opencv',
  frame: 'world',
  sides: BOTH_SIDES,
  leftShapeFix: 'on',
};

/**
 * 3dhand: six coefficients on top of the mean pose, metres, image axes, right hands only (left ones are mirrored). MANO's
 * own root is fixed to (π, 0, 0); the predicted rotation comes after it and **about the origin**, not the wrist. Joints
 * index, middle, little, ring, thumb, each knuckle to tip. Its own fingertip vertices.
 *
 * Source: boukhayma/3dhand (released code of Boukhayma et al., CVPR 2019).
 */
const threeDHand: ManoConvention = {
  name: '3dhand',
  flatHandMean: false,
  poseRepresentation: 'pca',
  numPcaComponents: 6,
  fingertips: '3dhand',
  keypointOrder: 'mano',
  units: 'm',
  translUnits: 'm',
  center: 'none',
  orientAbout: 'origin',
  axes: 'opencv',
  frame: 'camera',
  sides: RIGHT_ONLY,
  leftShapeFix: 'on',
};

/**
 * This project's own, for synthetic data: 45 **absolute** axis-angle numbers (nothing added), metres, camera frame, both
 * hands, nothing centred.
 */
const opposable: ManoConvention = {
  name: 'opposable',
  flatHandMean: true,
  poseRepresentation: 'axis-angle',
  numPcaComponents: undefined,
  fingertips: 'smplx',
  keypointOrder: 'panoptic',
  units: 'm',
  translUnits: 'm',
  center: 'none',
  orientAbout: 'wrist',
  axes: 'opencv',
  frame: 'camera',
  sides: BOTH_SIDES,
  leftShapeFix: 'on',
};

/** The conventions by name; each entry's source and what trips users is in its docstring and in docs/conventions.md. */
export const MANO_CONVENTIONS: Readonly<Record<ManoConventionName, ManoConvention>> = {
  manopth,
  smplx,
  freihand,
  ho3d,
  dexycb,
  interhand,
  '3dhand': threeDHand,
  opposable,
};

/** The options of a layer that a convention decides. */
export interface ConventionLayerOptions {
  readonly flatHandMean: boolean;
  readonly poseRepresentation: 'pca' | 'axis-angle';
  readonly numPcaComponents: number | undefined;
  readonly fingertips: FingertipSet;
  readonly keypointOrder: KeypointOrderName;
  readonly units: 'm' | 'mm';
  readonly center: Center;
}

/** What a convention says about the layer: its mean, pose, fingertips, joint order, unit of the outputs and centre. */
export function conventionLayerOptions(convention: ManoConvention): ConventionLayerOptions {
  const { flatHandMean, poseRepresentation, numPcaComponents, fingertips, keypointOrder, units, center } = convention;
  return { flatHandMean, poseRepresentation, numPcaComponents, fingertips, keypointOrder, units, center };
}
