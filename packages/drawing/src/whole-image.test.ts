import { createRng, FileFormatError } from '@opposable/tensor-checks';
import { encode } from 'fast-png';
import sharp from 'sharp';
import { blend, overlayMask } from './blend.js';
import { contactSheet } from './contact-sheet.js';
import { copyImage, createImage } from './create-image.js';
import { cropImage } from './crop-image.js';
import { overlayMesh } from './overlay-mesh.js';
import { decodeGray16Png, decodeGrayPng, decodePng, encodeGray16Png, encodePng } from './png.js';
import { resizeImage } from './resize-image.js';
import { sphere } from './test-support/meshes.js';
import type { GrayImage, RgbImage } from './types.js';

const noise = (seed: number, width: number, height: number): RgbImage => {
  const rng = createRng(seed);
  return { width, height, data: Uint8Array.from({ length: width * height * 3 }, () => rng.integer(0, 255)) };
};
const gray = (width: number, height: number, values: number[]): GrayImage => ({
  width,
  height,
  data: Uint8Array.from(values),
});

describe('createImage and copyImage', () => {
  it('fills with the colour and copies without sharing', () => {
    const image = createImage(2, 1, [1, 2, 3]);
    expect([...image.data]).toEqual([1, 2, 3, 1, 2, 3]);
    const copy = copyImage(image);
    copy.data[0] = 9;
    expect(image.data[0]).toBe(1);
    expect(() => createImage(0, 4)).toThrow('createImage: expected width and height as positive integers, got 0 × 4.');
  });
});

describe('PNG', () => {
  it('decodes what it encoded, and another decoder agrees', async () => {
    const image = noise(1, 33, 17);
    const bytes = encodePng(image);
    expect(decodePng(bytes)).toEqual(image);
    const { data, info } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true });
    expect([info.width, info.height, info.channels]).toEqual([33, 17, 3]);
    expect(Buffer.compare(data, image.data)).toBe(0);
    const mask = gray(5, 3, [0, 255, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]);
    expect(decodeGrayPng(encodePng(mask))).toEqual(mask);
  });

  it('keeps 16 bits, and another decoder agrees', async () => {
    const deep = { width: 5, height: 2, data: Uint16Array.of(0, 1, 255, 256, 4660, 32768, 65535, 7, 8, 9) };
    const bytes = encodeGray16Png(deep);
    expect(decodeGray16Png(bytes)).toEqual(deep);
    const { data, info } = await sharp(bytes).toColourspace('grey16').raw({ depth: 'ushort' }).toBuffer({ resolveWithObject: true }); // prettier-ignore
    expect(info.channels).toBe(1);
    expect([...new Uint16Array(data.buffer, data.byteOffset, 10)]).toEqual([...deep.data]);
    expect(() => decodeGray16Png(encodePng(noise(1, 3, 3)))).toThrow(
      'decodeGray16Png: expected a grey PNG of 16 bits per pixel, got one of 3 channels of 8 bits.',
    );
  });

  it('reads palettes, few bits, transparency and 16 bits', async () => {
    const source = noise(2, 8, 6);
    const input = { raw: { width: 8, height: 6, channels: 3 } } as const;
    const palette = await sharp(source.data, input).png({ palette: true, colours: 4, dither: 0 }).toBuffer();
    const expected = await sharp(palette).removeAlpha().toColourspace('srgb').raw().toBuffer();
    expect([...decodePng(palette).data]).toEqual([...expected]);
    const alpha = await sharp(source.data, input).ensureAlpha(0.5).png().toBuffer();
    expect([...decodePng(alpha).data]).toEqual([...source.data]);
    const deep = encode({ width: 2, height: 1, depth: 16, channels: 1, data: Uint16Array.of(0x8080, 0xffff) });
    expect([...decodeGrayPng(deep).data]).toEqual([128, 255]);
    const bits = encode({ width: 3, height: 2, depth: 1, channels: 1, data: Uint8Array.of(0b10100000, 0b01000000) });
    expect([...decodeGrayPng(bits).data]).toEqual([255, 0, 255, 0, 255, 0]);
  });

  it('refuses bytes that are not a PNG', () => {
    expect(() => decodePng(Uint8Array.of(1, 2, 3))).toThrow(FileFormatError);
    expect(() => decodePng(encodePng(noise(3, 9, 9)).slice(0, 120))).toThrow(
      'decodePng: expected the bytes of a PNG file',
    );
  });
});

