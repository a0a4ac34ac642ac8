import * as tf from '@tensorflow/tfjs-core';
import type { RgbImage } from '@opposable/drawing';
import { createHandParameterLayer } from '@opposable/hand-regressor';
import { synthesizeHand } from '@opposable/hand-synthesis';
import type { ManoLayer } from '@opposable/mano-layer';
import { decodeHandParameters } from '@opposable/mano-layer/conventions';
import { loadOpenHand } from '@opposable/open-hand';
import { ConfigError, createRng, DatasetError } from '@opposable/tensor-checks';
import { prepareBackend } from '@opposable/training';
import { createRun, type HandRun } from '../run/hand-run.js';
import { constantModel } from '../test-support/constant-model.js';
import { largestDifference } from '../test-support/largest-difference.js';
import { predictHand } from './predict-hand.js';

const SIDE = 64;
const hand = loadOpenHand('right');
const truth = synthesizeHand(createRng(9), hand, { size: SIDE });
let layer: ManoLayer;
let run: HandRun;

beforeAll(async () => {
  await prepareBackend('wasm');
  layer = createHandParameterLayer(hand);
  run = createRun({ encoder: 'small', inputSize: SIDE }, 6);
});
afterAll(() => {
  layer.dispose();
  run.dispose();
});

/** The synthetic image as a part of a larger one, `factor` times enlarged by repeating pixels, at (x, y). */
function embedded(width: number, height: number, x: number, y: number, factor: number): RgbImage {
  const data = new Uint8Array(width * height * 3).fill(90);
  for (let row = 0; row < SIDE * factor; row++) {
    for (let column = 0; column < SIDE * factor; column++) {
      const from = (Math.floor(row / factor) * SIDE + Math.floor(column / factor)) * 3;
      data.set(truth.image.data.subarray(from, from + 3), ((y + row) * width + x + column) * 3);
    }
  }
  return { width, height, data };
}

function mirrored({ width, height, data }: RgbImage): RgbImage {
  const out = new Uint8Array(data.length);
  for (let i = 0; i < width * height; i++) {
    const to = Math.floor(i / width) * width + (width - 1 - (i % width));
    for (let c = 0; c < 3; c++) out[to * 3 + c] = data[i * 3 + c]!;
  }
  return { width, height, data: out };
}

