import * as tf from '@tensorflow/tfjs-core';
import { type EncoderName, ENCODERS } from '@opposable/hand-regressor';

/** What a network takes of a sample. */
export interface InputShape {
  /** Side of the image. */
  readonly imageSize: number;
  /** Whether 21 heat maps stand beside the image's three channels. */
  readonly heatmaps: boolean;
  /** Whether it sees of the heat maps nothing but the places of their keypoints. Default false. */
  readonly liftsOnly?: boolean;
}

/** What the network of a run takes. */
export function inputShapeOf(network: {
  readonly encoder: EncoderName;
  readonly inputSize: number;
  readonly channels?: number | undefined;
}): InputShape {
  const { encoder, inputSize, channels } = network;
  return { imageSize: inputSize, heatmaps: channels === 24, liftsOnly: ENCODERS[encoder].lifts === 'only' };
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
