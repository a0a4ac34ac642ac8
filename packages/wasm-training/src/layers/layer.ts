import type * as tf from '@tensorflow/tfjs-core';

/** A weight of a layer of tfjs-layers, which this package does not import. */
export interface LayerVariable {
  read(): tf.Tensor;
  write(value: tf.Tensor): unknown;
}

/** What a layer does. */
export type LayerCall = (inputs: tf.Tensor | tf.Tensor[], kwargs?: Record<string, unknown>) => tf.Tensor | tf.Tensor[];

/** The input of a layer that has one: it is called with a tensor or a list of one. */
export const onlyOne = <T extends tf.Tensor>(inputs: tf.Tensor | tf.Tensor[]): T =>
  (Array.isArray(inputs) ? inputs[0]! : inputs) as T;