describe('blend', () => {
  it('mixes by a number, a colour and a mask', () => {
    const base = createImage(2, 1, [100, 100, 100]);
    const over = createImage(2, 1, [200, 0, 100]);
    expect([...blend(base, over, 0.25).data]).toEqual([125, 75, 100, 125, 75, 100]);
    expect([...blend(base, [200, 0, 100], gray(2, 1, [0, 255])).data]).toEqual([100, 100, 100, 200, 0, 100]);
    expect([...overlayMask(base, gray(2, 1, [255, 0]), [0, 0, 0], 0.5).data]).toEqual([50, 50, 50, 100, 100, 100]);
    expect([...base.data]).toEqual([100, 100, 100, 100, 100, 100]);
    expect(() => blend(base, createImage(3, 1), 0.5)).toThrow('blend: expected over of 2 × 1 pixels, got 3 × 1.');
    expect(() => blend(base, over, 2)).toThrow('blend: expected opacity in 0 … 1, got 2.');
  });
});

describe('overlayMesh', () => {
  it('changes only the pixels of the mesh and not the photo it is given', () => {
    const photo = noise(4, 64, 64);
    const before = copyImage(photo);
    const camera = { kind: 'weak-perspective', scale: 20, translation: [32, 32] } as const;
    const overlaid = overlayMesh(photo, sphere(1, [0, 0, 3]), camera, { opacity: 1 });
    expect(photo).toEqual(before);
    const changed = (x: number, y: number) => overlaid.data[(y * 64 + x) * 3] !== photo.data[(y * 64 + x) * 3];
    let inside = 0;
    for (let y = 0; y < 64; y++) {
      for (let x = 0; x < 64; x++) {
        const distance = Math.hypot(x - 32, y - 32);
        if (distance > 21.5) expect(changed(x, y)).toBe(false);
        if (distance < 18 && changed(x, y)) inside++;
      }
    }
    expect(inside).toBeGreaterThan(900);
  });
});

describe('cropImage', () => {
  it('copies whole pixels and fills what lies outside', () => {
    const image = gray(3, 2, [1, 2, 3, 4, 5, 6]);
    expect([...cropImage(image, { x: 1, y: 0, width: 2, height: 2 }).data]).toEqual([2, 3, 5, 6]);
    const padded = cropImage(image, { x: -1, y: 1, width: 5, height: 2 }, [9, 9, 9]);
    expect([...padded.data]).toEqual([9, 4, 5, 6, 9, 9, 9, 9, 9, 9]);
    expect([...cropImage(image, { x: 7, y: 7, width: 1, height: 1 }).data]).toEqual([0]);
    expect(() => cropImage(image, { x: 0.5, y: 0, width: 1, height: 1 })).toThrow('expected x and y as integers');
  });
});

