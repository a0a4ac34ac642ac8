import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatasetError } from '@opposable/tensor-checks';
import sharp from 'sharp';
import { readImage, readMask } from './read-image.js';
import { encodeImage, writeFileAtomic, writeImage } from './write-image.js';

const [WIDTH, HEIGHT] = [24, 16];
/** Left half red, right half blue, a white square at the top left. */
const picture = {
  width: WIDTH,
  height: HEIGHT,
  data: Uint8Array.from({ length: WIDTH * HEIGHT * 3 }, (_, i) => {
    const [x, y, channel] = [Math.floor(i / 3) % WIDTH, Math.floor(i / 3 / WIDTH), i % 3];
    if (x < 4 && y < 4) return 255;
    return (x < WIDTH / 2 ? [200, 30, 40] : [20, 60, 180])[channel]!;
  }),
};
const raw = () => sharp(picture.data, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } });
const pixel = ({ data, width }: { data: Uint8Array; width: number }, x: number, y: number): number[] => [
  ...data.subarray((y * width + x) * 3, (y * width + x) * 3 + 3),
];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'images-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));
const file = (name: string): string => join(folder, name);

describe('readImage', () => {
  it('reads PNG exactly and JPEG, WebP and TIFF nearly', async () => {
    await raw().png().toFile(file('a.png'));
    expect(Buffer.compare((await readImage(file('a.png'))).data, picture.data)).toBe(0);
    for (const name of ['a.jpg', 'a.webp', 'a.tiff']) {
      await raw().toFile(file(name));
      const image = await readImage(file(name));
      expect([image.width, image.height, image.data.length]).toEqual([WIDTH, HEIGHT, WIDTH * HEIGHT * 3]);
      pixel(image, 6, 12).forEach((value, i) => expect(Math.abs(value - [200, 30, 40][i]!)).toBeLessThan(25));
    }
  });

  it('gives gray images three equal channels', async () => {
    await raw().greyscale().png().toFile(file('gray.png'));
    const image = await readImage(file('gray.png'));
    const [r, g, b] = pixel(image, 6, 12);
    expect(image.data).toHaveLength(WIDTH * HEIGHT * 3);
    expect([g, b]).toEqual([r, r]);
    expect(pixel(image, 0, 0)).toEqual([255, 255, 255]);
  });

  it('reduces 16 bits to 8', async () => {
    await raw().toColourspace('rgb16').png().toFile(file('deep.png'));
    expect((await sharp(file('deep.png')).metadata()).depth).toBe('ushort');
    const image = await readImage(file('deep.png'));
    expect(pixel(image, 6, 12)).toEqual([200, 30, 40]);
    await sharp(
      Uint16Array.from(picture.data, (value) => value * 257),
      { raw: { width: WIDTH * 3, height: HEIGHT, channels: 1 } },
    )
      .toColourspace('grey16')
      .png()
      .toFile(file('deep-gray.png'));
    expect(await sharp(file('deep-gray.png')).metadata()).toMatchObject({ depth: 'ushort', channels: 1 });
    expect(pixel(await readImage(file('deep-gray.png')), 6 * 3, 12)).toEqual([200, 200, 200]);
  });

  it('turns CMYK into RGB', async () => {
    await raw().toColourspace('cmyk').jpeg({ quality: 100 }).toFile(file('cmyk.jpg'));
    expect((await sharp(file('cmyk.jpg')).metadata()).space).toBe('cmyk');
    const [r, g, b] = pixel(await readImage(file('cmyk.jpg')), 6, 12);
    expect(r).toBeGreaterThan(150);
    expect(Math.max(g!, b!)).toBeLessThan(100);
  });

  it('lays transparency over white', async () => {
    const transparent = {
      create: { width: 8, height: 8, channels: 4 as const, background: { r: 255, g: 0, b: 0, alpha: 0 } },
    };
    await sharp(transparent).png().toFile(file('alpha.png'));
    expect(pixel(await readImage(file('alpha.png')), 4, 4)).toEqual([255, 255, 255]);
  });

  it.each([
    [3, WIDTH, HEIGHT, WIDTH - 1, HEIGHT - 1],
    [6, HEIGHT, WIDTH, HEIGHT - 1, 0],
    [8, HEIGHT, WIDTH, 0, WIDTH - 1],
  ])('applies EXIF orientation %i', async (orientation, width, height, x, y) => {
    await raw().withMetadata({ orientation }).png().toFile(file('turned.png'));
    const image = await readImage(file('turned.png'));
    expect([image.width, image.height]).toEqual([width, height]);
    expect(pixel(image, x, y)).toEqual([255, 255, 255]);
  });

  it('says in one sentence which file cannot be read, why, and what is accepted', async () => {
    const jpeg = await encodeImage(
      { width: 64, height: 64, data: new Uint8Array(64 * 64 * 3).map((_, i) => (i * 37) % 256) },
      { format: 'jpeg' },
    );
    await writeFile(file('empty.jpg'), '');
    await writeFile(file('text.jpg'), 'not an image');
    await writeFile(file('cut.jpg'), jpeg.subarray(0, jpeg.length / 2));
    const png = await encodeImage(picture, { format: 'png' });
    await writeFile(file('cut.png'), png.subarray(0, png.length - 20));
    const expectations: [string, RegExp][] = [
      ['missing.jpg', /missing\.jpg cannot be read \(there is no such file\); accepted are JPEG/],
      ['empty.jpg', /empty\.jpg is empty; accepted are JPEG/],
      ['text.jpg', /text\.jpg cannot be read as an image \(Input buffer contains unsupported image format\); accepted/],
      ['cut.jpg', /cut\.jpg cannot be read as an image/],
      ['cut.png', /cut\.png cannot be read as an image/],
      ['', /cannot be read \(it is a folder\)/],
    ];
    for (const [name, message] of expectations) {
      await expect(readImage(file(name))).rejects.toThrow(message);
      await expect(readImage(file(name))).rejects.toThrow(DatasetError);
      await expect(readImage(file(name))).rejects.toThrow(/^readImage: [^\n]*\.$/);
    }
  });
});

