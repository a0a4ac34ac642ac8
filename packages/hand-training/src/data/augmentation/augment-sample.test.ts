import { createImage } from '@opposable/drawing';
import type { HandSample } from '@opposable/hand-datasets';
import { streamSyntheticHands } from '@opposable/hand-synthesis';
import { decodeHandParameters, HAND_PARAMETER_FRAME } from '@opposable/mano-layer/conventions';
import { loadOpenHand } from '@opposable/open-hand';
import { createRng } from '@opposable/tensor-checks';
import { rescalePixel } from '../frame.js';
import { augmentSample } from './augment-sample.js';
import { noiseTable } from './change-colors.js';
import { drawWindow } from './draw-window.js';
import { moveAnnotation } from './move-annotation.js';
import { type Augmentation, AUGMENTATION_PRESETS, needsLoader } from './settings.js';
import { movePoint, similarityOf } from './similarity.js';

const SIDE = 96;
const model = loadOpenHand('right');
const hands = [...streamSyntheticHands({ model, seed: 8, count: 3, size: SIDE })];
const table = noiseTable(createRng('noise'));
const MOVED: Augmentation = { shift: 0.08, rotation: 40, scale: [0.7, 1.2] };

const pixelsOf = (size: number, maskSize = size) => ({
  image: new Float32Array(size * size * 3),
  mask: new Float32Array(maskSize * maskSize),
  ...{ size, maskSize },
});
/** Largest distance of two lists of numbers. */
const apart = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  expect(a.length).toBe(b.length);
  return Array.from(a, (value, i) => Math.abs(value - b[i]!)).reduce((x, y) => Math.max(x, y), 0);
};
/** [N, 3] camera points by a full 3 × 3 matrix, as pixels. */
const project = (camera: ArrayLike<number>, points: ArrayLike<number>): number[] =>
  Array.from({ length: points.length / 3 }, (_, n) => {
    const row = (r: number) => [0, 1, 2].reduce((sum, c) => sum + camera[3 * r + c]! * points[3 * n + c]!, 0);
    return [row(0) / row(2), row(1) / row(2)];
  }).flat();
/** The 2D keypoints that 22 numbers stand for, in pixels of an image. */
const keypointsOf = (parameters: Float64Array, size: number): number[] => {
  const { keypoints2d } = decodeHandParameters(model, parameters);
  return Array.from(keypoints2d, (value) => rescalePixel(value, HAND_PARAMETER_FRAME, size));
};