describe('resizeImage', () => {
  it('takes the exact mean of the area, also of parts of pixels', () => {
    expect([...resizeImage(gray(4, 2, [0, 10, 20, 30, 40, 50, 60, 70]), 2, 1).data]).toEqual([25, 45]);
    // three pixels to two: each takes one and a half
    expect([...resizeImage(gray(3, 1, [0, 90, 240]), 2, 1).data]).toEqual([30, 190]);
  });

  it('agrees with a plain double loop on a random colour image', () => {
    const image = noise(5, 13, 11);
    const small = resizeImage(image, 5, 4, { method: 'area' });
    const cover = (i: number, from: number, to: number, source: number) =>
      Math.max(0, Math.min(((i + 1) * from) / to, source + 1) - Math.max((i * from) / to, source)) / (from / to);
    for (let y = 0; y < 4; y++) {
      for (let x = 0; x < 5; x++) {
        for (let c = 0; c < 3; c++) {
          let mean = 0;
          for (let v = 0; v < 11; v++) {
            for (let u = 0; u < 13; u++)
              mean += cover(x, 13, 5, u) * cover(y, 11, 4, v) * image.data[(v * 13 + u) * 3 + c]!;
          }
          expect(Math.abs(small.data[(y * 5 + x) * 3 + c]! - mean)).toBeLessThan(0.5 + 1e-9);
        }
      }
    }
  });

  it('moves a point at u to (u + 0.5) · ratio − 0.5: a ramp stays a ramp', () => {
    const ramp = gray(
      20,
      1,
      Array.from({ length: 20 }, (_, x) => 10 * x),
    );
    const large = resizeImage(ramp, 50, 1);
    for (let x = 2; x < 48; x++) expect(large.data[x]).toBe(Math.round(10 * ((x + 0.5) * 0.4 - 0.5)));
    expect(resizeImage(ramp, 10, 1).data[3]).toBe(10 * 6.5);
  });

  it('keeps an image of the same size and picks the nearest for ids', () => {
    const image = noise(6, 7, 5);
    for (const method of ['area', 'bilinear', 'nearest'] as const) {
      expect(resizeImage(image, 7, 5, { method })).toEqual(image);
    }
    expect([...resizeImage(gray(2, 1, [3, 200]), 4, 1, { method: 'nearest' }).data]).toEqual([3, 3, 200, 200]);
    expect([...resizeImage(gray(5, 1, [1, 2, 3, 4, 5]), 2, 1, { method: 'nearest' }).data]).toEqual([2, 4]);
    expect(() => resizeImage(image, 0, 4)).toThrow('resizeImage: expected width and height');
    expect(() => resizeImage({ width: 2, height: 2, data: new Uint8Array(5) }, 1, 1)).toThrow(
      'resizeImage: expected image with 2 · 2 · 1 or 3 bytes, got 5.',
    );
  });

  it('agrees with a direct computation when it makes an image larger in one direction and smaller in the other', () => {
    const image = gray(2, 4, [0, 100, 20, 120, 40, 140, 60, 160]);
    expect([...resizeImage(image, 4, 2).data]).toEqual([10, 35, 85, 110, 50, 75, 125, 150]);
  });
});

describe('contactSheet', () => {
  it('lays the images out in rows and centres smaller ones', () => {
    const images = [
      createImage(4, 4, [255, 0, 0]),
      createImage(2, 2, [0, 255, 0]),
      gray(4, 4, Array<number>(16).fill(77)),
    ];
    const sheet = contactSheet(images, { columns: 2, gap: 3, background: [1, 1, 1] });
    expect([sheet.width, sheet.height]).toEqual([3 + 2 * 7, 3 + 2 * 7]);
    const at = (x: number, y: number) => [
      ...sheet.data.slice((y * sheet.width + x) * 3, (y * sheet.width + x) * 3 + 3),
    ];
    expect(at(3, 3)).toEqual([255, 0, 0]);
    expect(at(10, 3)).toEqual([1, 1, 1]);
    expect(at(11, 4)).toEqual([0, 255, 0]);
    expect(at(6, 13)).toEqual([77, 77, 77]);
  });

  it('writes a title and one label per image, cut to the cell', () => {
    const images = [createImage(40, 10), createImage(40, 10)];
    const plain = contactSheet(images, { columns: 2 });
    const labelled = contactSheet(images, {
      columns: 2,
      labels: ['0.1 px', 'a text that is far too long'],
      title: 'Hi',
    });
    expect(labelled.height).toBeGreaterThan(plain.height + 18);
    expect(() => contactSheet(images, { labels: ['one'] })).toThrow(
      'contactSheet: expected 2 labels, one per image, got 1.',
    );
    expect(() => contactSheet([])).toThrow('contactSheet: expected at least one image');
  });
});
