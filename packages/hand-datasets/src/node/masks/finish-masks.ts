import { access, copyFile, mkdir, readFile, realpath, rename, rm } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { datasetInfoSchema, type ImageRecord, type PreparedDatasetInfo } from '../../prepared/schema.js';
import { parseJson } from '../../prepared/parse-json.js';
import { removePartialFiles, writeFileAtomic } from '../images/write-image.js';
import { datasetCategories } from '../prepared/finish-dataset.js';
import { indexSplit } from '../prepared/split-index.js';
import { SplitWriter } from '../prepared/split-writer.js';
import type { WorkFolder } from '../work-folder.js';
import type { MaskChunk } from './mask-chunk.js';

const OPERATION = 'addMasks';
const KEPT_PROBLEMS = 100;

/** Lists every sample for which a mask was looked for and not found, one JSON object per line. */
export const FAILURES_FILE = 'masks/failures.jsonl';

/** What became of the samples of a split. */
export interface SplitMasks {
  readonly made: number;
  /** Samples that keep the mask that they had. */
  readonly kept: number;
  /** Samples without a mask, by reason. */
  readonly failed: Readonly<Record<string, number>>;
  /** Samples that were not looked at. */
  readonly skipped: number;
}

export interface MasksSummary {
  readonly splits: Readonly<Record<string, SplitMasks>>;
  /** The first hundred samples without a mask, in words; all of them are listed in masks/failures.jsonl. */
  readonly problems: readonly string[];
}

interface FinishOptions {
  readonly root: string;
  readonly info: PreparedDatasetInfo;
  /** Names of a split's chunks, in order; those of which nothing was to be done are not in the work folder. */
  readonly chunksOf: (split: string) => readonly string[];
  /** Kept in dataset.json. */
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** In the work folder: files of the dataset that are to be removed once dataset.json no longer names them. */
const OBSOLETE = 'obsolete.json';

/**
 * Removes what a dataset whose masks are in place no longer names, and then the work folder. A call that was killed on the
 * way is made good by another one.
 */
export async function removeObsolete(root: string, folder: string, info: PreparedDatasetInfo): Promise<void> {
  const text = await readFile(join(folder, OBSOLETE), 'utf8').catch(() => '[]');
  const inUse = new Set(Object.values(info.splits).map(({ annotations }) => annotations));
  for (const name of JSON.parse(text) as string[]) {
    if (!inUse.has(name) && (await isInside(root, name))) await rm(join(root, name), { force: true });
  }
  for (const part of [root, join(root, 'masks')]) await removePartialFiles(part);
  await rm(folder, { recursive: true, force: true });
}

/** Whether a file is in the dataset's folder: a name may lead out of it by a link to another folder. */
async function isInside(root: string, name: string): Promise<boolean> {
  const folder = await realpath(dirname(join(root, name))).catch(() => root); // then there is nothing to remove
  return folder === root || folder.startsWith(root + sep);
}

async function writeInfo(root: string, info: PreparedDatasetInfo): Promise<void> {
  await writeFileAtomic(join(root, 'dataset.json'), `${JSON.stringify(info, undefined, 2)}\n`);
}

/** Renames into the dataset; a file that an interrupted call has moved is there already. */
async function moveMask(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await rename(from, to).catch(async (cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'ENOENT') throw cause;
    await access(to);
  });
}

/**
 * Puts finished masks into a dataset, which is complete at every moment: masks and split files appear under names that are
 * new, then dataset.json is replaced, then what it no longer names is removed.
 */
export async function finishMasks(
  work: WorkFolder<MaskChunk>,
  { root, info, chunksOf, metadata }: FinishOptions,
): Promise<{ readonly info: PreparedDatasetInfo; readonly summary: MasksSummary }> {
  const summary: Record<string, SplitMasks> = {};
  const problems: string[] = [];
  const failures: string[] = [];
  const replaced: string[] = [];
  const masksInUse = new Set<string>();
  const temporary: PreparedDatasetInfo['splits'] = {};
  for (const [split, { annotations, count }] of Object.entries(info.splits)) {
    const index = await indexSplit(root, annotations, { count, operation: OPERATION });
    const writer = new SplitWriter(join(work.folder, `${split}.json`));
    const made = new Map<number, MaskChunk['made'][number]>();
    const lost = new Set<number>();
    const failed: Record<string, number> = {};
    for (const name of chunksOf(split)) {
      if (!work.done.has(name)) continue;
      const chunk = await work.readChunk(name);
      for (const mask of chunk.made) made.set(mask.index, mask);
      for (const { index: i, id, reason } of chunk.failed) {
        lost.add(i);
        failed[reason] = (failed[reason] ?? 0) + 1;
        failures.push(JSON.stringify({ split, sample_id: id, reason }));
        if (problems.length < KEPT_PROBLEMS) problems.push(`${split}: ${id}: ${reason}`);
      }
    }
    let [masks, kept] = [0, 0];
    for (let i = 0; i < count; i++) {
      const { image, annotation } = index.record(i);
      const { mask_file_name: had, mask_sha256: _, ...bare } = image;
      const mask = made.get(i);
      let record: ImageRecord = image;
      if (mask !== undefined) record = { ...bare, mask_file_name: mask.file, mask_sha256: mask.sha256 };
      else if (lost.has(i)) record = bare;
      else if (had !== undefined) kept++;
      if (had !== undefined && had !== record.mask_file_name) replaced.push(had);
      if (record.mask_file_name !== undefined) {
        masks++;
        masksInUse.add(record.mask_file_name);
      }
      if (mask !== undefined) await moveMask(join(work.folder, mask.file), join(root, mask.file));
      await writer.add(record, annotation);
    }
    const sha256 = await writer.close(datasetCategories(info.keypoint_order));
    const file = `${split}.${sha256.slice(0, 12)}.json`;
    await rename(join(work.folder, `${split}.json`), join(root, file));
    temporary[split] = { annotations: file, count, masks, sha256 };
    summary[split] = { made: made.size, kept, failed, skipped: count - made.size - kept - lost.size };
  }
  const list = join(root, FAILURES_FILE);
  if (failures.length > 0) await writeFileAtomic(list, failures.map((line) => `${line}\n`).join(''));
  else await rm(list, { force: true });

  const names = [...Object.values(temporary), ...Object.values(info.splits)].map(({ annotations }) => annotations);
  const obsolete = [...names, ...replaced.filter((mask) => !masksInUse.has(mask))];
  await writeFileAtomic(join(work.folder, OBSOLETE), JSON.stringify(obsolete));
  const switched = { ...info, splits: temporary, metadata: { ...info.metadata, masks: { ...metadata, summary } } };
  await writeInfo(root, switched);
  const splits: PreparedDatasetInfo['splits'] = {};
  for (const [split, fields] of Object.entries(temporary)) {
    await copyFile(join(root, fields.annotations), join(work.folder, `${split}.json`));
    await rename(join(work.folder, `${split}.json`), join(root, `${split}.json`));
    splits[split] = { ...fields, annotations: `${split}.json` };
  }
  const finished = { ...switched, splits };
  await writeInfo(root, finished);
  await removeObsolete(root, work.folder, finished);
  const text = await readFile(join(root, 'dataset.json'), 'utf8');
  return {
    info: parseJson(text, datasetInfoSchema, join(root, 'dataset.json'), OPERATION),
    summary: { splits: summary, problems },
  };
}
