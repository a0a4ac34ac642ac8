/** The 22 numbers that the regressor predicts. Layout of 3dhand (reference: Boukhayma et al., CVPR 2019, released code). */
export const HAND_PARAMETER_COUNT = 22;

/** Side of the square image, in pixels, in whose coordinates scale and translation are expressed. */
export const HAND_PARAMETER_FRAME = 256;

/** [start, end) of each block in the 22 numbers. */
export const HAND_PARAMETER_BLOCKS = {
  /** pixels per metre */
  scale: [0, 1],
  /** (u, v) pixels of the 256 × 256 crop, added after scaling */
  translation: [1, 3],
  /** axis-angle, applied after the layer, about the coordinate origin */
  rotation: [3, 6],
  /** coefficients of the first six pose components; the mean pose is always added */
  pose: [6, 12],
  betas: [12, 22],
} as const satisfies Record<string, readonly [number, number]>;

export type HandParameterBlock = keyof typeof HAND_PARAMETER_BLOCKS;

/** What the network's output is added to: scale prior 545 px/m, the image centre, zeros. */
export const HAND_PARAMETER_MEAN: readonly number[] = [545, 128, 128, ...Array.from({ length: 19 }, () => 0)];

/** The root rotation of the layer itself, fixed by 3dhand: axis-angle (π, 0, 0), from MANO axes to image axes (x right, y down, z away). */
export const HAND_PARAMETER_ROOT: readonly [number, number, number] = [Math.PI, 0, 0];
