import type { Logger } from '@opposable/training';

/** What N hands are fitted to; 21 keypoints each in 'panoptic' order. */
export interface FitTargets {
  /** [N, 21, 3] millimetres in the camera frame (x right, y down, z away) */
  readonly keypoints3d: ArrayLike<number>;
  /** [N, 21, 2] pixels of the image; any value, also NaN, where the keypoint is not visible */
  readonly keypoints: ArrayLike<number>;
  /** [N, 21] 0 leaves the 2D keypoint out, every other number takes it in */
  readonly visibility: ArrayLike<number>;
  /** [N, 3, 3] row-major, in pixels of the same image, pixel centres at integers */
  readonly intrinsics: ArrayLike<number>;
}

/** How much each part of the objective counts, see `fitHands`. */
export interface FitWeights {
  /** per square pixel */
  readonly keypoints2d: number;
  /** per square millimetre */
  readonly keypoints3d: number;
  /** per square of a pose or shape coefficient, in standard deviations */
  readonly coefficients: number;
}

export interface FitHandsOptions {
  /** Number P of pose coefficients, 1 to the hand's number of components. */
  readonly coefficients: number;
  /** Steps of the optimiser. Default 500. */
  readonly iterations?: number | undefined;
  /** First step in standard deviations of a coefficient and in radians; falls to 0 along a cosine. Default 0.1. */
  readonly learningRate?: number | undefined;
  /** Default `FIT_HANDS_DEFAULTS.weights`. */
  readonly weights?: Partial<FitWeights> | undefined;
  /** Told the loss every `logEvery` iterations. */
  readonly logger?: Logger | undefined;
  /** Default 50. */
  readonly logEvery?: number | undefined;
  /** Stops the fit, which then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** Parameters of the layer with `flatHandMean: false` and `numPcaComponents: P`. */
export interface FittedParameters {
  /** [N, 3] axis-angle about the wrist joint, radians */
  readonly globalOrient: Float32Array;
  /** [N, 3] metres, added last */
  readonly transl: Float32Array;
  /** [N, P] pose coefficients; the mean pose is added to them */
  readonly handPose: Float32Array;
  /** [N, 10] shape coefficients */
  readonly betas: Float32Array;
}

/** N fitted hands in the camera frame. */
export interface FittedHands {
  readonly count: number;
  /** P */
  readonly coefficients: number;
  readonly parameters: FittedParameters;
  /** [N, 21, 3] millimetres, 'panoptic' order */
  readonly keypoints3d: Float32Array;
  /** [N, 21, 2] pixels of the image, 'panoptic' order */
  readonly keypoints2d: Float32Array;
  /** [N, V, 3] metres */
  readonly vertices: Float32Array;
}
