import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { RgbImage } from '@opposable/drawing';
import type { ManoLayer, Side } from '@opposable/mano-layer';
import { ConfigError } from '@opposable/tensor-checks';
import { joinHeatmaps } from '../data/network-input.js';
import { unitFloats } from '../data/unit-floats.js';
import type { HeatmapBytes } from '../heatmaps/packed-heatmaps.js';
import { type CropNumbers, placeHand, type PredictedHand } from './predict/place-hand.js';
import { type CropOptions, cropOf, seeCrop } from './predict/see-crop.js';

export interface PredictHandOptions extends CropOptions {
  /** Which hand the image shows; left ones are mirrored for the network and the result mirrored back. Default 'right'. */
  side?: Side | undefined;
  /** Makes the heat maps that a network of 24 channels takes beside the image. */
  heatmaps?: HeatmapMaker | undefined;
}

/** A network that makes heat maps. */
export interface HeatmapMaker {
  /** Side of the images that it takes. */
  readonly inputSize: number;
  mapsOf(image: RgbImage): Promise<HeatmapBytes>;
}

function toTensor(data: Uint8Array, size: number, channels: number): tf.Tensor4D {
  return tf.tensor4d(unitFloats(data), [1, size, size, channels]);
}

/**
 * The 22 numbers of what the network is shown.
 *
 * @param seen of the network's input size: what `seeCrop` gives
 * @param maps for a network of 24 channels
 */
export async function numbersOfView(
  model: LayersModel,
  seen: RgbImage,
  maps: HeatmapBytes | undefined,
): Promise<Float32Array> {
  const predicted = tf.tidy(() => {
    const pixels = toTensor(seen.data, seen.width, 3);
    const input = maps === undefined ? pixels : joinHeatmaps(pixels, toTensor(maps.data, maps.size, 21));
    return model.apply(input, { training: false }) as tf.Tensor2D;
  });
  try {
    return await predicted.data<'float32'>();
  } finally {
    predicted.dispose();
  }
}

/**
 * The 22 numbers of the hand in one image: crop → (mirror) → network.
 *
 * @throws ConfigError for a box without size, or without heat maps where the network takes them; DatasetError for a box outside
 *   the image
 */
export async function predictNumbers(
  model: LayersModel,
  image: RgbImage,
  options: PredictHandOptions = {},
): Promise<CropNumbers> {
  const { side = 'right', heatmaps } = options;
  const [, inputSize, , channels] = model.inputs[0]!.shape as [null, number, number, number];
  if ((channels === 24) !== (heatmaps !== undefined)) {
    throw new ConfigError(
      `predictHand: expected ${channels === 24 ? 'a heat-map network, because this network takes heat maps beside the image' : 'no heat-map network, because this network takes the image alone'}, got ${heatmaps === undefined ? 'none' : 'one'}.`,
      { expected: channels, actual: heatmaps },
    );
  }
  const crop = cropOf(image, options);
  const maps = await heatmaps?.mapsOf(seeCrop(image, crop, side, heatmaps.inputSize));
  const handParameters = await numbersOfView(model, seeCrop(image, crop, side, inputSize), maps);
  return { side, crop, handParameters };
}

/**
 * The hand in one image: crop → (mirror) → network → 22 numbers → mesh, in the image's own pixels.
 *
 * @param model from `createHandRegressor`
 * @param layer from `createHandParameterLayer`
 * @param image any size, the hand in `options.box` or in the middle
 * @throws what {@link predictNumbers} throws
 */
export async function predictHand(
  model: LayersModel,
  layer: ManoLayer,
  image: RgbImage,
  options: PredictHandOptions = {},
): Promise<PredictedHand> {
  return placeHand(layer, await predictNumbers(model, image, options));
}
