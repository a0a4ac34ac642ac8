import * as tf from '@tensorflow/tfjs-core';
import { axisAngleToMatrix, matrixToAxisAngle, multiply3x3 } from '@opposable/geometry/host';
import { HandWindow } from './hand-window.js';
import { RefinePlacement } from './refine-placement.js';
import { StandardizeImage } from './standardize-image.js';

const placement = {
  offset: [500, 128, 128, 0],
  scale: [100, 40, 40, 1],
  windowMetres: 0.256,
  windowRange: [48, 320],
} as const;

/** An image whose first two channels are the column and the row of each pixel, in the 256 frame. */
function coordinates(size: number): tf.Tensor4D {
  const frame = (i: number): number => ((i + 0.5) * 256) / size - 0.5;
  const rows = Array.from({ length: size }, (_, y) => Array.from({ length: size }, (_, x) => [frame(x), frame(y)]));
  return tf.tensor4d([rows]);
}

describe.each(['cpu', 'wasm'])('HandWindow on %s', (backend) => {
  beforeAll(async () => {
    await tf.setBackend(backend);
    await tf.ready();
  });

  it.each([64, 128])('cuts the square around the guess, pixel centre by pixel centre, from an image of %i', (size) => {
    const window = new HandWindow({ windowSize: 16, ...placement });
    // 500 px/m · 0.256 m = 128 px around (138, 118), in 16 cells of 8 px: first centre at 138 − 64 + 4
    const cut = window.apply([coordinates(size), tf.tensor2d([[0, 0.25, -0.25, 0]])]) as tf.Tensor4D;
    const values = cut.arraySync()[0]!;
    for (let y = 0; y < 16; y++) {
      for (let x = 0; x < 16; x++) {
        expect(values[y]![x]![0]).toBeCloseTo(138 - 64 + 8 * (x + 0.5), 3);
        expect(values[y]![x]![1]).toBeCloseTo(118 - 64 + 8 * (y + 0.5), 3);
      }
    }
  });

  it('turns the square by the guessed angle about its centre, from x towards y', () => {
    const window = new HandWindow({ windowSize: 16, ...placement });
    const angle = 0.4;
    const cut = window.apply([coordinates(128), tf.tensor2d([[0, 0.25, -0.25, angle]])]) as tf.Tensor4D;
    const values = cut.arraySync()[0]!;
    for (const [x, y] of [
      [0, 0],
      [15, 0],
      [3, 12],
      [8, 8],
    ] as const) {
      // prettier-ignore
      const [dx, dy] = [8 * (x - 7.5), 8 * (y - 7.5)];
      expect(values[y]![x]![0]).toBeCloseTo(138 + Math.cos(angle) * dx - Math.sin(angle) * dy, 2);
      expect(values[y]![x]![1]).toBeCloseTo(118 + Math.sin(angle) * dx + Math.cos(angle) * dy, 2);
    }
  });

  it('is black outside of the image, and passes no gradient to the guess', () => {
    const window = new HandWindow({ windowSize: 8, ...placement });
    const image = tf.ones<tf.Rank.R4>([1, 32, 32, 3]);
    const far = tf.tensor2d([[0, -3, 0, 0]]); // the left half of the window lies at negative columns
    const cut = window.apply([image, far]) as tf.Tensor4D;
    expect(cut.arraySync()[0]![4]![0]).toEqual([0, 0, 0]);
    expect(cut.arraySync()[0]![4]![7]).toEqual([1, 1, 1]);
    // only the second summand has a way back to the guess
    const gradient = tf.grad((x: tf.Tensor) =>
      tf.add(tf.sum(window.apply([image, x]) as tf.Tensor), tf.sum(tf.mul(x, 3))),
    )(far);
    expect(gradient.arraySync()).toEqual([[3, 3, 3, 3]]);
  });
});

describe('RefinePlacement', () => {
  it('adds the correction to the guess, and turns the fine rotation by the guessed angle about z', async () => {
    await tf.setBackend('cpu');
    const layer = new RefinePlacement(placement);
    const fine = [0.5, 1, -1, 0.3, -0.2, 0.1, 7, 8];
    const out = layer.apply([tf.tensor2d([[1, 0.5, 0, 0.7]]), tf.tensor2d([fine])]) as tf.Tensor2D;
    const side = 600 * 0.256;
    const turned = matrixToAxisAngle(multiply3x3(axisAngleToMatrix([0, 0, 0.7]), axisAngleToMatrix(fine.slice(3, 6))));
    [600 + 50, 148 + 0.15 * side, 128 - 0.15 * side, ...turned, 7, 8].forEach((expected, i) =>
      expect(out.arraySync()[0]![i]).toBeCloseTo(expected, 3),
    );
  });
});

describe('StandardizeImage', () => {
  it('takes brightness per channel and contrast over all channels out of each picture', async () => {
    await tf.setBackend('cpu');
    const pixels = Array.from({ length: 2 * 4 * 4 * 3 }, (_, i) => ((i * 7) % 11) / 20 + (i % 3) * 0.1);
    const out = new StandardizeImage({}).apply(tf.tensor4d(pixels, [2, 4, 4, 3])) as tf.Tensor4D;
    const values = out.dataSync();
    for (let n = 0; n < 2; n++) {
      const image = pixels.slice(n * 48, n * 48 + 48);
      const means = [0, 1, 2].map((c) => image.filter((_, i) => i % 3 === c).reduce((a, b) => a + b, 0) / 16);
      const centred = image.map((value, i) => value - means[i % 3]!);
      const deviation = Math.sqrt(centred.reduce((sum, value) => sum + value * value, 0) / 48);
      centred.forEach((value, i) => expect(values[n * 48 + i]!).toBeCloseTo(value / (deviation + 0.02), 4));
    }
    const flat = new StandardizeImage({}).apply(tf.fill([1, 4, 4, 3], 0.7)) as tf.Tensor;
    expect(tf.max(tf.abs(flat)).dataSync()[0]).toBeLessThan(1e-4);
  });
});