describe('predictHand', () => {
  it('gives the keypoints of the image when the network gives the true 22 numbers', async () => {
    const model = constantModel(truth.handParameters!, SIDE);
    await predictHand(model, layer, truth.image); // the layer's own tensors are made by its first call
    const before = tf.memory().numTensors;
    const predicted = await predictHand(model, layer, truth.image);
    expect(tf.memory().numTensors).toBe(before);
    expect(predicted.crop).toEqual({ x: 0, y: 0, width: SIDE, height: SIDE });
    expect(largestDifference(predicted.keypoints, truth.keypoints)).toBeLessThan(0.01); // px
    const { keypoints3d, vertices3d } = decodeHandParameters(hand, truth.handParameters!);
    expect(largestDifference(predicted.keypoints3d, keypoints3d)).toBeLessThan(1e-5);
    expect(largestDifference(predicted.vertices, vertices3d)).toBeLessThan(1e-5);
    expect(largestDifference(predicted.handParameters, Float32Array.from(truth.handParameters!))).toBeLessThan(1e-4);
    model.dispose();
  });

  it('projects the mesh onto the hand: every vertex where the renderer had it', async () => {
    const model = constantModel(truth.handParameters!, SIDE);
    const { vertices, camera } = await predictHand(model, layer, truth.image);
    const projected = Float64Array.from(truth.vertices2d, (_, i) => {
      const axis = i % 2;
      return camera.translation[axis]! + camera.scale * vertices[(i >> 1) * 3 + axis]!;
    });
    expect(largestDifference(projected, truth.vertices2d)).toBeLessThan(0.02);
    model.dispose();
  });

  it('comes back to the pixels of a larger image, through the centred square or the box', async () => {
    const model = constantModel(truth.handParameters!, SIDE);
    // the hand's square of 128 px in the middle of 128 rows
    const wide = embedded(200, 128, 36, 0, 2);
    const inWide = Float64Array.from(truth.keypoints, (value, i) => 2 * (value + 0.5) - 0.5 + (i % 2 === 0 ? 36 : 0));
    const centred = await predictHand(model, layer, wide);
    expect(centred.crop).toEqual({ x: 36, y: 0, width: 128, height: 128 });
    expect(largestDifference(centred.keypoints, inWide)).toBeLessThan(0.02);

    // a box whose crop, 2 × the box, is that square: 65 columns and rows from its quarter on span 64 px
    const image = embedded(300, 280, 130, 90, 2);
    const boxed = await predictHand(model, layer, image, { box: [162, 122, 65, 65], cropFactor: 2 });
    expect(boxed.crop).toEqual({ x: 130, y: 90, width: 128, height: 128 });
    const inImage = Float64Array.from(
      truth.keypoints,
      (value, i) => 2 * (value + 0.5) - 0.5 + (i % 2 === 0 ? 130 : 90),
    );
    expect(largestDifference(boxed.keypoints, inImage)).toBeLessThan(0.02);
    model.dispose();
  });

  it('sees in the box what it sees in the box cut out', async () => {
    // no resampling, whose filter would look past the crop
    const image = embedded(200, 180, 100, 70, 1);
    const boxed = await predictHand(run.model, run.layer, image, { box: [116, 86, 33, 33], cropFactor: 2 });
    const alone = await predictHand(run.model, run.layer, truth.image);
    expect(largestDifference(boxed.handParameters, alone.handParameters)).toBeLessThan(1e-3);
    const elsewhere = await predictHand(run.model, run.layer, image, { box: [30, 20, 33, 33], cropFactor: 2 });
    expect(largestDifference(elsewhere.handParameters, alone.handParameters)).toBeGreaterThan(0.01);
  });

  it('predicts the mirrored hand for the mirrored image', async () => {
    const image = embedded(200, 150, 50, 10, 2);
    const box = [80, 40, 65, 65] as const;
    const right = await predictHand(run.model, run.layer, image, { box });
    const left = await predictHand(run.model, run.layer, mirrored(image), {
      box: [200 - 80 - 65, 40, 65, 65],
      side: 'left',
    });
    expect([right.side, left.side]).toEqual(['right', 'left']);
    expect(largestDifference(left.handParameters, right.handParameters)).toBeLessThan(1e-3);
    const keypoints = right.keypoints.map((value, i) => (i % 2 === 0 ? 199 - value : value));
    expect(largestDifference(left.keypoints, keypoints)).toBeLessThan(1e-3);
    const flip = (points: Float64Array) => points.map((value, i) => (i % 3 === 0 ? -value : value));
    expect(largestDifference(left.keypoints3d, flip(right.keypoints3d))).toBeLessThan(1e-6);
    expect(largestDifference(left.vertices, flip(right.vertices))).toBeLessThan(1e-6);
    expect(left.camera.translation[0]).toBeCloseTo(199 - right.camera.translation[0], 3);
    expect(left.camera.scale).toBeCloseTo(right.camera.scale, 4);
  });

  // prettier-ignore
  it.each([
    ['without width', [1, 2, 0, 5]],
    ['of negative height', [1, 2, 4, -5]],
    ['with NaN', [NaN, 2, 4, 5]],
  ] as const)('refuses a box %s', async (_name, box) => {
    const failing = predictHand(run.model, run.layer, truth.image, { box });
    await expect(failing).rejects.toThrow(ConfigError);
    await expect(failing).rejects.toThrow(
      `predictHand: expected a box x, y, width, height with a positive size, got ${box.join(', ')}.`,
    );
  });

  it('refuses a box outside the image', async () => {
    const failing = predictHand(run.model, run.layer, truth.image, { box: [500, 0, 20, 20] });
    await expect(failing).rejects.toThrow(DatasetError);
    await expect(failing).rejects.toThrow(
      'predictHand: expected a box of more than one pixel that touches the 64×64 image, got 500, 0, 20, 20.',
    );
    await expect(predictHand(run.model, run.layer, truth.image, { box: [5, 5, 1, 1] })).rejects.toThrow(
      'predictHand: expected a box of more than one pixel that touches the 64×64 image, got 5, 5, 1, 1.',
    );
  });
});
