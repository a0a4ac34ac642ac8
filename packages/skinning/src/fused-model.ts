import * as tf from '@tensorflow/tfjs-core';
import type { PackedModel } from './create-skinning-constants.js';
import type { ModelResult } from './compose-model.js';

const MODEL = 'OpposableParametricModel';
const IDENTITY = 'OpposableShapeIdentity';

/** Names of the fused kernel's inputs that have a gradient. */
type Differentiable = 'betas' | 'rotations' | 'globalOrient' | 'pose' | 'worldRotation' | 'transl';

/** betas or an identity; rotations, or globalOrient and pose; where they are wanted worldRotation and transl. */
export type FusedInputs = Partial<Record<Differentiable | 'identity', tf.Tensor | undefined>>;

/** Whether the active backend has the fused kernels (`@opposable/wasm-training` registers them for wasm, `@opposable/webgpu-kernels` for webgpu). */
export function hasFusedModel(): boolean {
  return tf.getKernel(MODEL, tf.getBackend()) !== undefined && tf.getGradient(MODEL) !== undefined;
}

function asFloat(tensor: tf.Tensor): tf.Tensor {
  return tensor.dtype === 'float32' ? tensor : tf.cast(tensor, 'float32');
}

/** Attributes of a kernel may hold anything, whatever their type says. */
const attributes = (attrs: object) => attrs as tf.NamedAttrMap;

/**
 * The model in one kernel call. No `tf.tidy`, no other operation: at a batch of one those would cost as much as the kernel.
 *
 * @param model from `SkinningConstants.packed`
 * @param given tensors of the shapes of `linearBlendSkinning` or `parametricModel`, checked
 */
export function fusedModel(model: PackedModel, given: FusedInputs, wantsVertices: boolean): ModelResult {
  const inputs: tf.NamedTensorMap = {};
  const shapes: Partial<Record<string, number[]>> = {};
  for (const name in given) {
    const tensor = given[name as keyof FusedInputs];
    if (tensor === undefined) continue;
    inputs[name] = asFloat(tensor);
    if (name !== 'identity') shapes[name] = tensor.shape;
  }
  const engine = tf.engine();
  const [vertices, joints, points, saved] = engine.runKernel<tf.Tensor[]>(
    MODEL,
    inputs,
    attributes({ model, shapes, save: engine.isTapeOn() }),
  ) as [tf.Tensor3D, tf.Tensor3D, tf.Tensor3D, tf.Tensor];
  saved.dispose();
  if (!wantsVertices) vertices.dispose();
  if (model.pointCount === 0) points.dispose();
  return {
    joints,
    ...(model.pointCount > 0 ? { points } : undefined),
    ...(wantsVertices ? { vertices } : undefined),
  };
}

/** Rest vertices and rest joints of shape coefficients [B, S], as the fused kernel takes them: [B, identitySize]. */
export function fusedIdentity(model: PackedModel, betas: tf.Tensor2D): tf.Tensor2D {
  return tf.engine().runKernel(IDENTITY, { betas: asFloat(betas) }, attributes({ model }));
}
