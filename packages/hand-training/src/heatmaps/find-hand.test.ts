import * as tf from '@tensorflow/tfjs-core';
import type { RgbImage } from '@opposable/drawing';
import { writeHeatmap } from '@opposable/hand-regressor';
import { chooseBackend } from '../run/choose-backend.js';
import { findHand, MINIMUM_CONFIDENCE } from './find-hand.js';
import { findHandOfSide } from './find-hand-of-side.js';
import type { HeatmapRun } from './heatmap-run.js';

const SIDE = 32;
const CELLS = 16;
/** Places of the keypoints in the "hand", a red square, along its sides. */
const PLACES = Array.from({ length: 21 }, (_, k) => [(k % 5) / 4, Math.floor(k / 5) / 4] as const);

/** Box of the red pixels of a picture [SIDE, SIDE, 3] in 0–1. */
function redBox(picture: Float32Array): [number, number, number, number] | undefined {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i < SIDE * SIDE; i++) {
    if (picture[3 * i]! < 0.7 || picture[3 * i + 1]! > 0.3) continue;
    const [x, y] = [i % SIDE, Math.floor(i / SIDE)];
    [left, top, right, bottom] = [Math.min(left, x), Math.min(top, y), Math.max(right, x), Math.max(bottom, y)];
  }
  return left > right ? undefined : [left, top, right, bottom];
}

/**
 * In a network's place: keypoints over the red square to a pixel, surest of one that has the size that crops of training give it,
 * less of one that is cut off.
 */
function mapsOfRed(images: tf.Tensor4D): tf.Tensor4D {
  const [count] = images.shape;
  const pixels = images.dataSync<'float32'>();
  const maps = new Float32Array(count * CELLS * CELLS * 21);
  for (let b = 0; b < count; b++) {
    const box = redBox(pixels.subarray(b * SIDE * SIDE * 3, (b + 1) * SIDE * SIDE * 3));
    if (box === undefined) continue;
    const [left, top, right, bottom] = box;
    const isCut = Math.min(left, top) === 0 || Math.max(right, bottom) === SIDE - 1;
    const size = Math.log((Math.max(right - left, bottom - top) + 1) / (SIDE / 2.2));
    const scale = Math.exp(-size * size) * (isCut ? 0.5 : 1);
    PLACES.forEach(([x, y], k) => {
      const [u, v] = [left + x * (right - left), top + y * (bottom - top)].map((p) => ((p + 0.5) * CELLS) / SIDE - 0.5);
      const offset = b * CELLS * CELLS * 21 + k;
      writeHeatmap(maps, [u!, v!], { size: CELLS, sigma: 2, radius: 6 }, { offset, stride: 21, scale });
    });
  }
  return tf.tensor4d(maps, [count, CELLS, CELLS, 21]);
}

const run = {
  model: { apply: mapsOfRed, outputs: [{ shape: [null, CELLS, CELLS, 21] }] },
  info: { network: { inputSize: SIDE }, coding: { placement: 'exact', decoding: 'local' } },
} as unknown as HeatmapRun;

/** Grey, with a red square whose first pixel is (x, y). */
function photo(width: number, height: number, square?: { x: number; y: number; side: number }): RgbImage {
  const data = new Uint8Array(width * height * 3).fill(128);
  for (let i = 0; square !== undefined && i < square.side ** 2; i++) {
    const [column, row] = [square.x + (i % square.side), square.y + Math.floor(i / square.side)];
    data.set([255, 0, 0], (row * width + column) * 3);
  }
  return { width, height, data };
}

beforeAll(() => chooseBackend('wasm'));

describe('findHand', () => {
  it.each([
    [400, 240, { x: 300, y: 50, side: 44 }],
    [240, 400, { x: 30, y: 320, side: 70 }],
    [300, 300, { x: 120, y: 110, side: 30 }],
  ])('finds a small hand in a photograph of %i × %i, and looks at it closely', async (width, height, square) => {
    const before = tf.memory().numTensors;
    const hand = await findHand(run, photo(width, height, square));
    expect(hand.confidence).toBeGreaterThan(0.8);
    // the pass over the whole image sees a few pixels of it
    expect(hand.crop.width / square.side).toBeGreaterThan(2);
    expect(hand.crop.width / square.side).toBeLessThan(2.4);
    const pixel = hand.crop.width / SIDE;
    PLACES.forEach(([x, y], k) => {
      const truth = [square.x + x * (square.side - 1), square.y + y * (square.side - 1)];
      expect(Math.abs(hand.keypoints[2 * k]! - truth[0]!)).toBeLessThan(pixel);
      expect(Math.abs(hand.keypoints[2 * k + 1]! - truth[1]!)).toBeLessThan(pixel);
    });
    expect(tf.memory().numTensors).toBe(before);
  });

  it('is not sure of a photograph without one', async () => {
    const { confidence } = await findHand(run, photo(400, 240));
    expect(confidence).toBeLessThan(MINIMUM_CONFIDENCE);
  });

  it('looks for the hand in the box that it is given', async () => {
    const image = photo(400, 240, { x: 300, y: 50, side: 44 });
    const other = await findHand(run, image, { box: [40, 120, 60, 60] });
    expect(other.confidence).toBe(0);
    const left = await findHandOfSide(run, image, { side: 'left', box: [296, 46, 50, 50] });
    expect(left.confidence).toBeGreaterThan(0.8);
    expect(left.crop.x + left.crop.width / 2).toBeCloseTo(322, -1);
    expect(Math.abs(left.keypoints[0]! - 343)).toBeLessThan(left.crop.width / SIDE); // mirrored: from the right
  });
});
