import { join } from 'node:path';
import { datasetError } from '../../dataset-error.js';
import type { AnnotationRecord, ImageRecord, PreparedDatasetInfo } from '../../prepared/schema.js';
import type { WorkFolder } from '../work-folder.js';
import { checkTarget, datasetCategories, moveIntoPlace, writeDatasetInfo } from './finish-dataset.js';
import { SplitWriter } from './split-writer.js';

/** What is written down of one sample. */
export interface StoredSample {
  readonly image: ImageRecord;
  readonly annotation: AnnotationRecord;
}

export interface JoinChunksOptions {
  /** Names of the chunks of every split, in order. */
  readonly splits: Readonly<Record<string, readonly string[]>>;
  readonly out: string;
  readonly overwrite: boolean;
  readonly operation: string;
  /** What dataset.json says besides splits and sources. */
  readonly info: Omit<PreparedDatasetInfo, 'format' | 'format_version' | 'splits' | 'sources'>;
}

/**
 * Joins the finished chunks of a work folder to a prepared dataset and gives it its name.
 *
 * @throws DatasetError naming the first chunk that is not there yet
 */
export async function joinChunks(
  work: WorkFolder<{ readonly samples: readonly StoredSample[] }>,
  { splits, out, overwrite, operation, info }: JoinChunksOptions,
): Promise<PreparedDatasetInfo> {
  await checkTarget(out, overwrite, operation);
  const missing = Object.values(splits)
    .flat()
    .find((name) => !work.done.has(name));
  if (missing !== undefined) {
    throw datasetError(operation, `chunk ${missing} is not finished in ${work.folder}; run every shard first`, {
      expected: 'all chunks',
    });
  }
  const written: PreparedDatasetInfo['splits'] = {};
  const sources: Record<string, number> = {};
  for (const [split, names] of Object.entries(splits)) {
    const writer = new SplitWriter(join(work.folder, `${split}.json`));
    let [count, masks] = [0, 0];
    for (const name of names) {
      for (const { image, annotation } of (await work.readChunk(name)).samples) {
        await writer.add({ ...image, id: count }, { ...annotation, id: count, image_id: count });
        if (image.mask_file_name !== undefined) masks++;
        const { dataset } = annotation.source;
        sources[dataset] = (sources[dataset] ?? 0) + 1;
        count++;
      }
    }
    const sha256 = await writer.close(datasetCategories(info.keypoint_order));
    written[split] = { annotations: `${split}.json`, count, masks, sha256 };
  }
  const finished = await writeDatasetInfo(work.folder, { ...info, splits: written, sources });
  await work.finish();
  await moveIntoPlace(work.folder, out);
  return finished;
}
