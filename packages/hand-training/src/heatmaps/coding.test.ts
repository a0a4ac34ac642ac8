import { createRng } from '@opposable/tensor-checks';
import { intoWindow, isWhole, randomWindow, sampleWindow, windowOf } from './augment-window.js';
import { shouldStop } from './early-stop.js';
import { cellToFrame, frameToCell } from './heatmap-frame.js';
import { fromHeatmapBytes, packHeatmaps, toHeatmapBytes, unpackHeatmaps } from './packed-heatmaps.js';

describe('windows', () => {
  it('of the whole image change nothing', () => {
    const whole = windowOf({ factor: 1, angle: 0, dx: 0, dy: 0 }, 64, 64);
    expect(isWhole(whole)).toBe(true);
    expect(intoWindow(whole, 12.5, 40)).toEqual([12.5, 40]);
  });

  it('keep the borders of the image when they change its size', () => {
    const window = windowOf({ factor: 1, angle: 0, dx: 0, dy: 0 }, 128, 64);
    expect(intoWindow(window, -0.5, 127.5)).toEqual([-0.5, 63.5]);
  });

  it('move pixels and keypoints in the same way', () => {
    const [from, to] = [96, 64];
    const rng = createRng('windows');
    for (let trial = 0; trial < 20; trial++) {
      const [u, v] = [rng.uniform(30, 66), rng.uniform(30, 66)];
      const image = new Uint8Array(from * from * 3);
      for (let y = 0; y < from; y++)
        for (let x = 0; x < from; x++)
          image.fill(
            255 * Math.exp(-((x - u) ** 2 + (y - v) ** 2) / 18) + 0.5,
            (y * from + x) * 3,
            (y * from + x) * 3 + 3,
          );
      const how = { gain: [1, 1], noise: 0, scale: [0.9, 1.5], rotation: 180, translation: 0.1, empty: 0 } as const;
      const window = randomWindow(how, rng, from, to);
      const out = new Float32Array(to * to * 3);
      sampleWindow(image, from, window, out, to);
      let [sum, sx, sy] = [0, 0, 0];
      for (let y = 0; y < to; y++)
        for (let x = 0; x < to; x++) {
          const value = out[(y * to + x) * 3]!;
          [sum, sx, sy] = [sum + value, sx + value * x, sy + value * y];
        }
      const [expectedX, expectedY] = intoWindow(window, u, v);
      expect(sx / sum).toBeCloseTo(expectedX, 1);
      expect(sy / sum).toBeCloseTo(expectedY, 1);
    }
  });

  it('repeat the outermost pixels beyond the image', () => {
    const image = Uint8Array.from({ length: 4 * 4 * 3 }, (_, i) => 10 * Math.floor(i / 3));
    const out = new Float32Array(8 * 8 * 3);
    sampleWindow(image, 4, windowOf({ factor: 2, angle: 0, dx: 0, dy: 0 }, 4, 8), out, 8);
    expect([out[0], out[7 * 3], out[63 * 3]]).toEqual([0, 30, 150]);
    expect(out[(2 * 8 + 2) * 3]).toBe(0); // the first pixel stands at (2, 2)
    expect(out[(3 * 8 + 4) * 3]).toBe(60);
  });
});

describe('places in maps and in the 256 frame', () => {
  it('are each other’s inverse', () => {
    for (const placement of ['exact', 'documented'] as const) {
      for (const u of [-0.5, 0, 17.3, 255.5]) {
        expect(cellToFrame(frameToCell(u, 64, placement), 64, placement)).toBeCloseTo(u, 9);
      }
    }
  });

  it('share their borders where exact, and are the tutorial’s u/224 otherwise', () => {
    expect(frameToCell(-0.5, 64, 'exact')).toBeCloseTo(-0.5, 12);
    expect(frameToCell(255.5, 64, 'exact')).toBeCloseTo(63.5, 12);
    // pixel 112 of 224 stands at (112.5·256/224 − ½) of 256, and the tutorial puts it at 112/224·128 = 64
    expect(frameToCell((112.5 * 256) / 224 - 0.5, 128, 'documented')).toBeCloseTo(64, 9);
  });
});

describe('shouldStop', () => {
  const rule = { after: 10, window: 10, patience: 10 };
  it('waits for the first ten epochs and for more than ten without a fall', () => {
    const flat = (count: number): number[] => new Array<number>(count).fill(0.5);
    // the mean of epoch 10 is the best; 11 more without a fall end it
    expect(shouldStop(flat(9), rule)).toBe(false);
    expect(shouldStop(flat(20), rule)).toBe(false);
    expect(shouldStop(flat(21), rule)).toBe(true);
  });

  it('goes on while the mean of the last ten falls by what five decimals show', () => {
    const falling = Array.from({ length: 60 }, (_, i) => 0.5 - 1e-4 * i);
    expect(shouldStop(falling, rule)).toBe(false);
    const tooSlow = Array.from({ length: 60 }, (_, i) => 0.5 - 1e-8 * i);
    expect(shouldStop(tooSlow, rule)).toBe(true);
  });
});

describe('packed maps', () => {
  it('come back to half a grey level, in the order of 3dhand', () => {
    const rng = createRng('packed');
    const maps = Float32Array.from({ length: 4 * 4 * 21 }, () => rng.uniform());
    const bytes = toHeatmapBytes(maps, 4);
    const pictures = packHeatmaps(bytes);
    expect(pictures).toHaveLength(7);
    fromHeatmapBytes(unpackHeatmaps(pictures)).forEach((value, i) =>
      expect(Math.abs(value - maps[i]!)).toBeLessThanOrEqual(0.5 / 255 + 1e-6),
    );
    // wrist, index 1–4, middle 1–4, little 1–4, ring 1–4, thumb 1–4, three to a picture
    const panoptic = [0, 5, 6, 7, 8, 9, 10, 11, 12, 17, 18, 19, 20, 13, 14, 15, 16, 1, 2, 3, 4];
    panoptic.forEach((k, channel) => {
      const stored = pictures[Math.floor(channel / 3)]!.data[5 * 3 + (channel % 3)]!;
      expect(stored).toBe(Math.floor(255 * maps[5 * 21 + k]! + 0.5));
    });
  });

  it('are refused unless there are seven equal squares', () => {
    const square = { width: 4, height: 4, data: new Uint8Array(48) };
    expect(() => unpackHeatmaps([square])).toThrow(
      'unpackHeatmaps: expected seven square pictures of one size, got 4×4.',
    );
  });
});