describe('moveAnnotation', () => {
  const map = similarityOf({ center: [51.3, 40.9], side: 70.5, angle: 0.7 }, 128);

  it('moves 2D, 3D, camera and the 22 numbers together', () => {
    for (const { image: _image, mask: _mask, ...hand } of hands) {
      const moved = moveAnnotation(hand, map, SIDE);
      const expected = Array.from({ length: 21 }, (_, k) => movePoint(map, hand.keypoints[2 * k]!, hand.keypoints[2 * k + 1]!)).flat(); // prettier-ignore
      expect(apart(moved.keypoints, expected)).toBe(0);
      // two ways to the same pixels: through the camera, and through the hand model
      const through = project(hand.camera, hand.keypoints3d);
      const seen = Array.from({ length: 21 }, (_, k) => movePoint(map, through[2 * k]!, through[2 * k + 1]!)).flat();
      expect(apart(project(moved.camera!, moved.keypoints3d!), seen)).toBeLessThan(1e-6);
      expect(apart(keypointsOf(moved.handParameters!, 128), expected)).toBeLessThan(0.05); // synthetic hands are that far from weak perspective
      expect(apart(keypointsOf(hand.handParameters!, SIDE), hand.keypoints)).toBeLessThan(0.05);
      // one focal length without skew, for the loss that reads camera[0]
      expect(apart(moved.camera!, [moved.camera![0]!, 0, moved.camera![2]!, 0, moved.camera![0]!, moved.camera![5]!, 0, 0, 1])).toBeLessThan(1e-9); // prettier-ignore
      expect(moved.camera![0]! / hand.camera[0]!).toBeCloseTo(128 / 70.5, 9);
    }
  });

  it('takes the box, the crop matrix and the world of MANO along', () => {
    const { image: _image, mask: _mask, ...hand } = hands[0]!;
    const worldToCamera = Float64Array.of(1, 0, 0, 0.1, 0, 1, 0, 0.2, 0, 0, 1, 0.9);
    const mano = { convention: 'freihand', pose: new Float64Array(48), betas: new Float64Array(10), transl: undefined, worldToCamera }; // prettier-ignore
    const moved = moveAnnotation({ ...hand, mano, crop: Float64Array.of(2, 0, 3, 0, 2, 4) }, map, SIDE);
    // a point of the world lands where its pixel goes
    const world = [0.03, -0.02, 0.1];
    const seen = (matrix: ArrayLike<number>) => [0, 1, 2].map((r) => [0, 1, 2].reduce((sum, c) => sum + matrix[4 * r + c]! * world[c]!, matrix[4 * r + 3]!)); // prettier-ignore
    const [u, v] = project(hand.camera, seen(worldToCamera)) as [number, number];
    expect(apart(project(moved.camera!, seen(moved.mano!.worldToCamera!)), movePoint(map, u, v))).toBeLessThan(1e-6);
    // from the original image: first the old crop, then the map
    const [a, b, c, d, e, f] = moved.crop as unknown as [number, number, number, number, number, number];
    const [x, y] = movePoint(map, 2 * 5 + 3, 2 * 7 + 4);
    expect(apart([5 * a + 7 * b + c, 5 * d + 7 * e + f], [x, y])).toBeLessThan(1e-9);
    const [left, top, width, height] = moved.bbox;
    for (let k = 0; k < 21; k++) {
      expect(moved.keypoints[2 * k]!).toBeGreaterThanOrEqual(left - 1e-6);
      expect(moved.keypoints[2 * k + 1]!).toBeLessThanOrEqual(top + height + 1e-6);
    }
    expect(width).toBeGreaterThan(0);
  });

  it('and back gives what was', () => {
    const { image: _image, mask: _mask, ...hand } = hands[1]!;
    const there = moveAnnotation(hand, similarityOf({ center: [47.5, 47.5], side: 96, angle: 0.4 }, 96), 96);
    const back = moveAnnotation(there, similarityOf({ center: [47.5, 47.5], side: 96, angle: -0.4 }, 96), 96);
    expect(apart(back.keypoints, hand.keypoints)).toBeLessThan(1e-9);
    expect(apart(back.keypoints3d!, hand.keypoints3d)).toBeLessThan(1e-6);
    expect(apart(back.camera!, hand.camera)).toBeLessThan(1e-6);
    expect(apart(back.handParameters!, hand.handParameters!)).toBeLessThan(1e-6);
  });
});

/** A white picture of a disc at (u, v), and the place of its middle as its pixels have it. */
function disc(u: number, v: number): HandSample {
  const image = createImage(SIDE, SIDE);
  const mask = { width: SIDE, height: SIDE, data: new Uint8Array(SIDE * SIDE) };
  for (let i = 0; i < SIDE * SIDE; i++) {
    const inside = Math.hypot((i % SIDE) - u, Math.floor(i / SIDE) - v) < 6;
    image.data.fill(inside ? 255 : 0, 3 * i, 3 * i + 3);
    mask.data[i] = inside ? 255 : 0;
  }
  const { keypoints, ...rest } = hands[0]!;
  return { ...rest, image, mask, keypoints: keypoints.map((_, i) => (i % 2 === 0 ? u : v)) };
}

function middle(values: Float32Array, size: number, channels: number): [number, number] {
  let [sum, x, y] = [0, 0, 0];
  for (let i = 0; i < size * size; i++) {
    const value = values[channels * i]!;
    sum += value;
    x += value * (i % size);
    y += value * Math.floor(i / size);
  }
  return [x / sum, y / sum];
}

