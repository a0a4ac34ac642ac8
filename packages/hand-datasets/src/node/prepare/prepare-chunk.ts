import type { PrepareConfig } from '../../prepare/prepare-config.js';
import type { HandRecord } from '../../records.js';
import { prepareSample } from '../../transform/prepare-sample.js';
import { DatasetError, FileFormatError } from '@opposable/tensor-checks';
import { openDatasetFolder } from '../dataset-folder.js';
import type { StoredSample } from '../prepared/join-chunks.js';
import { storeSample } from '../prepared/store-sample.js';
import { type PackedRecords, unpackRecords } from '../readers/pack-records.js';
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
  readonly records: PackedRecords;
}

/** What is written down of a chunk. */
export interface ChunkResult {
  readonly samples: readonly StoredSample[];
  readonly dropped: readonly { readonly reason: string; readonly message: string }[];
}

const IMAGES_AT_ONCE = 4;

/** Reads, turns, crops, resizes and writes the samples of a chunk. The numbers of its records are not yet final. */
export async function prepareChunk(task: ChunkTask): Promise<ChunkResult> {
  const { config, split, folder, stem, start } = task;
  const records = unpackRecords(task.records) as HandRecord[];
  const stream = readerOf(task.dataset)(task.root, task.options);
  const source = await openDatasetFolder(task.root, 'prepareDataset');
  const prepareOne = async (record: HandRecord, i: number): Promise<ChunkResult> => {
    const where = `${record.source.file}: record ${record.source.index}`;
    const dropped = (reason: string, message: string) => ({ samples: [], dropped: [{ reason, message }] });
    try {
      if (!(await source.has(record.image))) return dropped('missing image', `${where}: there is no ${record.image}`);
    } catch (cause) {
      return dropped('unsafe path', `${where}: ${(cause as Error).message}`);
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
      if (!(cause instanceof DatasetError || cause instanceof FileFormatError)) throw cause;
      return dropped(
        /squareCrop/.test(cause.message) ? 'no usable box' : 'unusable image',
        `${where}: ${cause.message}`,
      );
    }
    const stored = await storeSample(prepared, {
      ...{ folder, split, stem: `${stem}-${String(start + i).padStart(8, '0')}`, index: start + i },
      ...{ imageFormat: config.imageFormat, jpegQuality: config.jpegQuality },
    });
    return { dropped: [], samples: [stored] };
  };
  const results: ChunkResult[] = [];
  for (let i = 0; i < records.length; i += IMAGES_AT_ONCE) {
    const part = records.slice(i, i + IMAGES_AT_ONCE);
    results.push(...(await Promise.all(part.map((record, k) => prepareOne(record, i + k)))));
  }
  return { samples: results.flatMap(({ samples }) => samples), dropped: results.flatMap(({ dropped }) => dropped) };
}
