import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { RgbImage } from '@opposable/drawing';
import { type Crop, resampleImage, squareCrop } from '@opposable/hand-datasets';
import type { ManoLayer, Side } from '@opposable/mano-layer';
import { ConfigError, DatasetError } from '@opposable/tensor-checks';
import { joinHeatmaps } from '../data/network-input.js';
import type { HeatmapBytes } from '../heatmaps/packed-heatmaps.js';
import { mirrorImage } from '../pictures/mirror-image.js';
import { type CropNumbers, placeHand, type PredictedHand } from './predict/place-hand.js';

export interface PredictHandOptions {
  /** Box around the hand, x, y, width, height in pixels of the image; default: the largest centred square is the crop. */
  box?: readonly [number, number, number, number] | undefined;
  /** Side of the square crop over the longer side of the box. Default 2.2. */
  cropFactor?: number | undefined;
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

function cropOf(image: RgbImage, options: PredictHandOptions): Crop {
  const { box, cropFactor } = options;
  if (box === undefined) {
    const side = Math.min(image.width, image.height);
    return {
      x: Math.floor((image.width - side) / 2),
      y: Math.floor((image.height - side) / 2),
      width: side,
      height: side,
    };
  }
  const [x, y, width, height] = box;
  if (![x, y, width, height].every(Number.isFinite) || !(width > 0 && height > 0)) {
    throw new ConfigError(
      `predictHand: expected a box x, y, width, height with a positive size, got ${box.join(', ')}.`,
      { expected: 'width > 0 and height > 0', actual: box },
    );
  }
  const { width: columns, height: rows } = image;
  if (Math.max(width, height) <= 1 || x + width <= 0 || y + height <= 0 || x > columns - 1 || y > rows - 1) {
    throw new DatasetError(
      `predictHand: expected a box of more than one pixel that touches the ${columns}×${rows} image, got ${box.join(', ')}.`,
      { expected: [0, 0, columns, rows], actual: box },
    );
  }
  return squareCrop([x, y, x + width - 1, y + height - 1], [1, 1], image, { factor: cropFactor });
}

/** What the network is shown: the crop, or its mirror image, at a given size. */
function view(image: RgbImage, crop: Crop, side: Side, size: number): RgbImage {
  const seen = resampleImage(image, { width: size, height: size }, crop);
  return side === 'left' ? mirrorImage(seen) : seen;
}

function toTensor(data: Uint8Array, size: number, channels: number): tf.Tensor4D {
  return tf.tensor4d(
    Float32Array.from(data, (byte) => byte / 255),
    [1, size, size, channels],
  );
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
  const maps = await heatmaps?.mapsOf(view(image, crop, side, heatmaps.inputSize));
  const predicted = tf.tidy(() => {
    const pixels = toTensor(view(image, crop, side, inputSize).data, inputSize, 3);
    const input = maps === undefined ? pixels : joinHeatmaps(pixels, toTensor(maps.data, maps.size, 21));
    return model.apply(input, { training: false }) as tf.Tensor2D;
  });
  try {
    return { side, crop, handParameters: await predicted.data<'float32'>() };
  } finally {
    predicted.dispose();
  }
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
