import { readdir } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { resizeImage, type RgbImage } from '@opposable/drawing';
import { readImage } from '@opposable/hand-datasets/node';
import { DatasetError } from '@opposable/tensor-checks';

export interface ReadBackgroundsOptions {
  /** At most so many, evenly over the sorted names. Default 500. */
  readonly limit?: number | undefined;
  /** Larger images are brought to this shorter side in pixels. Default 480. */
  readonly shorterSide?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

const ENDINGS = new Set(['.jpg', '.jpeg', '.png', '.webp']);

/**
 * Reads the images of a folder, and of folders in it, to cut backgrounds from. Their pixels lie in shared memory, so that
 * worker threads need no copies. The order is that of the names.
 *
 * @throws DatasetError if there is no image; for one that cannot be read
 */
export async function readBackgrounds(folder: string, options: ReadBackgroundsOptions = {}): Promise<RgbImage[]> {
  const { limit = 500, shorterSide = 480, signal } = options;
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((cause: unknown) => {
    throw new DatasetError(`readBackgrounds: expected a folder of images that can be read, got ${folder}.`, {
      expected: 'a folder',
      actual: folder,
      cause,
    });
  });
  const files = entries
    .filter((entry) => entry.isFile() && ENDINGS.has(extname(entry.name).toLowerCase()))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  if (files.length === 0) {
    throw new DatasetError(`readBackgrounds: expected JPEG, PNG or WebP images in ${folder}, found none.`, {
      expected: [...ENDINGS],
      actual: entries.length,
    });
  }
  const count = Math.min(limit, files.length);
  const images: RgbImage[] = [];
  for (let i = 0; i < count; i++) {
    signal?.throwIfAborted();
    const image = await readImage(files[Math.floor((i * files.length) / count)]!);
    const factor = Math.min(1, shorterSide / Math.min(image.width, image.height));
    const small =
      factor === 1 ? image : resizeImage(image, Math.round(image.width * factor), Math.round(image.height * factor));
    const data = new Uint8Array(new SharedArrayBuffer(small.data.length));
    data.set(small.data);
    images.push({ width: small.width, height: small.height, data });
  }
  return images;
}
