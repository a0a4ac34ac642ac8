import type { Backend, Info } from '../wasm-backend.js';
import { FLOAT_BYTES, offsetOf } from './packed-model.js';

/**
 * The pose of a batch, or its gradient: either `rotations` [B, J, 3, 3], or `globalOrient` and `pose`, both as numbers
 * ([B, 3] and [B, n]) or both as matrices ([B, 3, 3] and [B, J − 1, 3, 3]).
 */
export interface PoseTensors {
  rotations?: Info;
  globalOrient?: Info;
  pose?: Info;
}

/** Bytes from one item to the next. */
function stepOf({ shape }: Info): number {
  return shape.slice(1).reduce((product, size) => product * size, FLOAT_BYTES);
}

/** Where the native kernels find the rotation of the root and those of the other joints: offset and step of each, and matrices or not. */
export function poseArguments(
  backend: Backend,
  { rotations, globalOrient, pose }: PoseTensors,
): [root: number, rootStep: number, pose: number, poseStep: number, matrices: number] {
  if (rotations !== undefined) {
    const at = offsetOf(backend, rotations);
    const step = stepOf(rotations);
    return [at, step, at + 9 * FLOAT_BYTES, step, 1];
  }
  const root = globalOrient!;
  const others = pose!;
  return [
    offsetOf(backend, root),
    stepOf(root),
    offsetOf(backend, others),
    stepOf(others),
    Number(root.shape.length === 3),
  ];
}
