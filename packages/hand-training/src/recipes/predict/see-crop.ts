import type { RgbImage } from '@opposable/drawing';
import { type Crop, resampleImage, squareCrop } from '@opposable/hand-datasets';
import type { Side } from '@opposable/mano-layer';
import { ConfigError, DatasetError } from '@opposable/tensor-checks';
import { mirrorImage } from '../../pictures/mirror-image.js';

/** Where the hand is in an image. */
export interface CropOptions {
  /** The square that the network sees, in pixels of the image; what of it is outside is black. Instead of a box. */
  crop?: Crop | undefined;
  /** Box around the hand, x, y, width, height in pixels of the image; default: the largest centred square is the crop. */
  box?: readonly [number, number, number, number] | undefined;
  /** Side of the square crop over the longer side of the box. Default 2.2. */
  cropFactor?: number | undefined;
}

function checkedCrop(crop: Crop): Crop {
  const { x, y, width, height } = crop;
  if ([x, y, width, height].every(Number.isFinite) && width > 0 && width === height) return crop;
  throw new ConfigError(
    `predictHand: expected a square crop with a positive side, got x ${x}, y ${y}, ${width}×${height}.`,
    { expected: 'width = height > 0', actual: crop },
  );
}

/**
 * The square of an image that the network sees.
 *
 * @throws ConfigError for a crop or a box without size; DatasetError for a box outside the image
 */
export function cropOf(image: RgbImage, options: CropOptions): Crop {
  const { box, cropFactor } = options;
  if (options.crop !== undefined) return checkedCrop(options.crop);
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
export function seeCrop(image: RgbImage, crop: Crop, side: Side, size: number): RgbImage {
  const seen = resampleImage(image, { width: size, height: size }, crop);
  return side === 'left' ? mirrorImage(seen) : seen;
}
