import { createRng } from '@opposable/tensor-checks';
import sharp from 'sharp';
import { createImage } from '../create-image.js';
import type { RgbImage } from '../types.js';
import { addSensorNoise } from './add-sensor-noise.js';
import { applyTone } from './apply-tone.js';
import { blurImage } from './blur-image.js';
import { doubleSize } from './double-size.js';
import { createFilters } from './filter-memory.js';
import { jpegArtefacts } from './jpeg-artefacts.js';
import { motionBlur } from './motion-blur.js';
import { paintSoftly } from './paint-softly.js';
import { GRAIN_TILE_SIDE, type PaintedSurface, paintSurfaces } from './paint-surfaces.js';

function noisy(width: number, height: number): RgbImage {
  const rng = createRng('picture');
  const image = createImage(width, height, [0, 0, 0]);
  for (let i = 0; i < image.data.length; i++) image.data[i] = rng.integer(0, 255);
  return image;
}

describe('blurImage', () => {
  it('spreads a point by the deviation that is asked for, the same along both axes, and keeps its light', () => {
    for (const deviation of [0.8, 1.5, 3.2]) {
      const image = createImage(41, 41, [0, 0, 0]);
      const strength = 250;
      for (let y = 18; y < 23; y++) for (let x = 18; x < 23; x++) image.data[3 * (41 * y + x)] = strength;
      blurImage(image, deviation);
      let [mass, variance] = [0, [0, 0]];
      for (let i = 0; i < 41 * 41; i++) {
        const value = image.data[3 * i]!;
        mass += value;
        variance = [variance[0]! + value * ((i % 41) - 20) ** 2, variance[1]! + value * (Math.floor(i / 41) - 20) ** 2];
      }
      expect(mass / (25 * strength)).toBeCloseTo(1, 1);
      // a square of 5 pixels has the variance (25 − 1)/12 = 2
      for (const own of variance) expect(Math.abs(own / mass / (2 + deviation ** 2) - 1)).toBeLessThan(0.12);
      expect(image.data[3 * (41 * 20 + 20) + 1]).toBe(0);
    }
  });

  it('leaves a plain image as it is', () => {
    const image = createImage(9, 7, [10, 120, 250]);
    blurImage(image, 2);
    expect(image).toEqual(createImage(9, 7, [10, 120, 250]));
  });
});

describe('motionBlur', () => {
  it('is the mean along a line', () => {
    const image = noisy(20, 12);
    const before = image.data.slice();
    motionBlur(image, 4, 0);
    for (let y = 0; y < 12; y++) {
      for (let x = 3; x < 17; x++) {
        let sum = 0;
        for (let k = -2; k <= 2; k++) sum += before[3 * (20 * y + x + k)]!;
        expect(Math.abs(image.data[3 * (20 * y + x)]! - sum / 5)).toBeLessThanOrEqual(0.51);
      }
    }
  });
});

describe('applyTone', () => {
  it('makes grey of every colour with saturation 0, and changes nothing with ones', () => {
    const image = noisy(8, 8);
    const before = image.data.slice();
    applyTone(image, { gains: [1, 1, 1], gamma: 1, contrast: 1, saturation: 1 });
    expect(image.data).toEqual(before);
    applyTone(image, { gains: [1, 1, 1], gamma: 1, contrast: 1, saturation: 0 });
    for (let i = 0; i < before.length; i += 3) {
      const luma = Math.round(0.299 * before[i]! + 0.587 * before[i + 1]! + 0.114 * before[i + 2]!);
      for (const c of [0, 1, 2]) expect(Math.abs(image.data[i + c]! - luma)).toBeLessThanOrEqual(1);
    }
  });

  it('brightens by a gain and warms by unequal ones', () => {
    const image = createImage(1, 1, [100, 100, 100]);
    applyTone(image, { gains: [1.2, 1, 0.8], gamma: 1, contrast: 1, saturation: 1 });
    expect([...image.data]).toEqual([120, 100, 80]);
  });
});

