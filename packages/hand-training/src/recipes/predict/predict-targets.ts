import { access, readdir, stat } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import type { RgbImage } from '@opposable/drawing';
import { openPreparedDataset, readImage } from '@opposable/hand-datasets/node';
import type { Side } from '@opposable/mano-layer';
import { DatasetError } from '@opposable/tensor-checks';
import type { HandHint } from './hand-hints.js';

/** One image to look at. */
export interface PredictTarget {
  /** For people. */
  readonly label: string;
  /** Of the files that are written, without ending. */
  readonly name: string;
  readonly hint: HandHint;
  readonly load: () => Promise<{ readonly image: RgbImage; readonly side?: Side }>;
}

const IMAGE_ENDINGS = new Set(['.jpg', '.jpeg', '.png', '.webp', '.tif', '.tiff', '.bmp', '.gif', '.avif']);

function ofFile(path: string, hints: ReadonlyMap<string, HandHint>): PredictTarget {
  const hint = hints.get(path) ?? hints.get(basename(path)) ?? {};
  return {
    label: path,
    name: basename(path, extname(path)),
    hint,
    load: async () => ({ image: await readImage(path) }),
  };
}

async function ofPrepared(path: string, split: string): Promise<PredictTarget[]> {
  const dataset = await openPreparedDataset(path);
  return Array.from({ length: dataset.count(split) }, (_, index) => ({
    label: `${path}, ${split} ${index}`,
    name: `${split}-${String(index).padStart(8, '0')}`,
    hint: {},
    // the stored image is the crop
    load: async () => dataset.load(split, index),
  }));
}

async function ofFolder(path: string, split: string, hints: ReadonlyMap<string, HandHint>): Promise<PredictTarget[]> {
  const isPrepared = await access(join(path, 'dataset.json')).then(
    () => true,
    () => false,
  );
  if (isPrepared) return ofPrepared(path, split);
  const names = (await readdir(path)).filter((name) => IMAGE_ENDINGS.has(extname(name).toLowerCase())).sort();
  if (names.length === 0) {
    throw new DatasetError(`predict: expected image files or a prepared dataset in ${path}, found none.`, {
      expected: [...IMAGE_ENDINGS],
      actual: path,
    });
  }
  return names.map((name) => ofFile(join(path, name), hints));
}

/** Gives every target a name of its own: the second of a name gets "-2". */
function withUniqueNames(targets: readonly PredictTarget[]): PredictTarget[] {
  const seen = new Map<string, number>();
  return targets.map((target) => {
    const before = seen.get(target.name) ?? 0;
    seen.set(target.name, before + 1);
    return before === 0 ? target : { ...target, name: `${target.name}-${before + 1}` };
  });
}

/**
 * What a list of image files, folders of images, and prepared datasets stands for, in that order, folders by name.
 *
 * @param hints by path or by file name
 * @throws DatasetError for a folder without images, or a split that there is not
 */
export async function predictTargets(
  paths: readonly string[],
  split: string,
  hints: ReadonlyMap<string, HandHint>,
): Promise<PredictTarget[]> {
  const targets: PredictTarget[] = [];
  for (const path of paths) {
    const isFolder = await stat(path).then(
      (found) => found.isDirectory(),
      () => false,
    );
    targets.push(...(isFolder ? await ofFolder(path, split, hints) : [ofFile(path, hints)]));
  }
  return withUniqueNames(targets);
}
