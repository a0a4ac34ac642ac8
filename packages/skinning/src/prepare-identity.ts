import * as tf from '@tensorflow/tfjs-core';
import { assertShape, ConfigError } from '@opposable/tensor-checks';
import type { PackedModel, SkinningConstants } from './create-skinning-constants.js';
import { fusedIdentity } from './fused-model.js';

/** The shapes of some people, worked out once to be posed many times. Made by {@link prepareIdentity}. */
export interface SkinningIdentity {
  /** One for all poses, or one for each. */
  readonly batch: number;
  /** @internal [batch, S] */
  coefficients(constants: SkinningConstants): tf.Tensor2D;
  /** @internal [batch, identitySize] for the fused kernel, made on first use */
  prepared(model: PackedModel): tf.Tensor2D;
  /** Frees the tensors; may be called more than once. */
  dispose(): void;
}

/**
 * Does the shape part of a model once, so that `linearBlendSkinning` and `parametricModel` only pose: give them the result
 * instead of `betas`. An identity of one person serves a batch of any size.
 *
 * With the fused kernel the shaped mesh and the rest joints are kept; the composed operations, where shape and pose are one
 * product, keep the coefficients. No gradient reaches `betas` through an identity; those of the pose are the same.
 *
 * @param constants from `createSkinningConstants`; the identity belongs to them
 * @param betas [B, S]; they are copied
 * @returns the identity; the caller disposes of it
 * @throws ShapeError if there are not S coefficients
 */
export function prepareIdentity(constants: SkinningConstants, betas: tf.Tensor2D): SkinningIdentity {
  assertShape(betas, ['B', constants.shapeCount], 'prepareIdentity', 'betas');
  const detached = tf.customGrad((x) => ({
    value: tf.clone(x as tf.Tensor),
    gradFunc: (dy: tf.Tensor) => tf.zerosLike(dy),
  }));
  const kept = tf.keep(detached(betas)) as tf.Tensor2D;
  const prepared = new Map<PackedModel, tf.Tensor2D>();
  let disposed = false;
  const whileAlive = (): void => {
    if (disposed) throw new ConfigError('prepareIdentity: the identity was disposed of and cannot be used.');
  };
  return {
    batch: betas.shape[0],
    coefficients(given) {
      whileAlive();
      if (given === constants) return kept;
      throw new ConfigError(
        'prepareIdentity: expected the identity to be used with the constants it was made for, got others.',
      );
    },
    prepared(model) {
      let tensor = prepared.get(model);
      if (tensor === undefined) prepared.set(model, (tensor = tf.keep(fusedIdentity(model, kept))));
      return tensor;
    },
    dispose() {
      if (disposed) return;
      disposed = true;
      tf.dispose([kept, ...prepared.values()]);
      prepared.clear();
    },
  };
}