describe('doubleSize', () => {
  it('interpolates between pixel centres', () => {
    const image = noisy(6, 5);
    const { width, height, data } = doubleSize(image);
    expect([width, height]).toEqual([12, 10]);
    const at = (x: number, y: number, c: number) =>
      image.data[3 * (Math.min(4, Math.max(0, y)) * 6 + Math.min(5, Math.max(0, x))) + c]!;
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const [u, v] = [(x + 0.5) / 2 - 0.5, (y + 0.5) / 2 - 0.5];
        const [left, top] = [Math.floor(u), Math.floor(v)];
        for (let c = 0; c < 3; c++) {
          const upper = at(left, top, c) + (u - left) * (at(left + 1, top, c) - at(left, top, c));
          const lower = at(left, top + 1, c) + (u - left) * (at(left + 1, top + 1, c) - at(left, top + 1, c));
          expect(Math.abs(data[3 * (y * width + x) + c]! - (upper + (v - top) * (lower - upper)))).toBeLessThan(0.51);
        }
      }
    }
  });
});

describe('paintSurfaces', () => {
  const tile = new Float32Array(GRAIN_TILE_SIDE ** 2);
  const plain = { slope: [0, 0], grain: 0, stretch: [1, 1], offset: [0, 0] } as const;

  it('fills what lies inside a convex outline, mixed by its opacity', () => {
    const corner = [
      [-1, -1],
      [6.4, -1],
      [-1, 6.4],
    ] as const;
    const { data } = paintSurfaces(8, 8, tile, (fill) => {
      fill(corner, { ...plain, color: [200, 100, 50] });
      fill(corner, { ...plain, color: [100, 100, 50] }, 0.5);
    });
    for (let y = 0; y < 8; y++) {
      for (let x = 0; x < 8; x++) expect(data[3 * (8 * y + x)]).toBe(x + y <= 5 ? 150 : 0);
    }
  });

  it('refuses tiles of another size', () => {
    expect(() => paintSurfaces(2, 2, new Float32Array(4), () => undefined)).toThrow(
      'paintSurfaces: expected a tile of 65536 numbers, got 4.',
    );
  });
});

describe('jpegArtefacts', () => {
  it('leaves what an encoder leaves of grey pictures at the same quality', async () => {
    for (const quality of [30, 75]) {
      const smooth = createImage(64, 48, [0, 0, 0]);
      for (let i = 0; i < 64 * 48; i++) {
        const value = 128 + 90 * Math.sin((i % 64) / 5) * Math.cos(i / 64 / 7) + ((i * 7919) % 23);
        smooth.data.fill(Math.min(255, Math.max(0, value)), 3 * i, 3 * i + 3);
      }
      const raw = { width: 64, height: 48, channels: 3 } as const;
      const file = await sharp(smooth.data, { raw }).jpeg({ quality }).toBuffer();
      const encoded = { data: await sharp(file).raw().toBuffer() };
      const before = smooth.data.slice();
      jpegArtefacts(smooth, quality);
      const difference = (a: Uint8Array, b: Uint8Array) =>
        a.reduce((sum, value, i) => sum + Math.abs(value - b[i]!), 0) / a.length;
      expect(difference(smooth.data, encoded.data)).toBeLessThan(0.35 * difference(before, encoded.data));
      expect(difference(before, encoded.data)).toBeGreaterThan(1);
    }
  });
});

describe('addSensorNoise', () => {
  it('has the deviation that is asked for and no bias', () => {
    const image = createImage(100, 100, [128, 128, 128]);
    addSensorNoise(createRng(4), image, 6);
    const mean = image.data.reduce((sum, value) => sum + value / image.data.length, 0);
    const variance = image.data.reduce((sum, value) => sum + (value - mean) ** 2 / image.data.length, 0);
    // standard errors: 6/√30000 = 0.035 and 0.024; rounding adds 1/12 to the variance
    expect(Math.abs(mean - 128)).toBeLessThan(0.15);
    expect(Math.abs(Math.sqrt(variance - 1 / 12) - 6)).toBeLessThan(0.12);
    const silent = createImage(4, 4, [9, 9, 9]);
    addSensorNoise(createRng(4), silent, 0);
    expect(silent.data.every((value) => value === 9)).toBe(true);
  });
});

