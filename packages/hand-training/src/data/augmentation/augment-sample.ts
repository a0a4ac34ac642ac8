import type { HandAnnotation } from '@opposable/hand-datasets';
import { HAND_PARAMETER_FRAME } from '@opposable/mano-layer/conventions';
import { DatasetError, type Rng } from '@opposable/tensor-checks';
import { rescalePixel } from '../frame.js';
import type { MappedSample } from '../mapped-sample.js';
import { changeColors } from './change-colors.js';
import { drawWindow } from './draw-window.js';
import { moveAnnotation } from './move-annotation.js';
import type { Augmentation } from './settings.js';
import { similarityOf, type Window } from './similarity.js';
import { type ByteImage, warpImage } from './warp-image.js';

/** Where a sample's pixels go. */
export interface SamplePixels {
  /** [size, size, 3] in 0–1 */
  readonly image: Float32Array;
  /** [maskSize, maskSize] in 0–1; left alone where the sample has no mask */
  readonly mask: Float32Array;
  readonly size: number;
  readonly maskSize: number;
  /** [heatmapSize, heatmapSize, 21] in 0–1, where the network takes heat maps */
  readonly heatmaps?: Float32Array | undefined;
  readonly heatmapSize?: number | undefined;
}

/** In whose pixels 3dhand speaks of its offsets. */
const FRAME_3DHAND = 320;

/** The original subtracts the window's origin, in pixels of 320, and forgets that the window is resized then. */
function withMistake(
  original: HandAnnotation,
  moved: HandAnnotation,
  { center, side }: Window,
  imageSide: number,
): HandAnnotation {
  if (moved.handParameters === undefined) return moved;
  const handParameters = moved.handParameters.slice();
  for (const axis of [0, 1] as const) {
    const origin = ((center[axis] - (side - 1) / 2) * FRAME_3DHAND) / imageSide;
    handParameters[1 + axis] =
      rescalePixel(original.handParameters![1 + axis]!, HAND_PARAMETER_FRAME, FRAME_3DHAND) - origin;
  }
  return { ...moved, handParameters };
}

/** Through the same window, from bytes into 0–1. */
function warpUnit(bytes: ByteImage, window: Window, imageSide: number, out: Float32Array, size: number): void {
  const factor = bytes.width / imageSide;
  const center = window.center.map((value) => (value + 0.5) * factor - 0.5) as [number, number];
  warpImage(bytes, similarityOf({ ...window, center, side: window.side * factor }, size), out);
  for (let i = 0; i < out.length; i++) out[i] = out[i]! / 255;
}

/**
 * A sample as a network of another input size sees it: a random window of its image, its colours changed. One map moves the
 * pixels, the mask and every annotation.
 *
 * @param sample of a square image
 * @param pixels where its pixels are written
 * @param table of normal deviates (`noiseTable`)
 * @returns the annotation in the new pixels
 * @throws DatasetError if the image is not square
 */
export function augmentSample(
  sample: MappedSample,
  rng: Rng,
  how: Augmentation,
  pixels: SamplePixels,
  table: Float32Array,
): HandAnnotation {
  const { image, mask, heatmaps, ...annotation } = sample;
  if (image.width !== image.height) {
    throw new DatasetError(
      `augmentSample: expected square crops, got ${image.width}×${image.height} in sample ${sample.id} of ${sample.source.file}.`,
      { expected: 'width = height', actual: [image.width, image.height] },
    );
  }
  const window = drawWindow(rng.split('window'), how, image.width);
  const map = similarityOf(window, pixels.size);
  warpImage(image, map, pixels.image);
  changeColors(rng.split('colors'), how, pixels.image, pixels.size, table);
  // masks and heat maps may be kept smaller than the image
  if (mask !== undefined) warpUnit(mask, window, image.width, pixels.mask, pixels.maskSize);
  if (pixels.heatmaps !== undefined) {
    if (heatmaps === undefined) {
      throw new DatasetError(`augmentSample: expected heat maps, got none with sample ${sample.id} of ${sample.source.file}.`, { expected: 'heat maps', actual: undefined }); // prettier-ignore
    }
    const { size, data } = heatmaps;
    warpUnit({ width: size, height: size, data }, window, image.width, pixels.heatmaps, pixels.heatmapSize!);
  }
  const moved = moveAnnotation(annotation, map, image.width);
  const mistaken = how.mistakes?.includes('translation-not-resized') === true && how.window3dhand === true;
  return mistaken ? withMistake(annotation, moved, window, image.width) : moved;
}
