import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { encodeGray16Png } from '@opposable/drawing';
import { annotationToRecord } from '../../prepared/annotation-record.js';
import { annotationOf } from '../../transform/move-annotation.js';
import type { DepthMap, HandSample } from '../../types.js';
import { encodeImage, writeFileAtomic } from '../images/write-image.js';
import type { StoredSample } from './join-chunks.js';

export interface StoreSampleOptions {
  /** Where the dataset grows. */
  readonly folder: string;
  readonly split: string;
  /** File name of image and mask without its ending. */
  readonly stem: string;
  /** Number of the sample in its split, for now: `joinChunks` numbers anew. */
  readonly index: number;
  readonly imageFormat: 'jpeg' | 'png';
  readonly jpegQuality?: number | undefined;
}

/** Writes image, mask and depth of a sample at their final names in a growing dataset. @returns what its COCO file says of it */
export async function storeSample(
  sample: HandSample & { readonly depth?: DepthMap | undefined },
  options: StoreSampleOptions,
): Promise<StoredSample> {
  const { folder, split, stem, index, imageFormat, jpegQuality } = options;
  const { image, mask, depth } = sample;
  const file = `images/${split}/${stem}.${imageFormat === 'jpeg' ? 'jpg' : 'png'}`;
  const maskFile = mask && `masks/${split}/${stem}.png`;
  const store = async (name: string, bytes: Uint8Array): Promise<string> => {
    await writeFileAtomic(join(folder, name), bytes);
    return createHash('sha256').update(bytes).digest('hex');
  };
  const sha256 = await store(file, await encodeImage(image, { format: imageFormat, quality: jpegQuality }));
  const maskSha256 = mask && maskFile && (await store(maskFile, await encodeImage(mask, { format: 'png' })));
  const depthFile = depth && `depth/${split}/${stem}.png`;
  const depthSha256 = depth && depthFile && (await store(depthFile, encodeGray16Png(depth)));
  return {
    image: {
      ...{ id: index, file_name: file, width: image.width, height: image.height },
      ...{ mask_file_name: maskFile, sha256, mask_sha256: maskSha256 },
      ...(depth && { depth_file_name: depthFile, depth_sha256: depthSha256, depth_offset: depth.offset }),
    },
    annotation: annotationToRecord(annotationOf(sample), index),
  };
}