describe('augmentSample', () => {
  it.each([32, 64, 96, 160])('moves labels with the pixels of image and mask, to %i px', (size) => {
    const sample = disc(45, 53);
    for (let i = 0; i < 5; i++) {
      const pixels = pixelsOf(size, 64);
      const { keypoints } = augmentSample(sample, createRng(i), MOVED, pixels, table);
      const [u, v] = [keypoints[0]!, keypoints[1]!];
      expect(apart(middle(pixels.image, size, 3), [u, v])).toBeLessThan(0.15);
      const inMask = [u, v].map((value) => rescalePixel(value, size, 64));
      expect(apart(middle(pixels.mask, 64, 1), inMask)).toBeLessThan(0.15);
    }
  });

  it('leaves a sample alone where nothing is asked for', () => {
    const sample = hands[0]!;
    const pixels = pixelsOf(SIDE);
    const annotation = augmentSample(sample, createRng(1), {}, pixels, table);
    expect(
      apart(
        pixels.image,
        Array.from(sample.image.data, (value) => value / 255),
      ),
    ).toBeLessThan(1e-6);
    expect(
      apart(
        pixels.mask,
        Array.from(sample.mask.data, (value) => value / 255),
      ),
    ).toBeLessThan(1e-6);
    expect(apart(annotation.keypoints, sample.keypoints)).toBeLessThan(1e-9);
    expect(apart(annotation.handParameters!, sample.handParameters!)).toBeLessThan(1e-9);
  });

  it('renders the moved numbers onto the moved pixels: the mask covers the mesh', () => {
    for (const sample of hands) {
      const pixels = pixelsOf(128);
      const { handParameters } = augmentSample(sample, createRng(5), MOVED, pixels, table);
      const { vertices2d } = decodeHandParameters(model, handParameters!);
      let [inside, total] = [0, 0];
      for (let i = 0; i < vertices2d.length; i += 2) {
        const [u, v] = [0, 1].map((axis) => Math.round(rescalePixel(vertices2d[i + axis]!, HAND_PARAMETER_FRAME, 128)));
        if (!(u! >= 0 && v! >= 0 && u! < 128 && v! < 128)) continue;
        total++;
        if (pixels.mask[v! * 128 + u!]! > 0.2) inside++;
      }
      expect(total).toBeGreaterThan(300);
      expect(inside / total).toBeGreaterThan(0.97);
    }
  });

  it('draws the window of 3dhand: 306 of 320 pixels, offsets of 0 to 10', () => {
    const windows = Array.from({ length: 400 }, (_, i) =>
      drawWindow(createRng(i), AUGMENTATION_PRESETS['3dhand'], 320),
    );
    const offsets = windows.map(({ center: [u] }) => u - 305 / 2);
    expect(new Set(offsets.map((value) => Math.round(value * 1e6) / 1e6))).toEqual(new Set([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10])); // prettier-ignore
    expect(windows.every(({ side, angle }) => side === 306 && angle === 0)).toBe(true);
    // (u − o)·256/306 and half-pixel borders: pixel centres o − 0.5 + 306·(i + 0.5)/256
    const map = similarityOf({ center: [7 + 305 / 2, 152.5], side: 306, angle: 0 }, 256);
    expect(movePoint(map, 7 - 0.5, -0.5)).toEqual([expect.closeTo(-0.5, 9), expect.closeTo(-0.5, 9)]);
    expect(movePoint(map, 7 - 0.5 + 306, 0)[0]).toBeCloseTo(255.5, 9);
  });

  it('repeats the mistake of the original only where it is named', () => {
    const sample = hands[0]!;
    const how = AUGMENTATION_PRESETS['3dhand'];
    const numbers = (mistakes?: Augmentation['mistakes']) =>
      augmentSample(sample, createRng(3), { ...how, mistakes }, pixelsOf(64), table).handParameters!;
    const { center } = drawWindow(createRng(3).split('window'), how, SIDE);
    const right = numbers();
    const wrong = numbers(['translation-not-resized']);
    expect(apart(right.subarray(3), wrong.subarray(3))).toBe(0);
    for (const axis of [0, 1]) {
      const in320 = rescalePixel(sample.handParameters![1 + axis]!, 256, 320);
      const origin = ((center[axis]! - ((306 / 320) * SIDE - 1) / 2) * 320) / SIDE;
      expect(wrong[1 + axis]).toBeCloseTo(in320 - origin, 6);
      expect(right[1 + axis]).toBeCloseTo(((in320 - origin + 0.5) * 256) / 306 - 0.5, 0);
    }
    expect(right[0]! / sample.handParameters![0]!).toBeCloseTo(320 / 306, 9);
  });

  it('changes colours within their ranges, and the same way for the same seed', () => {
    const sample = disc(45, 53);
    const strong = { ...AUGMENTATION_PRESETS.strong, cutout: { probability: 1, side: [0.2, 0.2] } } as const;
    const draw = (seed: number) => {
      const pixels = pixelsOf(48);
      augmentSample(sample, createRng(seed), strong, pixels, table);
      return pixels.image;
    };
    const one = draw(1);
    expect(draw(1)).toEqual(one);
    expect(draw(2)).not.toEqual(one);
    expect(one.every((value) => value >= 0 && value <= 1)).toBe(true);
  });
});

it('needsLoader tells what samples in memory cannot have', () => {
  expect(needsLoader({ gain: [0.8, 1.2], noise: 1 })).toBe(false);
  expect(needsLoader({ scale: [1, 1], rotation: 0, window3dhand: false })).toBe(false);
  for (const how of [{ rotation: 1 }, { contrast: [1, 2] }, AUGMENTATION_PRESETS['3dhand']] as const) expect(needsLoader(how)).toBe(true); // prettier-ignore
});
