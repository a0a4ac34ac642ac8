import * as tf from '@tensorflow/tfjs-core';
import type { RgbImage } from '@opposable/drawing';
import { type Crop, resampleImage } from '@opposable/hand-datasets';
import { HAND_PARAMETER_FRAME } from '@opposable/mano-layer/conventions';
import { rescalePixel } from '../data/frame.js';
import type { HeatmapRun } from './heatmap-run.js';
import { keypointsOf, mapsOf } from './predict-maps.js';

export interface FindHandOptions {
  /** Box around the hand, x, y, width, height in pixels; default: the hand is looked for in the whole image. */
  readonly box?: readonly [number, number, number, number] | undefined;
  /** Side of the square crop over the longer side of the keypoints' box. Default 2.2, as in training. */
  readonly cropFactor?: number | undefined;
}

/** A hand as the maps of one crop show it. */
export interface FoundHand {
  readonly crop: Crop;
  /** [21, 2] 'panoptic' order, pixels of the image */
  readonly keypoints: Float64Array;
  /** [21] heights of the peaks */
  readonly keypointConfidence: Float32Array;
  /** Mean height of the peaks: what to reject photos without a hand by. */
  readonly confidence: number;
  /** [M, M, 21] maps of the crop */
  readonly maps: Float32Array;
}

/** Mean height of the peaks below which an image is taken to show no hand. */
export const MINIMUM_CONFIDENCE = 0.35;

/** Passes from maps to box to crop to maps. */
const PASSES = 3;
/** Keypoints whose peak reaches this part of the highest one span the box. */
const BOX_SHARE = 0.4;
/** Sides of the windows that are looked at first, over the shorter side of the image, and how far they lie apart in their sides. */
const PYRAMID = [1, 0.6, 0.36] as const;
const STRIDE = 0.5;
/** A window whose hand is this sure ends the search through smaller ones. */
const SURE = 0.6;

/** An image with room around it, its outermost pixels repeated as in training. */
function padded(image: RgbImage, margin: number): RgbImage {
  const width = image.width + 2 * margin;
  const height = image.height + 2 * margin;
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    const row = Math.min(image.height - 1, Math.max(0, y - margin)) * image.width;
    for (let x = 0; x < width; x++) {
      const from = (row + Math.min(image.width - 1, Math.max(0, x - margin))) * 3;
      const to = (y * width + x) * 3;
      for (let c = 0; c < 3; c++) data[to + c] = image.data[from + c]!;
    }
  }
  return { width, height, data };
}

/** Places along one axis of windows that cover `length` pixels. */
function starts(length: number, side: number): number[] {
  if (side >= length) return [(length - side) / 2];
  const count = 1 + Math.ceil((length - side) / (side * STRIDE));
  return Array.from({ length: count }, (_, i) => (i * (length - side)) / (count - 1));
}

function windows({ width, height }: RgbImage, share: number): Crop[] {
  const side = share * Math.min(width, height);
  return starts(height, side).flatMap((y) => starts(width, side).map((x) => ({ x, y, width: side, height: side })));
}

/** The square around a box, not kept inside of the image. */
function squareAround(left: number, top: number, right: number, bottom: number, factor: number): Crop {
  const side = Math.max(8, factor * Math.max(right - left, bottom - top));
  return { x: (left + right + 1 - side) / 2, y: (top + bottom + 1 - side) / 2, width: side, height: side };
}

async function look(run: HeatmapRun, image: RgbImage, margin: number, crops: readonly Crop[]): Promise<FoundHand[]> {
  const side = run.info.network.inputSize;
  const pixels = side * side * 3;
  const input = new Float32Array(crops.length * pixels);
  crops.forEach((crop, i) => {
    const seen = resampleImage(
      image,
      { width: side, height: side },
      { ...crop, x: crop.x + margin, y: crop.y + margin },
    );
    for (let k = 0; k < pixels; k++) input[i * pixels + k] = seen.data[k]! / 255;
  });
  const images = tf.tensor4d(input, [crops.length, side, side, 3]);
  try {
    const maps = await mapsOf(run, images);
    const { keypoints, confidence } = keypointsOf(run, maps);
    return crops.map((crop, i) => {
      const own = keypoints.subarray(i * 42, (i + 1) * 42);
      const peaks = confidence.slice(i * 21, (i + 1) * 21);
      const start = [crop.x, crop.y];
      return {
        crop,
        keypoints: own.map((u, k) => rescalePixel(u, HAND_PARAMETER_FRAME, crop.width) + start[k % 2]!),
        keypointConfidence: peaks,
        confidence: peaks.reduce((sum, peak) => sum + peak, 0) / peaks.length,
        maps: maps.slice((i * maps.length) / crops.length, ((i + 1) * maps.length) / crops.length),
      };
    });
  } finally {
    images.dispose();
  }
}

/** The next crop: around the keypoints that are sure. */
function nextCrop({ keypoints, keypointConfidence }: FoundHand, factor: number): Crop | undefined {
  const least = BOX_SHARE * Math.max(...keypointConfidence);
  let [left, top, right, bottom, count] = [Infinity, Infinity, -Infinity, -Infinity, 0];
  keypointConfidence.forEach((peak, k) => {
    if (peak < least || peak === 0) return;
    const [u, v] = [keypoints[2 * k]!, keypoints[2 * k + 1]!];
    [left, top, right, bottom] = [Math.min(left, u), Math.min(top, v), Math.max(right, u), Math.max(bottom, v)];
    count++;
  });
  return count < 3 ? undefined : squareAround(left, top, right, bottom, factor);
}

/**
 * From coarse to fine: the whole image (and smaller windows, while no hand is sure) → maps → box of the sure keypoints → crop →
 * maps, twice more. With a box, only the crop around it is looked at first.
 *
 * @param image any size; a right hand, mirrored before if it is a left one
 * @returns the surest of all passes; whether that is a hand, its confidence says
 */
export async function findHand(run: HeatmapRun, image: RgbImage, options: FindHandOptions = {}): Promise<FoundHand> {
  const { box, cropFactor = 2.2 } = options;
  const margin = Math.ceil(Math.max(image.width, image.height) / 2);
  const room = padded(image, margin);
  let best: FoundHand | undefined;
  const take = (found: readonly FoundHand[]): void => {
    for (const hand of found) if (best === undefined || hand.confidence > best.confidence) best = hand;
  };
  if (box !== undefined) {
    const [x, y, width, height] = box;
    take(await look(run, room, margin, [squareAround(x, y, x + width - 1, y + height - 1, cropFactor)]));
  } else {
    const larger = Math.max(image.width, image.height);
    const whole = { x: (image.width - larger) / 2, y: (image.height - larger) / 2, width: larger, height: larger };
    take(await look(run, room, margin, [whole]));
    for (const share of PYRAMID) {
      if (best!.confidence >= SURE) break;
      const all = windows(image, share);
      for (let i = 0; i < all.length; i += 16) take(await look(run, room, margin, all.slice(i, i + 16)));
    }
  }
  let last = best!;
  for (let pass = 1; pass < PASSES; pass++) {
    const crop = nextCrop(last, cropFactor);
    if (crop === undefined || crop.width > 2 * Math.max(image.width, image.height)) break;
    [last] = (await look(run, room, margin, [crop])) as [FoundHand];
    if (last.confidence >= 0.9 * best!.confidence) best = last;
  }
  return best!;
}
