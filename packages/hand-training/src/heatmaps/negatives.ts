import { readdir } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { resizeImage, type RgbImage } from '@opposable/drawing';
import { resampleImage } from '@opposable/hand-datasets';
import { readImage } from '@opposable/hand-datasets/node';
import { synthesizeBackground } from '@opposable/hand-synthesis';
import { createRng, DatasetError, type Rng } from '@opposable/tensor-checks';
import { sharedBytes } from '../data/shared-arrays.js';

/** Pictures without a hand, from which a network learns to say that there is none. */
export interface NegativeSettings {
  /** Share of training samples whose picture is replaced by one of these; all of their maps are empty. */
  readonly share: number;
  /** How many are kept in memory. */
  readonly count: number;
  /** Folder of photographs without hands; default the backgrounds of the generator's preset 'realistic'. */
  readonly folder?: string | undefined;
}

/** Square pictures in memory. */
export interface Negatives {
  readonly count: number;
  /** Share of training samples that are replaced. */
  readonly share: number;
  /** [count, S, S, 3] RGB */
  readonly images: Uint8Array;
}

const ENDINGS = new Set(['.jpg', '.jpeg', '.png', '.webp']);

/** A random square of a photograph, at least a third of its shorter side. */
function randomSquare(rng: Rng, image: RgbImage, size: number): RgbImage {
  const shorter = Math.min(image.width, image.height);
  const side = rng.uniform(1 / 3, 1) * shorter;
  const [x, y] = [image.width, image.height].map((length) => rng.uniform(0, length - side)) as [number, number];
  return resampleImage(image, { width: size, height: size }, { x, y, width: side, height: side });
}

async function readPhotographs(folder: string): Promise<RgbImage[]> {
  const names = await readdir(folder).catch((cause: NodeJS.ErrnoException) => {
    throw new DatasetError(`negatives: expected a folder of photographs, ${folder} cannot be read (${cause.code}).`, {
      expected: 'a folder',
      actual: folder,
      cause,
    });
  });
  const photographs: RgbImage[] = [];
  for (const name of names.filter((each) => ENDINGS.has(extname(each).toLowerCase())).sort()) {
    const image = await readImage(join(folder, name));
    const factor = Math.min(1, 512 / Math.min(image.width, image.height));
    photographs.push(
      factor === 1 ? image : resizeImage(image, Math.round(image.width * factor), Math.round(image.height * factor)),
    );
  }
  if (photographs.length > 0) return photographs;
  throw new DatasetError(`negatives: expected photographs (${[...ENDINGS].join(', ')}) in ${folder}, found none.`, {
    expected: [...ENDINGS],
    actual: folder,
  });
}

/**
 * Pictures without a hand, each decided by the seed and its number: random squares of photographs, or synthetic backgrounds.
 *
 * @param size side of the network's input
 * @throws DatasetError for a folder without readable photographs
 */
export async function loadNegatives(
  { share, count, folder }: NegativeSettings,
  size: number,
  seed: number | string,
): Promise<Negatives> {
  const rng = createRng(seed).split('negatives');
  const photographs = folder === undefined ? undefined : await readPhotographs(folder);
  const pixels = size * size * 3;
  const images = sharedBytes(count * pixels);
  for (let i = 0; i < count; i++) {
    const own = rng.split(i);
    const image =
      photographs === undefined
        ? synthesizeBackground(own, { preset: 'realistic', size })
        : randomSquare(own, photographs[i % photographs.length]!, size);
    images.set(image.data, i * pixels);
    if (i % 16 === 15) await new Promise((resolve) => setImmediate(resolve)); // signals
  }
  return { count, share, images };
}
