// Which gradient? On wasm, [8, 64, 64, 48] → [8, 128, 128, 48] and back, see `npm run bench -- heatmaps`. The transpose written
// as a stride-2 depthwise convolution needs no kernel of its own and is right on every backend; the gradient that TensorFlow.js
// ships for resizeBilinear ignores halfPixelCenters (measured [2.5, 8, 9.5, 9] where differences give [6.81, 7.69, 9.44, 5.06]).
import * as tf from '@tensorflow/tfjs-core';

/** Weights of the two neighbours of an output pixel, seen from an input pixel: where it appears in the output. */
const TAPS = [0.25, 0.75, 0.75, 0.25];

/** Registered by `@opposable/wasm-training` beside a `ResizeBilinearGrad` that knows half-pixel centres. */
const TRAINING_KERNELS = 'OpposableBatchNorm';

/**
 * The transpose of {@link upsampleBilinear}: dx[i] = ¼·dy[2i − 1] + ¾·dy[2i] + ¾·dy[2i + 1] + ¼·dy[2i + 2] along each axis, where
 * dy beyond the border counts as its outermost value (there the forward pass repeats the outermost input).
 *
 * @param dy [B, 2H, 2W, C]
 * @returns [B, H, W, C]
 */
export function upsampleBilinearTranspose(dy: tf.Tensor4D): tf.Tensor4D {
  return tf.tidy(() => {
    const channels = dy.shape[3];
    const taps = tf.outerProduct(tf.tensor1d(TAPS), tf.tensor1d(TAPS)); // [4, 4]
    const filter = tf.tile(tf.reshape<tf.Rank.R4>(taps, [4, 4, 1, 1]), [1, 1, channels, 1]);
    const edge: [number, number] = [1, 1];
    const padded = tf.mirrorPad(dy, [[0, 0], edge, edge, [0, 0]], 'symmetric');
    return tf.depthwiseConv2d(padded, filter, 2, 'valid');
  });
}

/**
 * Doubles height and width of maps by bilinear interpolation with half-pixel centres (PyTorch's `Upsample(scale_factor=2,
 * mode='bilinear', align_corners=False)`): y[2i] = ¼·x[i − 1] + ¾·x[i], y[2i + 1] = ¾·x[i] + ¼·x[i + 1], the border repeated.
 *
 * @param x [B, H, W, C]
 * @returns [B, 2H, 2W, C], differentiable once on every backend
 */
export function upsampleBilinear(x: tf.Tensor4D): tf.Tensor4D {
  const size: [number, number] = [2 * x.shape[1], 2 * x.shape[2]];
  if (tf.getKernel(TRAINING_KERNELS, tf.getBackend()) !== undefined)
    return tf.image.resizeBilinear(x, size, false, true);
  const resize = tf.customGrad((input) => ({
    value: tf.image.resizeBilinear(input as tf.Tensor4D, size, false, true),
    gradFunc: (dy: tf.Tensor) => upsampleBilinearTranspose(dy as tf.Tensor4D),
  }));
  return tf.tidy(() => resize(x) as tf.Tensor4D);
}
