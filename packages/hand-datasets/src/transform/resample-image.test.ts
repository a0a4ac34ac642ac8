import { createRng } from '@opposable/tensor-checks';
import { type Crop, resampleImage } from './resample-image.js';

const rng = createRng('resample');
const grayOf = (width: number, height: number, value: (x: number, y: number) => number) => ({
  width,
  height,
  data: Uint8Array.from({ length: width * height }, (_, i) => Math.round(value(i % width, Math.floor(i / width)))),
});

/** The definition in float64: a triangle of half-width max(1, step) around every output pixel's source position. */
function reference(image: ReturnType<typeof grayOf>, width: number, height: number, crop: Crop): number[] {
  const stepX = crop.width / width;
  const stepY = crop.height / height;
  const weight = (distance: number, step: number): number => Math.max(0, 1 - Math.abs(distance) / Math.max(1, step));
  return Array.from({ length: width * height }, (_, i) => {
    const u = crop.x - 0.5 + ((i % width) + 0.5) * stepX;
    const v = crop.y - 0.5 + (Math.floor(i / width) + 0.5) * stepY;
    if (u < -0.5 || v < -0.5 || u > image.width - 0.5 || v > image.height - 0.5) return 0;
    let [sum, total] = [0, 0];
    for (let y = 0; y < image.height; y++) {
      for (let x = 0; x < image.width; x++) {
        const w = weight(x - u, stepX) * weight(y - v, stepY);
        sum += w * image.data[y * image.width + x]!;
        total += w;
      }
    }
    return sum / total;
  });
}

describe('resampleImage', () => {
  const noise = grayOf(23, 17, () => rng.integer(0, 255));

  it.each([
    ['enlarging', 40, 40, { x: 3, y: 2, width: 12, height: 12 }],
    ['shrinking', 7, 5, { x: 0, y: 0, width: 23, height: 17 }],
    ['shrinking a fractional window', 6, 9, { x: 1.3, y: 0.25, width: 19.5, height: 15.1 }],
    ['a window that leaves the image', 30, 30, { x: -4, y: 9, width: 15, height: 15 }],
    ['different factors per axis', 46, 6, { x: 0, y: 0, width: 23, height: 17 }],
  ])('agrees with its definition when %s', (_, width, height, crop) => {
    const result = resampleImage(noise, { width, height }, crop);
    const values = reference(noise, width, height, crop);
    result.data.forEach((value, i) => expect(Math.abs(value - values[i]!)).toBeLessThan(0.502));
  });

  it('gives the same pixels back for the whole image at its own size', () => {
    expect(resampleImage(noise, { width: 23, height: 17 }).data).toEqual(noise.data);
  });

  it('cuts whole pixels exactly', () => {
    const cut = resampleImage(noise, { width: 5, height: 4 }, { x: 7, y: 3, width: 5, height: 4 });
    expect(cut.data[6]).toBe(noise.data[4 * 23 + 8]);
  });

  it('keeps a linear ramp where it is, up and down', () => {
    const ramp = grayOf(64, 8, (x) => 2 * x + 20);
    for (const width of [16, 24, 50, 128, 200]) {
      const step = 64 / width;
      const { data } = resampleImage(ramp, { width, height: 8 });
      for (let i = Math.ceil(2 / step) + 1; i < width - Math.ceil(2 / step) - 1; i++) {
        expect(Math.abs(data[i]! - (2 * ((i + 0.5) * step - 0.5) + 20))).toBeLessThanOrEqual(0.75);
      }
    }
  });

  it('keeps the mean of an image that it shrinks', () => {
    const image = grayOf(96, 96, () => rng.integer(0, 255));
    const mean = (data: Uint8Array): number => data.reduce((sum, value) => sum + value, 0) / data.length;
    expect(Math.abs(mean(resampleImage(image, { width: 12, height: 12 }).data) - mean(image.data))).toBeLessThan(1.5);
  });

  it('treats the three channels of a colour image alike', () => {
    const color = {
      width: 23,
      height: 17,
      data: Uint8Array.from(noise.data).reduce(
        (data, value, i) => (data.set([value, 255 - value, 7], 3 * i), data),
        new Uint8Array(23 * 17 * 3),
      ),
    };
    const crop = { x: 2, y: 3, width: 9, height: 11 };
    const gray = resampleImage(noise, { width: 20, height: 6 }, crop);
    const result = resampleImage(color, { width: 20, height: 6 }, crop);
    gray.data.forEach((value, i) => {
      expect(result.data[3 * i]).toBe(value);
      expect(Math.abs(result.data[3 * i + 1]! - (255 - value))).toBeLessThanOrEqual(1);
      expect(result.data[3 * i + 2]).toBe(7);
    });
  });
});
