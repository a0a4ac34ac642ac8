import { createImage, type RgbImage } from '@opposable/drawing';
import { decodeImage, encodeImage } from '@opposable/hand-datasets/node';
import { createRng } from '@opposable/tensor-checks';
import { blurImage } from './blur-image.js';
import { jpegArtefacts } from './jpeg-artefacts.js';
import { motionBlur } from './motion-blur.js';
import { applyTone } from './tone-curve.js';

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

describe('jpegArtefacts', () => {
  it('leaves what an encoder leaves of grey pictures at the same quality', async () => {
    for (const quality of [30, 75]) {
      const smooth = createImage(64, 48, [0, 0, 0]);
      for (let i = 0; i < 64 * 48; i++) {
        const value = 128 + 90 * Math.sin((i % 64) / 5) * Math.cos(i / 64 / 7) + ((i * 7919) % 23);
        smooth.data.fill(Math.min(255, Math.max(0, value)), 3 * i, 3 * i + 3);
      }
      const encoded = await decodeImage(await encodeImage(smooth, { format: 'jpeg', quality }), 'a test');
      const before = smooth.data.slice();
      jpegArtefacts(smooth, quality);
      const difference = (a: Uint8Array, b: Uint8Array) =>
        a.reduce((sum, value, i) => sum + Math.abs(value - b[i]!), 0) / a.length;
      expect(difference(smooth.data, encoded.data)).toBeLessThan(0.35 * difference(before, encoded.data));
      expect(difference(before, encoded.data)).toBeGreaterThan(1);
    }
  });
});
