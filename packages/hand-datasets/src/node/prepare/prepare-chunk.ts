import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { PrepareConfig } from '../../prepare/prepare-config.js';
import { annotationToRecord } from '../../prepared/annotation-record.js';
import type { AnnotationRecord, ImageRecord } from '../../prepared/schema.js';
import type { HandRecord } from '../../records.js';
import { annotationOf } from '../../transform/move-annotation.js';
import { prepareSample } from '../../transform/prepare-sample.js';
import { DatasetError } from '@opposable/tensor-checks';
import { openDatasetFolder } from '../dataset-folder.js';
import { encodeImage, writeFileAtomic } from '../images/write-image.js';
import { readerOf } from '../readers/reader-of.js';

/** Records that are prepared together and written down together. */
export interface ChunkTask {
  readonly config: Pick<
    PrepareConfig,
    'keypointOrder' | 'side' | 'cropFactor' | 'size' | 'sampling' | 'imageFormat' | 'jpegQuality'
  >;
  readonly dataset: string;
  readonly root: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly split: string;
  /** Where the dataset grows. */
  readonly folder: string;
  /** Stem of the image files' names: this, a dash and the record's number. */
  readonly stem: string;
  /** Number of the first record. */
  readonly start: number;
  readonly records: readonly HandRecord[];
}

/** What is written down of a chunk. */
export interface ChunkResult {
  readonly samples: readonly { readonly image: ImageRecord; readonly annotation: AnnotationRecord }[];
  readonly dropped: readonly { readonly reason: string; readonly message: string }[];
}

const IMAGES_AT_ONCE = 4;

async function store(folder: string, name: string, bytes: Uint8Array): Promise<string> {
  await writeFileAtomic(join(folder, name), bytes);
  return createHash('sha256').update(bytes).digest('hex');
}

/** Reads, turns, crops, resizes and writes the samples of a chunk. The numbers of its records are not yet final. */
export async function prepareChunk(task: ChunkTask): Promise<ChunkResult> {
  const { config, split, folder, stem, start, records } = task;
  const stream = readerOf(task.dataset)(task.root, task.options);
  const source = await openDatasetFolder(task.root, 'prepareDataset');
  const prepareOne = async (record: HandRecord, i: number): Promise<ChunkResult> => {
    const where = `${record.source.file}: record ${record.source.index}`;
    const dropped = (reason: string, message: string) => ({ samples: [], dropped: [{ reason, message }] });
    try {
      if (!(await source.has(record.image))) return dropped('missing image', `${where}: there is no ${record.image}`);
    } catch (cause) {
      return dropped('unsafe path', (cause as Error).message);
    }
    let prepared;
    try {
      const sample = await stream.load(record);
      prepared = prepareSample(sample, {
        keypointOrder: config.keypointOrder,
        side: config.side === 'any' ? undefined : config.side,
        cropFactor: config.cropFactor,
        size: config.size,
        sampling: config.sampling,
      });
    } catch (cause) {
      if (!(cause instanceof DatasetError)) throw cause;
      return dropped(
        /squareCrop/.test(cause.message) ? 'no usable box' : 'unusable image',
        `${where}: ${cause.message}`,
      );
    }
    const { image, mask } = prepared;
    const name = `${split}/${stem}-${String(start + i).padStart(8, '0')}`;
    const file = `images/${name}.${config.imageFormat === 'jpeg' ? 'jpg' : 'png'}`;
    const maskFile = mask && `masks/${name}.png`;
    const encoding = { format: config.imageFormat, quality: config.jpegQuality };
    const sha256 = await store(folder, file, await encodeImage(image, encoding));
    const maskSha256 = mask && maskFile && (await store(folder, maskFile, await encodeImage(mask, { format: 'png' })));
    return {
      dropped: [],
      samples: [
        {
          image: {
            ...{ id: start + i, file_name: file, width: image.width, height: image.height },
            ...{ mask_file_name: maskFile, sha256, mask_sha256: maskSha256 },
          },
          annotation: annotationToRecord(annotationOf(prepared), start + i),
        },
      ],
    };
  };
  const results: ChunkResult[] = [];
  for (let i = 0; i < records.length; i += IMAGES_AT_ONCE) {
    const part = records.slice(i, i + IMAGES_AT_ONCE);
    results.push(...(await Promise.all(part.map((record, k) => prepareOne(record, i + k)))));
  }
  return { samples: results.flatMap(({ samples }) => samples), dropped: results.flatMap(({ dropped }) => dropped) };
}
