import { createHash } from 'node:crypto';
import { basename, extname, join } from 'node:path';
import { DatasetError } from '@opposable/tensor-checks';
import { createMask } from '../../masks/create-mask.js';
import type { MaskOptions } from '../../masks/mask-presets.js';
import type { HandAnnotation } from '../../types.js';
import { readImage } from '../images/read-image.js';
import { encodeImage, writeFileAtomic } from '../images/write-image.js';
import { realPathInside } from '../inside-root.js';

/** Samples whose masks are made together and written down together. */
export interface MaskTask {
  /** The dataset's folder. */
  readonly root: string;
  /** Where masks wait for the end of the work. */
  readonly folder: string;
  readonly split: string;
  readonly options: MaskOptions;
  readonly samples: readonly (Pick<HandAnnotation, 'id' | 'keypoints' | 'visibility' | 'keypointOrder'> & {
    readonly index: number;
    readonly imageFile: string;
  })[];
}

/** What is written down of a chunk. */
export interface MaskChunk {
  readonly made: readonly { readonly index: number; readonly file: string; readonly sha256: string }[];
  readonly failed: readonly { readonly index: number; readonly id: string; readonly reason: string }[];
}

/** Part of the names of masks that are made here; the rest is the dataset's own. */
const MARK = '.grabcut-';

/** Whether a mask was made from the skeleton, and is not the dataset's own. */
export function isMadeMask(file: string): boolean {
  return basename(file).includes(MARK);
}

/** Makes the masks of a chunk, one after the other: each of them takes all of a core. */
export async function maskChunk({ root, folder, split, options, samples }: MaskTask): Promise<MaskChunk> {
  const made: MaskChunk['made'][number][] = [];
  const failed: MaskChunk['failed'][number][] = [];
  for (const { index, imageFile, ...annotation } of samples) {
    const fail = (reason: string): void => void failed.push({ index, id: annotation.id, reason });
    let image;
    try {
      image = await readImage(await realPathInside(root, imageFile, 'addMasks'));
    } catch (cause) {
      if (!(cause instanceof DatasetError)) throw cause;
      fail('unusable image');
      continue;
    }
    const { mask, reason } = await createMask({ ...annotation, image }, options);
    if (mask === undefined) {
      fail(reason);
      continue;
    }
    const bytes = await encodeImage(mask, { format: 'png' });
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    // the hash is in the name, so that a mask in use is never written over
    const file = `masks/${split}/${basename(imageFile, extname(imageFile))}${MARK}${sha256.slice(0, 12)}.png`;
    await writeFileAtomic(join(folder, file), bytes);
    made.push({ index, file, sha256 });
  }
  return { made, failed };
}