describe('writeImage and readMask', () => {
  it('round-trip images and masks as PNG', async () => {
    await writeImage(file('new/deep/a.png'), picture);
    expect(Buffer.compare((await readImage(file('new/deep/a.png'))).data, picture.data)).toBe(0);
    const mask = { width: 5, height: 3, data: Uint8Array.from({ length: 15 }, (_, i) => i * 17) };
    await writeImage(file('mask.png'), mask);
    expect((await sharp(file('mask.png')).metadata()).channels).toBe(1);
    expect(Buffer.compare((await readMask(file('mask.png'))).data, mask.data)).toBe(0);
  });

  it('refuse other endings and inconsistent pixels', async () => {
    await expect(writeImage(file('a.bmp'), picture)).rejects.toThrow(/name ending in \.jpg, \.jpeg or \.png, got/);
    await expect(writeImage(file('a.png'), { width: 5, height: 5, data: new Uint8Array(9) })).rejects.toThrow(
      /got 9 bytes for 5 × 5/,
    );
  });

  it('make the folder of a file, and name the file that stands in its place', async () => {
    await writeFileAtomic(file('made/for/it/one.txt'), '1');
    await writeFileAtomic(file('made/for/it/two.txt'), '2');
    expect((await readdir(file('made/for/it'))).sort()).toEqual(['one.txt', 'two.txt']);
    const refused = writeFileAtomic(file('made/for/it/one.txt/three.txt'), '3');
    await expect(refused).rejects.toMatchObject({ code: 'EEXIST', path: file('made/for/it/one.txt') });
  });

  it('leave nothing behind when a write fails', async () => {
    await writeImage(file('target/file.png'), picture);
    await expect(writeFileAtomic(file('target'), 'text')).rejects.toThrow();
    expect((await readdir(folder)).filter((name) => name.endsWith('.partial'))).toEqual([]);
  });
});
