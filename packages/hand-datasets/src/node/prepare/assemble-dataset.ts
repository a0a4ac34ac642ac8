import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { datasetError } from '../../dataset-error.js';
import type { PrepareConfig } from '../../prepare/prepare-config.js';
import type { PreparedDatasetInfo } from '../../prepared/schema.js';
import { CompactKeys } from '../../compact-keys.js';
import { checkTarget, datasetCategories, moveIntoPlace, writeDatasetInfo } from '../prepared/finish-dataset.js';
import { SplitWriter } from '../prepared/split-writer.js';
import type { ChunkStore } from './chunk-store.js';
import { chunkName, sourceName } from './names.js';

/** Samples and what became of the others, by split and source. */
export interface PrepareSummary {
  readonly splits: Readonly<Record<string, readonly SourceSummary[]>>;
  /** The first hundred samples that were left out, in words. */
  readonly problems: readonly { readonly reason: string; readonly message: string }[];
}

export interface SourceSummary {
  readonly dataset: string;
  readonly root: string;
  readonly prepared: number;
  /** Samples left out, by reason. */
  readonly dropped: Readonly<Record<string, number>>;
}

const KEPT_PROBLEMS = 100;

interface AssembleOptions {
  readonly out: string;
  readonly overwrite: boolean;
  readonly command: string | undefined;
}

/**
 * Joins the finished chunks to a dataset and gives it its name.
 *
 * @throws DatasetError naming the first chunk that is not there yet; if no record at all could be used, with the reasons,
 *   and then nothing is left
 */
export async function assembleDataset(
  store: ChunkStore,
  config: PrepareConfig,
  { out, overwrite, command }: AssembleOptions,
): Promise<{ readonly info: PreparedDatasetInfo; readonly summary: PrepareSummary }> {
  await checkTarget(out, overwrite, 'prepareDataset');
  const summaries: Record<string, SourceSummary[]> = {};
  const problems: PrepareSummary['problems'][number][] = [];
  const splits: PreparedDatasetInfo['splits'] = {};
  const datasets: Record<string, number> = {};
  for (const [split, sources] of Object.entries(config.splits)) {
    const writer = new SplitWriter(join(store.folder, `${split}.json`));
    const ids = new CompactKeys();
    let masks = 0;
    summaries[split] = [];
    for (const [place, { dataset, root }] of sources.entries()) {
      const report = await store.readSource(sourceName(split, place));
      if (report === undefined) throw missing(`source ${place + 1} (${dataset}) of the split ${split}`, store.folder);
      const dropped: Record<string, number> = { ...report.dropped };
      const drop = (reason: string, message: string): void => {
        dropped[reason] = (dropped[reason] ?? 0) + 1;
        if (problems.length < KEPT_PROBLEMS) problems.push({ reason, message });
      };
      problems.push(...report.problems.slice(0, Math.max(0, KEPT_PROBLEMS - problems.length)));
      let prepared = 0;
      for (let chunk = 0; chunk < report.chunks; chunk++) {
        const name = chunkName(split, place, chunk);
        if (!store.done.has(name)) throw missing(`chunk ${name}`, store.folder);
        const result = await store.readChunk(name);
        for (const { reason, message } of result.dropped) drop(reason, message);
        for (const { image, annotation } of result.samples) {
          const id = ids.add(annotation.sample_id);
          if (id < 0) {
            drop('duplicate id', `${annotation.sample_id}: the id came before in the split ${split}`);
            for (const file of [image.file_name, image.mask_file_name]) {
              if (file !== undefined) await rm(join(store.folder, file), { force: true });
            }
            continue;
          }
          if (image.mask_file_name !== undefined) masks++;
          await writer.add({ ...image, id }, { ...annotation, id, image_id: id });
          prepared++;
        }
      }
      datasets[dataset] = (datasets[dataset] ?? 0) + prepared;
      summaries[split].push({ dataset, root, prepared, dropped });
    }
    const sha256 = await writer.close(datasetCategories(config.keypointOrder));
    splits[split] = { annotations: `${split}.json`, count: ids.size, masks, sha256 };
  }
  const summary = { splits: summaries, problems };
  if (Object.values(splits).every(({ count }) => count === 0)) {
    await rm(store.folder, { recursive: true, force: true });
    throw nothingUsable(summary);
  }
  const info = await writeDatasetInfo(store.folder, {
    keypoint_order: config.keypointOrder,
    image_size: { width: config.size, height: config.size },
    image_format: config.imageFormat,
    splits,
    sources: datasets,
    command,
    metadata: { prepare: config, summary },
  });
  await store.finish();
  await moveIntoPlace(store.folder, out);
  return { info, summary };
}

function missing(what: string, folder: string): Error {
  return datasetError('prepareDataset', `${what} is not finished in ${folder}; run every shard first`, {
    expected: 'all chunks',
  });
}

function nothingUsable({ splits, problems }: PrepareSummary): Error {
  const sources = Object.values(splits).flat();
  const reasons = sources.map(({ dataset, root, dropped }) => {
    const counts = Object.entries(dropped).map(([reason, count]) => `${count} ${reason}`);
    return `${dataset} in ${root}: ${counts.length > 0 ? counts.join(', ') : 'there are none'}`;
  });
  const first = problems[0] ? `; the first: ${problems[0].message.replace(/\.$/, '')}` : '';
  return datasetError(
    'prepareDataset',
    `expected records that can be used, found none (${reasons.join('; ')})${first}`,
    {
      expected: 'at least one sample',
      actual: splits,
    },
  );
}
