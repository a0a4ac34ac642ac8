import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createImage, encodePng } from '@opposable/drawing';
import { writeImage } from '@opposable/hand-datasets/node';
import { readBackgrounds } from './read-backgrounds.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'backgrounds-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('readBackgrounds', () => {
  it('reads the images of a folder and of those in it, in the order of their names, the large ones made smaller', async () => {
    await mkdir(join(folder, 'b'));
    await writeFile(join(folder, 'a.png'), encodePng(createImage(40, 30, [200, 10, 10])));
    await writeImage(join(folder, 'b/z.JPG'), createImage(900, 600, [10, 200, 10]), { quality: 95 });
    await writeFile(join(folder, 'notes.txt'), 'no image');
    const images = await readBackgrounds(folder, { shorterSide: 100 });
    expect(images.map(({ width, height }) => [width, height])).toEqual([[40, 30], [150, 100]]); // prettier-ignore
    expect([...images[0]!.data.subarray(0, 3)]).toEqual([200, 10, 10]);
    expect(images[1]!.data[1]).toBeGreaterThan(180);
    expect(images.every(({ data }) => data.buffer instanceof SharedArrayBuffer)).toBe(true);
  });

  it('takes at most as many as told, evenly over the names', async () => {
    for (let i = 0; i < 9; i++) {
      await writeFile(join(folder, `${i}.png`), encodePng(createImage(4, 4, [20 * i, 0, 0])));
    }
    const images = await readBackgrounds(folder, { limit: 3 });
    expect(images.map(({ data }) => data[0])).toEqual([0, 60, 120]);
  });

  it('says what is wrong', async () => {
    await expect(readBackgrounds(folder)).rejects.toThrow(`expected JPEG, PNG or WebP images in ${folder}, found none`);
    const missing = join(folder, 'none');
    await expect(readBackgrounds(missing)).rejects.toThrow(
      `expected a folder of images that can be read, got ${missing}`,
    );
    await writeFile(join(folder, 'broken.png'), 'not a picture');
    await expect(readBackgrounds(folder)).rejects.toThrow('broken.png');
    const stopped = readBackgrounds(folder, { signal: AbortSignal.abort(new Error('enough')) });
    await expect(stopped).rejects.toThrow('enough');
  });
});
