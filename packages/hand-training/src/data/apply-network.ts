import type * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { liftPlaces } from '@opposable/hand-regressor';
import type { HandBatch } from './batches.js';

/** The 22 numbers of a batch, [B, 22]. To be called inside of `tf.tidy` or while a gradient is taken. */
export function applyNetwork(
  model: LayersModel,
  images: HandBatch['images'],
  how: { readonly training: boolean },
): tf.Tensor2D {
  if (images.rank === 2) return liftPlaces(model, images as tf.Tensor2D);
  return model.apply(images, how) as tf.Tensor2D;
}