describe('native filters', () => {
  it('give the bytes of the TypeScript ones, for every size', () => {
    const [native, plain] = [createFilters(), createFilters('typescript')];
    expect([native.kernels.name, plain.kernels.name]).toEqual(['wasm', 'typescript']);
    const tone = { gains: [1.3, 1, 0.6], gamma: 0.8, contrast: 1.2, saturation: 1.4 } as const;
    const filters: ((image: RgbImage, with_: typeof native) => void)[] = [
      (image, own) => blurImage(image, 0.4, own),
      (image, own) => blurImage(image, 3.3, own),
      (image, own) => blurImage(image, 40, own),
      (image, own) => motionBlur(image, 7.4, 0.7, own),
      (image, own) => motionBlur(image, 400, 2.5, own),
      (image, own) => addSensorNoise(createRng(3), image, 9.5, own),
      (image, own) => applyTone(image, tone, own),
      (image, own) => jpegArtefacts(image, 30, own),
      (image, own) => jpegArtefacts(image, 95, own),
    ];
    for (const [width, height] of [
      [1, 1],
      [5, 3],
      [16, 16],
      [33, 47],
      [64, 31],
    ] as const) {
      filters.forEach((filter, index) => {
        const [one, other] = [noisy(width, height), noisy(width, height)];
        filter(one, native);
        filter(other, plain);
        expect({ index, width, height, image: one }).toEqual({ index, width, height, image: other });
      });
    }
  });

  it('double and paint the same', () => {
    const [native, plain] = [createFilters(), createFilters('typescript')];
    const rng = createRng('tile');
    const tile = Float32Array.from({ length: GRAIN_TILE_SIDE ** 2 }, () => rng.uniform(-1, 1));
    for (const [width, height] of [
      [1, 1],
      [7, 5],
      [32, 20],
    ] as const) {
      expect(doubleSize(noisy(width, height), native)).toEqual(doubleSize(noisy(width, height), plain));
      const [one, other] = [native, plain].map((filters) =>
        paintSurfaces(
          width,
          height,
          tile,
          (fill) => {
            for (let k = 0; k < 12; k++) {
              const own = createRng(k);
              const outline = Array.from({ length: 3 + (k % 5) }, (_, i) => {
                const angle = (2 * Math.PI * i) / (3 + (k % 5)) + k;
                return [width * (own.uniform() + Math.cos(angle)), height * (0.5 + Math.sin(angle))] as const;
              });
              const color = [own.uniform(-20, 280), own.uniform(0, 255), own.uniform(0, 255)] as const;
              const surface: PaintedSurface = {
                color,
                slope: [own.normal(), own.normal()],
                grain: own.uniform(0, 60),
                stretch: [own.uniform(0.1, 9), 1.7],
                offset: [own.uniform(0, 256), own.uniform(0, 256)],
              };
              fill(outline, surface, k % 3 === 0 ? own.uniform() : 1);
            }
          },
          filters,
        ),
      );
      expect(one).toEqual(other);
    }
  });

  it('paint gradients and spots the same', () => {
    const painted = (['auto', 'typescript'] as const).map((kind) =>
      paintSoftly(
        31,
        17,
        (canvas) => {
          canvas.gradient({ from: [300, 20, -40], to: [9, 200, 90], direction: [0.6, 0.8], strength: 0.9 });
          for (const isBox of [true, false]) {
            const soft = { center: [0.4, 0.3], direction: [0.8, -0.6], halfSides: [0.3, 0.2] } as const;
            canvas.spot({ ...soft, color: [0, 99, 255], isBox, sharpness: 2.5, opacity: 0.7 });
          }
        },
        createFilters(kind),
      ),
    );
    expect(painted[0]).toEqual(painted[1]);
    expect(new Set(painted[0]!.data).size).toBeGreaterThan(60);
  });

  it('refuse grey pictures', () => {
    const grey = { width: 2, height: 2, data: new Uint8Array(4) };
    expect(() => blurImage(grey, 2)).toThrow('blurImage: expected image with 3 bytes per pixel, got 1.');
  });
});
