import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { RgbImage } from '@opposable/drawing';
import { type Crop, resampleImage, squareCrop } from '@opposable/hand-datasets';
import { decodeHandParameters } from '@opposable/hand-regressor';
import { mirrorColumn } from '@opposable/keypoint-order';
import type { ManoLayer, Side } from '@opposable/mano-layer';
import { HAND_PARAMETER_FRAME } from '@opposable/mano-layer/conventions';
import { ConfigError, DatasetError } from '@opposable/tensor-checks';
import { rescalePixel } from '../data/frame.js';

export interface PredictHandOptions {
  /** Box around the hand, x, y, width, height in pixels of the image; default: the largest centred square is the crop. */
  box?: readonly [number, number, number, number];
  /** Side of the square crop over the longer side of the box. Default 2.2. */
  cropFactor?: number;
  /** Which hand the image shows; left ones are mirrored for the network and the result mirrored back. Default 'right'. */
  side?: Side;
}

/** A predicted hand, in the pixels of the image that was given. */
export interface PredictedHand {
  readonly side: Side;
  readonly crop: Crop;
  /** The 22 numbers of the crop as the network saw it: in its 256-pixel frame, and of a right hand. */
  readonly handParameters: Float32Array;
  /** [21, 2] 'panoptic' order, pixels of the image */
  readonly keypoints: Float64Array;
  /** [21, 3] metres, image axes (x right, y down, z away) */
  readonly keypoints3d: Float64Array;
  /** [V, 3] metres, image axes */
  readonly vertices: Float64Array;
  /** (u, v) = translation + scale · (x, y), for both points and vertices, pixels of the image */
  readonly camera: { readonly scale: number; readonly translation: readonly [number, number] };
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

function mirrored(image: RgbImage): RgbImage {
  const { width, height, data } = image;
  const out = new Uint8Array(data.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = (y * width + x) * 3;
      out.set(data.subarray(from, from + 3), (y * width + (width - 1 - x)) * 3);
    }
  }
  return { width, height, data: out };
}

/** Negates x of points [N, 3]. */
function flipX(points: Float64Array): Float64Array {
  return points.map((value, i) => (i % 3 === 0 ? -value : value));
}

/**
 * The hand in one image: crop → (mirror) → network → 22 numbers → mesh, in the image's own pixels.
 *
 * @param model from `createHandRegressor`
 * @param layer from `createHandParameterLayer`
 * @param image any size, the hand in `options.box` or in the middle
 * @throws ConfigError for a box without size; DatasetError for one outside the image
 */
export async function predictHand(
  model: LayersModel,
  layer: ManoLayer,
  image: RgbImage,
  options: PredictHandOptions = {},
): Promise<PredictedHand> {
  const { side = 'right' } = options;
  const crop = cropOf(image, options);
  const inputSize = model.inputs[0]!.shape[1]!;
  const seen = resampleImage(image, { width: inputSize, height: inputSize }, crop);
  const input = side === 'left' ? mirrored(seen) : seen;

  const tensors = tf.tidy(() => {
    const pixels = tf.tensor4d(
      Float32Array.from(input.data, (byte) => byte / 255),
      [1, inputSize, inputSize, 3],
    );
    const parameters = model.apply(pixels, { training: false }) as tf.Tensor2D;
    const { keypoints3d, vertices3d } = decodeHandParameters(layer, parameters);
    return { parameters, keypoints3d, vertices3d: vertices3d! };
  });
  let handParameters: Float32Array;
  let keypoints3d: Float64Array;
  let vertices: Float64Array;
  try {
    handParameters = await tensors.parameters.data<'float32'>();
    keypoints3d = Float64Array.from(await tensors.keypoints3d.data());
    vertices = Float64Array.from(await tensors.vertices3d.data());
  } finally {
    tf.dispose(tensors);
  }

  // 256 frame → crop → image, pixel centres at integers
  const toImage = (u: number, extent: number, start: number): number =>
    rescalePixel(u, HAND_PARAMETER_FRAME, extent) + start;
  let u = handParameters[1]!;
  if (side === 'left') {
    u = mirrorColumn(u, HAND_PARAMETER_FRAME);
    keypoints3d = flipX(keypoints3d);
    vertices = flipX(vertices);
  }
  const scale = (handParameters[0]! * crop.width) / HAND_PARAMETER_FRAME;
  const translation = [toImage(u, crop.width, crop.x), toImage(handParameters[2]!, crop.height, crop.y)] as const;
  const keypoints = new Float64Array(42);
  for (let k = 0; k < 21; k++) {
    keypoints[k * 2] = translation[0] + scale * keypoints3d[k * 3]!;
    keypoints[k * 2 + 1] = translation[1] + scale * keypoints3d[k * 3 + 1]!;
  }
  return { side, crop, handParameters, keypoints, keypoints3d, vertices, camera: { scale, translation } };
}
