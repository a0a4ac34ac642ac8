import type { Info } from '../backend/webgpu-backend.js';
import type { PoseForm } from './wgsl/pose-program.js';

/**
 * A model as `@opposable/skinning` packs it for fused kernels: the constants in two tensors, and sizes. It travels in the
 * attributes of the kernels, so that the tape does not see it.
 */
export interface PackedModel {
  readonly table: Info;
  readonly values: Info;
  /** V of the output; 0 where only joints and points are asked for. */
  readonly outputCount: number;
  readonly jointCount: number;
  readonly shapeCount: number;
  readonly pointCount: number;
  /** Points, and one more for a centre. */
  readonly rowCount: number;
  /** How many terms of those name a vertex. */
  readonly vertexTermCount: number;
  /** Floats of one prepared identity: 24 for each block of eight vertices, then rest joints. */
  readonly identitySize: number;
}

/** Sizes of what is kept of an item. */
export function keptSizes({ jointCount, rowCount, vertexTermCount, identitySize }: PackedModel) {
  return { rows: rowCount, terms: vertexTermCount, blocks: (identitySize - 3 * jointCount) / 24 };
}

/** Inputs of the model that a gradient may be asked for, in the order of the gradient kernel's outputs. */
export const GRADIENT_INPUTS = ['betas', 'rotations', 'globalOrient', 'pose', 'worldRotation', 'transl'] as const;
export type GradientInput = (typeof GRADIENT_INPUTS)[number];
export type InputShapes = Partial<Record<GradientInput, readonly number[]>>;

/** How the pose is given, by the shapes of its tensors. */
export function poseForm({ rotations, globalOrient }: InputShapes): PoseForm {
  if (rotations !== undefined) return 'rotations';
  return globalOrient!.length === 3 ? 'matrices' : 'numbers';
}
