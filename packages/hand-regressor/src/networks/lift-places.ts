import type * as tf from '@tensorflow/tfjs-core';
import type { layers as tfLayers, LayersModel } from '@tensorflow/tfjs-layers';
import { ConfigError } from '@opposable/tensor-checks';
import { MapPlaces } from '../layers/map-places.js';

type Layer = tfLayers.Layer;

/** The layer that reads the places of a network with lifting, and the layers after it. */
function partsOf(model: LayersModel): { readonly places: Layer; readonly after: readonly Layer[] } {
  const at = model.layers.findIndex((layer) => layer instanceof MapPlaces);
  if (at !== 1) {
    throw new ConfigError(
      `liftPlaces: expected a network of encoder 'keypoints', got one of ${model.layers.length} layers that ${at < 0 ? 'reads no places' : 'does more than lifting'}.`,
      { expected: 'keypoints', actual: model.layers.map((layer) => layer.name) },
    );
  }
  return { places: model.layers[at]!, after: model.layers.slice(at + 1) };
}

/**
 * What the first layer of a network of encoder 'keypoints' reads from heat maps: [B, S, S, 24] → [B, 84], see {@link MapPlaces}.
 *
 * @throws ConfigError for another network
 */
export function readPlaces(model: LayersModel, input: tf.Tensor4D): tf.Tensor2D {
  return partsOf(model).places.apply(input) as tf.Tensor2D;
}

/**
 * A network of encoder 'keypoints' without its first layer: `liftPlaces(model, readPlaces(model, input))` is
 * `model.apply(input)`. To be called inside of `tf.tidy` or while a gradient is taken.
 *
 * @param places [B, 84]
 * @returns [B, 22]
 * @throws ConfigError for another network
 */
export function liftPlaces(model: LayersModel, places: tf.Tensor2D): tf.Tensor2D {
  return partsOf(model).after.reduce<tf.Tensor>(
    (values, layer) => layer.apply(values) as tf.Tensor,
    places,
  ) as tf.Tensor2D;
}
