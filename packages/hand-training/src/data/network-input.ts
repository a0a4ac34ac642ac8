import * as tf from '@tensorflow/tfjs-core';

/** What a network takes of a sample. */
export interface InputShape {
  /** Side of the image. */
  readonly imageSize: number;
  /** Whether 21 heat maps stand beside the image's three channels. */
  readonly heatmaps: boolean;
}

/** What the network of a run takes. */
export function inputShapeOf(network: {
  readonly inputSize: number;
  readonly channels?: number | undefined;
}): InputShape {
  return { imageSize: network.inputSize, heatmaps: network.channels === 24 };
}

/**
 * The input of a network that sees heat maps: image first, then the maps in 'mano' order, resized like the image.
 *
 * @param images [B, S, S, 3] in 0–1
 * @param maps [B, M, M, 21] in 0–1
 * @returns [B, S, S, 24]
 */
export function joinHeatmaps(images: tf.Tensor4D, maps: tf.Tensor4D): tf.Tensor4D {
  return tf.tidy(() => {
    const side = images.shape[1];
    const resized = maps.shape[1] === side ? maps : tf.image.resizeBilinear(maps, [side, side], false, true);
    return tf.concat([images, resized], 3);
  });
}
